"""Numbered edge cases of timers, tested through the verbs of tickets (the arithmetic: tests/governance/clocks)."""

from dataclasses import replace
from datetime import date

import pytest

from governance.access.actors import Actor
from governance.clocks import steps
from governance.clocks.models import Clock, Deadline
from governance.errors import Invalid
from governance.events.models import Event
from governance.tenancy import config
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import ServiceLevel, Ticket
from tickets.orders import actions, timers
from tickets.orders.actions import judging, splitting
from tickets.states import State
from tickets.ticket import moving

FIXED = {"outcome": "fixed", "answer": "已办好", "evidence": "现场处理完毕"}


@pytest.fixture
def handled(walk):
    """(walk, a minor ticket that the community handles since Monday 10:00, its reporter)."""
    draft = intake.Draft(
        text="路灯不亮", area=walk.areas["lane_building"].code, name="钱居民", phone="13800001234"
    )
    receipt = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9))
    ticket = make(walk, receipt.ticket, "community", "triage_minor", at(23, 10), reason="换灯泡")
    return walk, ticket, receipt.reporter


def make(walk, ticket, who, verb, when, **given):
    actor = walk.system if who == "system" else walk.actor(who, when)
    return actions.VERBS[verb](ticket, by=actor, at=when, **given)


def clock(ticket, purpose="resolve"):
    return Clock.objects.filter(subject_id=ticket.pk, purpose=purpose).latest("pk")


def strike(ticket, purpose):
    """Fire the ticket's deadline without a clock that has this purpose; returns its due time."""
    deadline = Deadline.objects.get(subject_id=ticket.pk, purpose=purpose, clock=None, fired_at=None)
    timers.strike(deadline, moving.lock_ticket(ticket), at=deadline.due_at)
    ticket.refresh_from_db()
    return deadline.due_at


def test_s25_past_the_limit_the_work_goes_on_by_itself(handled):
    walk, ticket, _ = handled
    ticket = make(walk, ticket, "community", "ask_resident", at(23, 14), question="是哪一盏?")
    assert (ticket.state, ticket.due_at) == (State.AWAITING_RESIDENT, None)
    when = strike(ticket, "reply")
    assert when.date() == date(2026, 11, 30)  # five workdays later
    assert ticket.state == State.HANDLING
    assert ticket.due_at is not None


def test_s26_while_the_resident_is_waited_for_nothing_is_late(handled):
    walk, ticket, _ = handled
    ticket = make(walk, ticket, "community", "ask_resident", at(23, 14), question="是哪一盏?")
    assert not ticket.is_overdue(at(30, 9, month=12))
    assert not Deadline.objects.filter(subject_id=ticket.pk, fired_at=None, step="due").exists()


@pytest.mark.parametrize("who", ["clerk", "worker", "community", "center"])
def test_s30_whoever_writes_the_answer_down_the_clock_runs_on(handled, who):
    walk, ticket, _ = handled
    before = ticket.due_at
    ticket = make(walk, ticket, "community", "ask_resident", at(23, 14), question="是哪一盏?")
    ticket = make(walk, ticket, who, "reply", at(25, 14), text="三单元门口那盏")
    assert ticket.state == State.HANDLING
    assert (clock(ticket).state, clock(ticket).due_at > before) == ("running", True)
    assert not Deadline.objects.filter(subject_id=ticket.pk, purpose="reply", fired_at=None).exists()


def test_s31_the_answer_of_the_resident_is_a_contact_and_none_begins_anew(handled):
    walk, ticket, _ = handled
    ticket = make(walk, ticket, "community", "ask_resident", at(23, 14), question="是哪一盏?")
    assert (clock(ticket, "contact").state, clock(ticket, "contact").outcome) == ("paused", "")
    make(walk, ticket, "clerk", "reply", at(24, 9), text="三单元门口那盏")
    assert clock(ticket, "contact").outcome == "met"
    assert Clock.objects.filter(subject_id=ticket.pk, purpose="contact").count() == 1


def test_s35_after_a_return_the_new_unit_has_its_own_time_to_accept(walk):
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = make(walk, ticket, "community", "triage_major", at(23, 9, 30), reason="需要部门")
    ticket = make(walk, ticket, "center", "refer", at(23, 10), reason="需要部门")
    ticket = make(walk, ticket, "county", "dispatch", at(23, 10, 30), unit=walk.units["parks"])
    ticket = make(walk, ticket, "parks_head", "return_ticket", at(23, 14), reason="不属本单位")
    ticket = make(walk, ticket, "county", "dispatch", at(23, 15), unit=walk.units["water"])
    accepts = Clock.objects.filter(subject_id=ticket.pk, purpose="accept").order_by("pk")
    assert [one.unit_id for one in accepts] == [walk.units["parks"].pk, walk.units["water"].pk]
    assert accepts[1].started_at == at(23, 15)


def test_s44_a_shelved_matter_leaves_the_overdue_and_comes_back_on_its_day(handled):
    walk, ticket, _ = handled
    until = date(2026, 12, 15)
    ticket = make(walk, ticket, "community", "defer", at(24, 9), until=until, answer="等路灯改造")
    assert not Ticket.objects.overdue(at(14, 9, month=12)).filter(pk=ticket.pk).exists()
    assert strike(ticket, "deferral").date() == until
    assert (ticket.state, ticket.review_on) == (State.HANDLING, None)


def test_s39_a_residents_answer_is_owed_one_until_somebody_speaks_with_them(handled):
    walk, ticket, reporter = handled
    ServiceLevel.objects.create(purpose="update", budget=240, unit="work_minutes")
    config.changed(walk.tenant)
    resident = Actor("reporter", walk.tenant.pk, reporter_id=reporter.pk)
    for hour, verb, given in (
        (13, "contact", {"text": "已联系"}),
        (16, "note", {"text": "在换", "public": True}),
    ):
        ticket = make(walk, ticket, "community", "ask_resident", at(24, hour), question="哪一层")
        ticket = actions.VERBS["reply"](ticket, by=resident, at=at(24, hour, 10), text="三层")
        owed = clock(ticket, "update")
        assert (owed.ended_at, ticket.due_at) == (None, min(owed.due_at, clock(ticket).due_at))
        make(walk, ticket, "community", "note", at(24, hour, 15), text="内部交代")
        assert clock(ticket, "update").ended_at is None  # an internal note is no answer to the resident
        ticket = make(walk, ticket, "community", verb, at(24, hour, 20), **given)
        owed.refresh_from_db()
        assert (owed.outcome, ticket.due_at) == ("met", clock(ticket).due_at)


def test_s20_a_report_from_a_device_ahead_of_time_counts_from_its_receipt(walk):
    ahead = at(24, 9)
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code, said_at=ahead)
    ticket = intake.report(draft, by=walk.actor("worker"), at=at(23, 9)).ticket
    made = clock(ticket, "triage")
    assert (made.started_at, made.claimed_at) == (at(23, 9), ahead)


def test_s34_with_another_category_the_promises_are_those_of_the_new_one(walk):
    ServiceLevel.objects.create(
        category=walk.categories["leak"], purpose="accept", budget=60, unit="work_minutes"
    )
    config.changed(walk.tenant)
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane_building"].code, category="0101")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = make(walk, ticket, "community", "triage_major", at(23, 9, 30), reason="需要部门")
    ticket = make(walk, ticket, "center", "refer", at(23, 10), reason="需要部门")
    given = {"unit": walk.units["water"], "category": walk.categories["leak"]}
    ticket = make(walk, ticket, "county", "dispatch", at(23, 10, 30), **given)
    open_ones = Clock.objects.filter(subject_id=ticket.pk, ended_at=None)
    assert [(one.purpose, one.budget) for one in open_ones] == [("accept", 60)]


@pytest.mark.parametrize("counts", [True, False])
def test_s40_taken_in_by_telephone_is_a_contact_where_the_district_says_so(walk, counts):
    walk.tenant.settings = {"spoken_is_contact": counts}
    draft = intake.Draft(
        text="灯不亮",
        area=walk.areas["lane_building"].code,
        name="钱居民",
        phone="13800001234",
        channel="hotline",
    )
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = make(walk, ticket, "community", "triage_minor", at(23, 10), reason="可办")
    assert clock(ticket, "contact").outcome == ("met" if counts else "")


def test_s50_a_sheet_written_down_late_counts_from_the_call_and_what_was_missed_is_told_once(walk):
    called = at(20, 9)
    draft = intake.Draft(
        text="灯不亮", area=walk.areas["lane_building"].code, name="钱居民", channel="hotline", said_at=called
    )
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    assert clock(ticket, "triage").started_at == called
    missed = Deadline.objects.filter(subject_id=ticket.pk, due_at__lte=at(23, 9), fired_at=None)
    assert missed.count() > 1
    for deadline in missed.order_by("due_at", "pk"):
        steps.fire(deadline, at=at(23, 9))
    with pytest.raises(Invalid):
        intake.report(replace(draft, said_at=at(24, 9)), by=walk.actor("clerk"), at=at(23, 9))
    told = Event.objects.filter(subject_id=ticket.pk, kind__startswith="clock.")
    assert [one.facts.get("combined", False) for one in told.order_by("seq")][:-1].count(
        True
    ) == told.count() - 1


@pytest.mark.parametrize(("continues", "clocks"), [(True, 1), (False, 2)])
def test_s45_work_taken_up_again_goes_on_or_begins_anew_as_the_district_says(handled, continues, clocks):
    walk, ticket, _ = handled
    walk.tenant.settings = {"reopen_continues": continues}
    ticket = make(walk, ticket, "community", "resolve", at(24, 10), **FIXED)
    ticket = make(walk, ticket, "worker", "verify", at(24, 11), done=True, text="亮了")
    ticket = judging.close(ticket, by=walk.system, at=at(30, 9))
    first = ticket.closed_at
    ticket = make(walk, ticket, "county", "reopen", at(1, 9, month=12), reason="又不亮了")
    assert Clock.objects.filter(subject_id=ticket.pk, purpose="resolve").count() == clocks
    assert ticket.first_closed_at == first
    began = clock(ticket).started_at
    assert began == (at(23, 10) if continues else at(1, 9, month=12))


@pytest.mark.parametrize("inherit", [True, False])
def test_s49_parts_begin_when_split_or_with_the_whole_and_its_breach_is_not_multiplied(walk, inherit):
    walk.tenant.settings = {"parts_inherit_start": inherit}
    draft = intake.Draft(text="三件事", area=walk.areas["lane_building"].code, name="钱居民")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    parts = [splitting.Part(text="路灯不亮"), splitting.Part(text="下水堵塞")]
    ticket = make(walk, ticket, "community", "split", at(23, 10), parts=parts, reason="两件事")
    begun = {clock(part, "triage").started_at for part in ticket.parts.all()}
    assert begun == {at(23, 9) if inherit else at(23, 10)}
    assert ticket.due_at is None  # a divided ticket has no due time of its own
    for part in list(ticket.parts.all()):
        make(walk, part, "community", "decline", at(23, 11), refusal="outside", answer="不在辖区")
        ticket = splitting.close_divided(ticket, by=walk.system, at=at(23, 11))
    assert ticket.state == State.RESOLVED


def test_s49_what_the_whole_sheet_had_broken_is_excused_for_its_parts(walk):
    walk.tenant.settings = {"parts_inherit_start": True}
    draft = intake.Draft(text="两件事", area=walk.areas["lane_building"].code, name="钱居民")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    parts = [splitting.Part(text="路灯不亮"), splitting.Part(text="下水堵塞")]
    ticket = make(walk, ticket, "community", "split", at(23, 16), parts=parts, reason="两件事")
    begun = [clock(part, "triage") for part in ticket.parts.all()]
    assert {one.excused_at for one in begun} == {at(23, 16)}
    missed = Deadline.objects.filter(subject_id__in=ticket.parts.values("pk"), due_at__lte=at(23, 16))
    for deadline in missed.order_by("due_at", "pk"):
        steps.fire(deadline, at=at(23, 16))
    begun = [clock(part, "triage") for part in ticket.parts.all()]
    assert all(one.breached_at and one.excused_at for one in begun)
    draft = intake.Draft(text="两件事", area=walk.areas["lane_building"].code, name="钱居民")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(24, 9)).ticket
    ticket = make(walk, ticket, "community", "split", at(24, 9, 30), parts=parts, reason="两件事")
    assert {clock(part, "triage").excused_at for part in ticket.parts.all()} == {None}


def test_s57_a_late_assistant_does_not_make_the_lead_late(walk):
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = make(walk, ticket, "community", "triage_major", at(23, 9, 30), reason="需要部门")
    ticket = make(walk, ticket, "center", "refer", at(23, 10), reason="需要部门")
    units = {"unit": walk.units["water"], "assistants": [walk.units["parks"]]}
    ticket = make(walk, ticket, "county", "dispatch", at(23, 10, 30), **units)
    ticket = make(walk, ticket, "head", "accept", at(23, 11))
    assert clock(ticket, "join").due_at < ticket.due_at
    assert not ticket.is_overdue(at(24, 17))


@pytest.mark.parametrize(
    ("called", "day", "ended"), [(True, 23, "met"), (False, 23, "cancelled"), (False, 26, "late")]
)
def test_a_first_contact_is_kept_only_by_a_contact(handled, called, day, ended):
    walk, ticket, _ = handled
    if called:
        ticket = make(walk, ticket, "community", "contact", at(23, 11), text="已电话联系")
    ticket = make(walk, ticket, "community", "resolve", at(day, 15), **FIXED)
    assert clock(ticket, "contact").outcome == ended
