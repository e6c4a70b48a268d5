"""At the first desk: wrong places go back without being sorted, right ones are put right, the resident is asked."""

import pytest

from governance.clocks.models import Clock
from governance.errors import Invalid
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.forms import MoveForm
from tickets.states import State
from tickets.ticket import rights


@pytest.fixture
def ticket(walk):
    draft = intake.Draft(
        text="灯不亮", area=walk.areas["lane_building"].code, address="旧地址", phone="13800001234"
    )
    return intake.report(draft, by=walk.system, at=at(23, 9)).ticket


def move(walk, ticket, verb, hour=10, who="community", **given):
    return actions.VERBS[verb](ticket, by=walk.actor(who), at=at(23, hour), **given)


@pytest.mark.parametrize(
    ("area", "state", "holder"),
    [
        (None, "escalated", "east_center"),
        ("pond", "escalated", "east_center"),
        ("hill", "referred", "county_center"),
    ],
)
def test_a_wrong_place_goes_back_and_is_no_major_matter(walk, ticket, area, state, holder):
    more = {"area": walk.areas[area]} if area else {}
    moved = move(walk, ticket, "out_of_area", reason="在荷塘", **more)
    assert (moved.state, moved.holder_unit, moved.size) == (state, walk.units[holder], "")
    assert moved.area == walk.areas[area or "lane_building"]


def test_the_street_hands_it_to_the_right_community(walk, ticket):
    ticket = move(walk, ticket, "out_of_area", reason="在荷塘", area=walk.areas["pond"])
    ticket = move(walk, ticket, "send_back", who="center", reason="请荷塘办")
    assert (ticket.state, ticket.holder_unit) == (State.REPORTED, walk.units["pond"])


def test_the_choices_are_those_that_are_accepted(walk, ticket):
    by = walk.actor("community")
    form = MoveForm(ticket=ticket, verb="out_of_area", by=by, at=at(23, 10))
    assert set(form.fields["area"].queryset) == {walk.areas["pond"], walk.areas["hill"]}
    form = MoveForm(ticket=ticket, verb="correct_place", by=by, at=at(23, 10))
    assert set(form.fields["area"].queryset) == {walk.areas["lane_grid"]}
    with pytest.raises(Invalid):
        move(walk, ticket, "out_of_area", reason="就在这里", area=walk.areas["lane_grid"])
    with pytest.raises(Invalid):
        move(walk, ticket, "correct_place", address="别处", area=walk.areas["pond"])


def test_a_corrected_place_keeps_the_former_address_inside(walk, ticket):
    moved = move(walk, ticket, "correct_place", address="2号楼", area=walk.areas["lane_grid"])
    moved = Ticket.objects.get(pk=moved.pk)
    assert (moved.state, moved.address, moved.area) == ("reported", "2号楼", walk.areas["lane_grid"])
    assert "旧地址" in moved.remarks.get(verb="correct_place").text


def test_a_question_before_sorting_stops_the_triage_clock_until_the_answer(walk, ticket):
    ticket = move(walk, ticket, "ask_resident", question="哪个单元？")
    assert (ticket.state, ticket.holder_unit) == (State.AWAITING_RESIDENT, walk.units["lane"])
    clocks = Clock.objects.filter(subject_id=ticket.pk, purpose="triage")
    assert [(one.state, one.ended_at) for one in clocks] == [("paused", None)]
    ticket = move(walk, ticket, "reply", hour=15, text="三单元")
    assert (ticket.state, ticket.lead_unit_id, ticket.due_at) == (State.REPORTED, None, at(23, 16))
    assert [one.state for one in clocks.all()] == ["running"]
    ticket = move(walk, ticket, "triage_minor", hour=15, reason="能办")
    assert ticket.state == State.HANDLING


def test_a_call_before_sorting_is_the_first_contact(walk, ticket):
    assert {"contact", "ask_resident", "out_of_area", "correct_place"} <= {
        one.verb for one in rights.available(ticket, walk.actor("community"))
    }
    ticket = move(walk, ticket, "contact", text="已打电话")
    move(walk, ticket, "triage_minor", reason="能办")
    assert Clock.objects.filter(subject_id=ticket.pk, purpose="contact", outcome="").count() == 0
