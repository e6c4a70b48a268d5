"""Every page in a real browser at desk and phone width, with the content security policy on.

The console stays silent, nothing is wider than the screen, and axe finds nothing against WCAG 2.1 A and AA.
"""

import gzip
import uuid
from pathlib import Path

import pytest
from django.urls import reverse

from tests.browsers import DESK, PHONE, Visitor, shared_browser
from tests.governance.tenancy.test_routes import ROUTES
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """(tags) => axe.run(document, {runOnly: tags}).then(({violations}) =>
    violations.map(({id, nodes}) => [id, nodes.map((node) => node.html.slice(0, 160))]))"""
#: Cards of the settings, one below the other, with less than half a line between them.
TOUCHING = """[...document.querySelectorAll('.settings-page .card + .card')]
    .filter((card) => card.getBoundingClientRect().top - card.previousElementSibling.getBoundingClientRect().bottom < 8)
    .map((card) => card.outerHTML.slice(0, 160))"""
KILOBYTES = 1024

#: Member (None: a resident) -> pages. NUMBER is a ticket that waits for a dispatch and has a point on the map.
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
        "elder/report/",
        "report/?area=990101001001",  # switches to the elder version for the following pages
        "track/",
        "mine/",
        "privacy/",
        "areas/990101001001/?elder",
        "matters/?state=open",
        "report/follow/?number=NUMBER",
        "receipt/?KEYS",
        "track/?KEYS",
        "track/privacy/?KEYS",
        "r/thanks/",
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
        "desk/tickets/NUMBER/letter/",
        "desk/tickets/bulk/?row=NUMBER&move=dispatch",
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
        "desk/settings/gaps/",
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
        "desk/settings/gaps/",
        "desk/settings/services/?role=clerk",
        "desk/settings/tokens/",
        "desk/settings/reads/",
        "desk/settings/handover/",
    ],
    "county": ["desk/privacy/", "desk/whistles/figures/"],
}


@pytest.fixture(scope="module")
def given(stack):
    """Values for NUMBER and KEYS in the addresses: a ticket with a point, the query string of its receipt."""
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
    return {"NUMBER": found, "KEYS": made[0].json()["track_url"].partition("?")[2]}


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("who", PAGES, ids=str)
def test_a_face_is_sound(stack, given, who, shape):
    axe, wrong = AXE.read_text(), {}
    with shared_browser() as chrome:
        visitor = Visitor(chrome, stack.url, shape)
        if who:
            visitor.log_in(f"alpha-{who}", PASSWORD, "/alpha/desk/")
        for path in PAGES[who]:
            address = "/alpha/" + path.replace("NUMBER", given["NUMBER"]).replace("KEYS", given["KEYS"])
            visitor.page.goto(address, wait_until="networkidle")
            visitor.page.evaluate(axe)
            found = dict(visitor.page.evaluate(RUN, RULES))
            if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found["wider than the screen"] = visitor.page.viewport_size
            if touching := visitor.page.evaluate(TOUCHING):
                found["cards touch"] = touching
            if visitor.complaints:
                found["console"] = list(visitor.complaints)
                visitor.complaints.clear()
            if found:
                wrong[path] = found
    assert wrong == {}


def test_the_first_page_of_the_desk_is_light(stack, given):
    """A first visit transfers at most 300 KB, everything included."""
    sizes = {}
    with shared_browser() as chrome:
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
    """Our own scripts and style sheets have at most 60 KB, each gzipped as it is sent."""
    own = [path for kind in ("js", "css") for path in (ROOT / "static").rglob(f"*.{kind}")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in own) <= 60 * KILOBYTES


#: Addresses without an argument that are not a whole page: form targets, parts of a page, files, data.
NO_FACE = {
    "moves": "areas:add-robot desk:columns desk:keep-view desk:mark-read desk:onward people:first_passwords "
    "portal:leave-elder portal:leave-phone roster:away roster:plan settings:clear-day settings:day settings:empty "
    "settings:load-year settings:turn-day settings:week",
    "parts": "desk:count desk:fresh portal:code portal:foreseen portal:questions portal:similar portal:spots",
    "data": "desk:duties-export desk:export desk:initials desk:map-areas desk:map-data portal:map-areas "
    "portal:initials portal:map-data portal:map-square portal:place portal:privacy-copy schema "
    "ticket-settings:duty-faults",
    "Swagger's own": "api-docs",
}


def test_every_page_is_held_against_the_guidelines():
    """A new page must be added to PAGES, or to NO_FACE with its reason."""
    held = {path.split("?")[0] for pages in PAGES.values() for path in pages}
    pages = {
        route.name: reverse(route.name, kwargs={"tenant": "alpha"}).removeprefix("/alpha/")
        for route in ROUTES
        if not set(route.arguments) - {"tenant"} and not route.is_api
    }
    faceless = {name for names in NO_FACE.values() for name in names.split()}
    assert sorted({name for name, path in pages.items() if path not in held} ^ faceless) == []


def test_service_levels_are_set_on_a_phone_without_reaching_sideways(stack):
    with shared_browser() as chrome:
        admin = Visitor(chrome, stack.url, PHONE)
        admin.log_in("alpha-admin", PASSWORD, "/alpha/desk/settings/levels/")
        fields = admin.page.locator(".inline-edit .form-select, .inline-edit button")
        ends = fields.evaluate_all("all => all.map((one) => one.getBoundingClientRect().right)")
        assert ends
        assert max(ends) <= PHONE["viewport"]["width"] - 16
