"""Duty roster and leave (值班与请假): no emergency is lost at night or during leave."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.errors import Conflict, Forbidden, Invalid
from governance.events import receivers
from governance.events.models import Event, Notice
from grids.models import DutyShift, Leave, Post
from grids.roster import actions as roster
from grids.roster import queries as roster_queries
from tests.pages import folded
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Category
from tickets.orders import subscribers
from tickets.states import State

NIGHT = at(22, 2)  # Sunday, two at night
SHIFT = {"starts_at": at(21, 18), "ends_at": at(22, 9)}


def plan(walk, unit, member, by="admin", **span):
    return roster.plan_shift(
        walk.units[unit], walk.members[member], by=walk.actor(by), at=at(20, 10), **(span or SHIFT)
    )


def away(walk, member, deputy=None, by=None):
    return roster.take_leave(
        walk.members[member],
        by=walk.actor(by or member),
        at=at(20, 10),
        starts_at=at(21, 0),
        ends_at=at(25, 0),
        deputy=deputy and walk.members[deputy],
    )


def told(event_kind):
    event = Event.objects.filter(kind=event_kind).latest("id")
    for handler in (subscribers.tell_the_new_holder, subscribers.inform_of_an_emergency):
        handler(event)
    return set(Notice.objects.filter(event=event).values_list("member__name", flat=True))


def test_a_shift_is_planned_by_who_keeps_the_units_roster(walk):
    assert plan(walk, "water", "head", by="head").unit_id == walk.units["water"].pk
    with pytest.raises(Forbidden):
        plan(walk, "parks", "parks_head", by="head")
    with pytest.raises(Forbidden):
        plan(walk, "water", "member", by="member")
    with pytest.raises(Invalid) as refusal:
        plan(walk, "water", "parks_head", by="head")
    assert refusal.value.code == "not_in_unit"


def test_nobody_is_on_duty_twice_at_once_and_a_shift_ends_after_it_begins(walk):
    plan(walk, "water", "head")
    with pytest.raises(Conflict):
        plan(walk, "water", "head")
    with pytest.raises(Invalid):
        plan(walk, "water", "member", starts_at=at(22, 9), ends_at=at(22, 9))
    with pytest.raises(Invalid):
        plan(walk, "water", "member", starts_at=at(22, 9), ends_at=at(22, 9) + timedelta(days=8))


def test_a_shift_that_is_over_stays_on_record(walk):
    shift = plan(walk, "water", "head")
    with pytest.raises(Conflict):
        roster.drop_shift(shift, by=walk.actor("admin"), at=at(23, 9))
    roster.drop_shift(shift, by=walk.actor("admin"), at=at(21, 9))
    assert not DutyShift.objects.exists()


def test_an_emergency_without_a_unit_of_its_own_goes_at_night_to_the_centre_on_duty(walk):
    Category.objects.filter(code="0103").update(duty_unit=None)
    draft = intake.Draft(text="闻到煤气味", area=walk.areas["lane_building"].code, category="0103")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=NIGHT).ticket
    assert ticket.state == State.REPORTED  # no member is on duty: the ordinary procedure
    plan(walk, "county_center", "county")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=NIGHT).ticket
    assert (ticket.state, ticket.lead_unit.code) == (State.DISPATCHED, "county_center")
    plan(walk, "east_center", "center")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=NIGHT).ticket
    assert ticket.lead_unit.code == "east_center"  # the nearer unit
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 10)).ticket
    assert ticket.state == State.REPORTED  # the offices are open


def test_at_night_who_is_on_duty_is_woken_and_not_the_whole_unit(walk):
    plan(walk, "water", "member")
    draft = intake.Draft(text="闻到煤气味", area=walk.areas["lane_building"].code, category="0103")
    intake.report(draft, by=walk.actor("clerk"), at=NIGHT)
    names = told("ticket.report")
    assert "卫经办" in names
    assert "褚局长" not in names
    intake.report(draft, by=walk.actor("clerk"), at=at(23, 10))
    assert {"卫经办", "褚局长"} <= told("ticket.report")


def test_who_is_away_is_stood_in_for_by_the_deputy_else_by_the_duty(walk):
    away(walk, "head", deputy="member")
    found = roster_queries.stand_in(walk.members["head"].pk, NIGHT)
    assert found == receivers.Absence(deputies=(walk.members["member"].pk,))
    assert roster_queries.stand_in(walk.members["head"].pk, at(26, 9)) is None
    away(walk, "member")
    plan(walk, "water", "head", starts_at=at(21, 18), ends_at=at(22, 9))
    assert (
        roster_queries.stand_in(walk.members["member"].pk, NIGHT).duty == ()
    )  # the member on duty is absent too


def test_leave_is_written_down_by_oneself_or_by_who_keeps_the_roster(walk):
    with pytest.raises(Forbidden):
        away(walk, "head", by="parks_head")
    with pytest.raises(Invalid):
        away(walk, "head", deputy="head")
    leave = away(walk, "member", by="head")
    with pytest.raises(Conflict):
        away(walk, "member")
    roster.end_leave(leave.pk, by=walk.actor("member"), at=at(23, 9))
    assert Leave.objects.get().ends_at == at(23, 9)


def test_the_page_plans_and_says_what_is_wrong(world, client):
    client.force_login(world.members["head"].user)
    assert client.get("/alpha/desk/roster/").status_code == 200
    given = {
        "shift-unit": "water",
        "shift-member": world.members["head"].pk,
        "shift-starts_at": "2030-01-05T18:00",
        "shift-ends_at": "2030-01-05T09:00",
    }
    wrong = client.post("/alpha/desk/roster/shifts/", given)
    assert wrong.status_code == 400
    assert "结束时间要晚于开始时间" in folded(wrong)
    right = client.post("/alpha/desk/roster/shifts/", {**given, "shift-ends_at": "2030-01-06T09:00"})
    assert right.status_code == 302
    assert "褚局长" in folded(client.get("/alpha/desk/roster/"))
    client.force_login(world.members["pipes_member"].user)
    assert "安排值班</button>" not in folded(client.get("/alpha/desk/roster/"))


def test_two_who_plan_the_same_person_at_once_cannot_both_succeed(walk):
    with CaptureQueriesContext(connection) as sent:
        plan(walk, "water", "head")
    looked = next(i for i, one in enumerate(sent.captured_queries) if "dutyshift" in one["sql"])
    locked = next(i for i, one in enumerate(sent.captured_queries) if "FOR NO KEY UPDATE" in one["sql"])
    assert locked < looked  # a second transaction waits for the lock before it checks the time


def test_who_has_left_the_unit_has_no_duty_there_any_more(walk):
    plan(walk, "water", "member")
    assert roster_queries.on_shift([walk.units["water"].pk], NIGHT) == {
        walk.units["water"].pk: [walk.members["member"].pk]
    }
    Post.objects.filter(member=walk.members["member"]).update(valid_to=at(21, 9).date())
    assert roster_queries.on_shift([walk.units["water"].pk], NIGHT) == {}


def test_a_deputy_who_is_away_passes_it_on_and_a_circle_ends(walk):
    away(walk, "head", deputy="member")
    away(walk, "member", deputy="parks_head")
    receivers.provide_stand_in(roster_queries.stand_in)
    rota = receivers.Rota()
    (one,) = rota.reached([receivers.To(walk.members["head"].pk)], NIGHT)
    assert (one.member_id, one.facts["as"]) == (walk.members["parks_head"].pk, "deputy")
    away(walk, "parks_head", deputy="head")
    (one,) = receivers.Rota().reached([receivers.To(walk.members["head"].pk)], NIGHT)
    assert one.member_id == walk.members["head"].pk  # all are absent: the notice goes to the member after all
