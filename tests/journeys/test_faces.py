"""Every face in a real browser, at the width of a desk and of a phone, with the content policy on: nothing complains,
nothing is wider than the screen, and axe finds nothing against WCAG 2.1 A and AA."""

import gzip
import uuid
from pathlib import Path

import pytest

from tests.browsers import DESK, PHONE, Visitor, browser
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """(tags) => axe.run(document, {runOnly: tags}).then(({violations}) =>
    violations.map(({id, nodes}) => [id, nodes.map((node) => node.html.slice(0, 160))]))"""
KILOBYTES = 1024

#: Who opens what; NUMBER is a ticket that waits to be dispatched, with a point on the map.
PAGES = {
    None: [
        "",
        "report/",
        "track/",
        "mine/",
        "privacy/",
        "matters/",
        "matters/map/",
        "areas/",
        "areas/990101001001/",
        "areas/990101001000/",
        "elder/",
        "report/?area=990101001001",  # from here on in big letters
        "track/",
        "mine/",
        "privacy/",
        "areas/990101001001/?elder",
        "matters/?state=open",
    ],
    "center": [
        "desk/",
        "desk/brief/",
        "desk/tickets/",
        "desk/tickets/NUMBER/",
        "desk/tickets/NUMBER/?move=dispatch",
        "desk/tickets/NUMBER/?move=split",
        "desk/tickets/NUMBER/?move=whistle",
        "desk/tickets/NUMBER/print/",
        "desk/tickets/new/",
        "desk/map/",
        "desk/areas/",
        "desk/areas/990101001001001/codes/",
        "desk/whistles/",
        "desk/whistles/new/",
        "desk/duties/",
        "desk/admissions/",
        "desk/consents/",
        "desk/exports/",
        "desk/inbox/",
        "desk/roster/",
        "desk/settings/sheets/roster/",
    ],
    "admin": [
        "desk/settings/",
        "desk/settings/calendar/",
        "desk/settings/hours/?unit=water",
        "desk/settings/areas/",
        "desk/settings/areas/?q=里巷",
        "desk/settings/areas/990101001001001/",
        "desk/settings/areas/990101001001001/merge/",
        "desk/settings/areas/990101001001001/split/",
        "desk/settings/areas/990101001001001/give/",
        "desk/settings/units/",
        "desk/settings/notices/",
        "desk/settings/units/water/",
        "desk/settings/levels/",
        "desk/settings/categories/",
        "desk/settings/categories/0102/",
        "desk/settings/categories/0102/questions/",
        "desk/settings/portal/",
        "desk/settings/notice/",
        "desk/settings/duties/",
        "desk/settings/replies/",
        "desk/settings/people/",
        "desk/settings/sheets/people/",
        "desk/settings/tokens/",
        "desk/settings/reads/",
    ],
    "county": ["desk/privacy/", "desk/whistles/figures/"],
}


@pytest.fixture(scope="module")
def number(stack):
    """A ticket with a point, and some beside it."""
    body = {"area": stack.tokens["_areas"]["lane_building"], "category": "0102", "channel": "hotline"}
    place = {"lat": "36.050000", "lng": "117.050000"}
    made = [
        stack.call(
            "clerk", "POST", "tickets/", {**body, **place, "client_id": str(uuid.uuid4()), "text": text}
        )
        for text in ("水管漏水,流到路上", "水管漏水", "井盖松动")
    ]
    assert [one.status_code for one in made] == [201] * 3, made[0].text
    found = made[0].json()["number"]
    assert stack.move("community", found, "triage_major", reason="社区无力解决").status_code == 200
    return found


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("who", PAGES, ids=str)
def test_a_face_is_sound(stack, number, who, shape):
    axe, wrong = AXE.read_text(), {}
    with browser() as chrome:
        visitor = Visitor(chrome, stack.url, shape)
        if who:
            visitor.log_in(f"alpha-{who}", PASSWORD, "/alpha/desk/")
        for path in PAGES[who]:
            visitor.page.goto(f"/alpha/{path.replace('NUMBER', number)}", wait_until="networkidle")
            visitor.page.evaluate(axe)
            found = dict(visitor.page.evaluate(RUN, RULES))
            if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found["wider than the screen"] = visitor.page.viewport_size
            if visitor.complaints:
                found["console"] = list(visitor.complaints)
                visitor.complaints.clear()
            if found:
                wrong[path] = found
    assert wrong == {}


def test_the_first_page_of_the_desk_is_light(stack, number):
    """At most 300 KB over the wire, everything included, on a first visit."""
    sizes = {}
    with browser() as chrome:
        visitor = Visitor(chrome, stack.url, DESK)
        visitor.log_in("alpha-center", PASSWORD, "/alpha/desk/")
        wire = visitor.context.new_cdp_session(visitor.page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
        visitor.page.goto("/alpha/desk/", wait_until="networkidle")
    assert len(sizes) > 3
    assert sum(sizes.values()) <= 300 * KILOBYTES


def test_what_we_write_ourselves_for_browsers_is_small():
    """Scripts and style sheets of our own, gzipped one by one as they are sent: at most 60 KB."""
    own = [path for kind in ("js", "css") for path in (ROOT / "static").rglob(f"*.{kind}")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in own) <= 60 * KILOBYTES


def test_service_levels_are_set_on_a_phone_without_reaching_sideways(stack):
    with browser() as chrome:
        admin = Visitor(chrome, stack.url, PHONE)
        admin.log_in("alpha-admin", PASSWORD, "/alpha/desk/settings/levels/")
        fields = admin.page.locator(".inline-edit .form-select, .inline-edit button")
        ends = fields.evaluate_all("all => all.map((one) => one.getBoundingClientRect().right)")
        assert ends
        assert max(ends) <= PHONE["viewport"]["width"] - 16
