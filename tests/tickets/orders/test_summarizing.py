"""The summary for the public: cleared when written, checked again when shown, never of what is not public."""

import pytest

from governance.errors import Forbidden, IllegalMove, Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import reported
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.intake import similar
from tickets.models import Reporter, Ticket
from tickets.orders import actions
from tickets.orders.forms import MoveForm

LINE = "里巷一号楼旁路灯不亮"


def ticket_of(walk, **more):
    draft = intake.Draft(text="三单元灯不亮", area=walk.areas["lane_building"].code, **more)
    return intake.report(draft, by=walk.system, at=at(23, 9)).ticket


def summarize(walk, ticket, line, who="community"):
    return actions.VERBS["summarize"](ticket, by=walk.actor(who), at=at(23, 10), summary=line)


def test_the_holder_writes_it_and_takes_it_back(walk):
    ticket = summarize(walk, ticket_of(walk), f"  {LINE}\n")
    assert ticket.summary == LINE
    assert ticket.remarks.get(verb="summarize").text == LINE
    assert Event.objects.filter(kind="ticket.summarize", subject_id=ticket.pk).count() == 1
    assert summarize(walk, ticket, "").summary == ""


def test_others_do_not_write_it(walk):
    with pytest.raises(Forbidden):
        summarize(walk, ticket_of(walk), LINE, who="pond_community")


@pytest.mark.parametrize(
    "line", ["张大爷家门口灯不亮", "1号楼3单元灯不亮", "请回电13800001234", "钱小红家灯不亮"]
)
def test_a_line_that_may_tell_who_reported_is_refused(walk, line):
    ticket = ticket_of(walk, name="钱小红", phone="13800001235")
    with pytest.raises(Invalid) as refused:
        summarize(walk, ticket, line)
    assert refused.value.code == "personal"


@pytest.mark.parametrize(
    "line",
    [
        "赵\u200b六家路灯",
        "赵 六家路灯",
        "电话1\u200b3\u200b9\u200b0\u200b0",
        "13 90 00 01 23 4",
        "１３９００００",
        "①③⑧⑨",
        "张先\u200b生反映",
        "老李家漏水",
        "张太太家漏水",
        "壹叁捌零零",
        "加微信联系",
        "1单\u200b元3\u200b01室",
    ],
)
def test_no_gap_and_no_invisible_character_hides_a_person(walk, line):
    ticket = ticket_of(walk, name="赵六", phone="13900001234")
    with pytest.raises(Invalid):
        summarize(walk, ticket, line)


def test_what_shows_nothing_is_not_kept(walk):
    ticket = summarize(walk, ticket_of(walk), "\u202e路灯\u200b不亮")
    assert ticket.summary == "路灯不亮"
    assert summarize(walk, ticket, "\u200b\u200b").summary == ""


def test_sorting_and_settling_write_it_in_the_same_step(walk):
    ticket, by = ticket_of(walk), walk.actor("community")
    actions.VERBS["triage_minor"](ticket, by=by, at=at(23, 10), summary=LINE)
    ticket.refresh_from_db()
    assert ticket.summary == LINE
    given = {"outcome": "fixed", "answer": "已换", "evidence": "换灯泡", "summary": "路灯已修"}
    actions.VERBS["resolve"](ticket, by=by, at=at(23, 11), **given)
    ticket.refresh_from_db()
    assert ticket.summary == "路灯已修"
    assert ticket.remarks.filter(verb="summarize").count() == 2


def test_a_private_matter_has_none(walk):
    ticket, by = ticket_of(walk, private=True), walk.actor("community")
    with pytest.raises(IllegalMove):
        summarize(walk, ticket, LINE)
    with pytest.raises(Invalid):
        actions.VERBS["triage_minor"](ticket, by=by, at=at(23, 10), summary=LINE)
    assert "summary" not in MoveForm(ticket=ticket, verb="triage_minor", by=by, at=at(23, 10)).fields


def told(client):
    return folded(client.get("/alpha/matters/"))


def test_everybody_reads_it_with_place_and_unit_named_once(world, client):
    ticket = reported(world, category="0101").ticket
    assert LINE not in told(client)
    with scope(world.tenant):
        Ticket.objects.update(summary=LINE)
    page = told(client)
    assert LINE in page
    assert "地点" in page
    assert LINE in folded(client.get(f"/alpha/report/follow/?number={ticket.number}"))
    with scope(world.tenant):
        Ticket.objects.update(private=True)
    assert LINE not in told(client)


def test_it_is_hidden_once_it_names_somebody_who_follows(world, client):
    reported(world)
    with scope(world.tenant):
        Ticket.objects.update(summary="老槐树旁路灯不亮")
        Reporter.objects.update(name="老槐")
    assert "老槐树" not in told(client)


def test_the_box_of_the_form_tells_it_and_a_distance_to_the_square(world, client):
    reported(world, category="0101", lat="37.450004", lng="118.010004")
    with scope(world.tenant):
        Ticket.objects.update(summary=LINE)
    given = {"area": world.areas["lane"].code, "category": "0101", "text": "三单元楼道灯不亮"}
    page = folded(client.post("/alpha/report/similar/", {**given, "lat": "37.450449", "lng": "118.010000"}))
    assert LINE in page
    assert "相距约 50 米" in page  # to the middle of the square, not to the door
    assert "<img" not in page
    assert "similar" in folded(client.post("/alpha/report/similar/", {**given, "lat": "nan", "lng": "x"}))


def test_staff_see_a_photo_of_what_may_be_the_same(walk):
    ticket_of(walk, category="0101")
    mine = ticket_of(walk, category="0101")
    found = similar.to_ticket(mine, walk.actor("community"), at(23, 12))
    assert {"photo", "summary", "place"} <= found[0].row.keys()
