"""Residents read refusals in their own words, and a copy of their data that people can read."""

import pytest
from django.utils import timezone

from governance.access.actors import Actor
from governance.tenancy.scope import scope
from tests.tickets.matters import TO_HANDLING, TO_RATING, picture, reported, walked
from tickets.models import Rating, Reporter, Ticket
from tickets.orders import actions
from tickets.orders.actions import rating_links
from tickets.ticket import photos

pytestmark = pytest.mark.django_db
STAFF = ("工单", "销号", "待核实", "待评单", "待分单", "不能“", "反映人不能")


def keys_of(world, receipt):
    with scope(world.tenant):
        reporter = Reporter.objects.select_related("ticket").get(pk=receipt.reporter.pk)
        return {"number": reporter.ticket.number, "code": reporter.code}


@pytest.mark.parametrize("state", ["dispatched", "handling", "resolved", "rating", "closed", "in_review"])
@pytest.mark.parametrize("verb", ["withdraw", "reply", "add", "reopen"])
def test_a_move_that_came_too_late_is_refused_in_their_words(world, client, verb, state):
    receipt = reported(world)
    row = {"state": state, "lead_unit": world.units["water"], "holder_unit": world.units["water"]}
    if state == "closed":
        row |= {"closed_at": timezone.now(), "outcome": "declined"}
    with scope(world.tenant):
        Ticket.objects.update(**row)
    answer = client.post(f"/alpha/track/{verb}/", {**keys_of(world, receipt), "text": "还没有好"})
    assert answer.status_code in {302, 409}
    if answer.status_code == 409:
        page = answer.content.decode()
        assert "该事项当前状态为“" in page
        said = page[page.index("该事项当前状态为“") :][:80]
        assert not any(word in said for word in STAFF), said


def test_a_link_out_of_its_time_is_refused_in_their_words(world, client):
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        token = rating_links.token_of(Reporter.objects.get(pk=receipt.reporter.pk), 0)
        Ticket.objects.update(state="handling", lead_unit=world.units["lane"])
    answer = client.get(f"/alpha/r/{token}/")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "目前无需评价" in page
    assert "工单" not in page[page.index("目前无需评价") :][:60]


def test_the_copy_can_be_read_and_names_all_that_is_stored(world, client):
    receipt = walked(world, *TO_HANDLING)
    with scope(world.tenant):
        Ticket.objects.update(address="春风里 3 号", lat="36.05", lng="117.05")
        given = {
            "speed": 4,
            "attitude": 5,
            "result": 3,
            "solved": True,
            "comment": "挺快",
            "at": timezone.now(),
        }
        Rating.objects.create(ticket=receipt.ticket, reporter=receipt.reporter, **given)
        resident = Actor("reporter", world.tenant.pk, reporter_id=receipt.reporter.pk)
        actions.VERBS["add"](receipt.ticket, by=resident, at=timezone.now(), text="我住 302")
        photos.add(receipt.ticket, picture(), by=world.system, at=timezone.now())
    keys = keys_of(world, receipt)
    answer = client.post("/alpha/track/privacy/copy/", {**keys, "as": "page"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"].count("no-store")
    for word in (
        "钱居民",
        "13800001234",
        "三单元楼道灯不亮",
        "春风里 3 号",
        "36.05",
        "4 星",
        "挺快",
        "我住 302",
        "照片 1",
        keys["number"],
    ):
        assert word in page, word
    assert "as=" not in page
    wrong = client.post("/alpha/track/privacy/copy/", {**keys, "code": "000000", "as": "page"})
    assert "13800001234" not in wrong.content.decode()
    assert 'value="page"' in client.get("/alpha/track/privacy/", keys).content.decode()
