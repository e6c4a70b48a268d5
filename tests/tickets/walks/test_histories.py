"""Random legal histories of 200 moves over 20 tickets: log chain, clocks and counters stay consistent."""

import inspect
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from governance.clocks import timer
from governance.clocks.actions import start_stop
from governance.clocks.models import Clock, Deadline
from governance.clocks.models import State as ClockState
from governance.errors import DomainError
from governance.events import log
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests import examples
from tests.tickets.walks.test_moves_table import PEOPLE
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.models import Assistant, Ticket
from tickets.orders import actions
from tickets.orders.actions import splitting
from tickets.states import OPEN, State
from tickets.ticket import rights as ticket_rights
from tickets.ticket import state_clocks

pytestmark = pytest.mark.slow
TICKETS, MOVES_MADE = 20, 200
CATEGORIES = ("", "0101", "0102", "0103", "0104")


def fields(verb, ticket, world, pick):
    """Fields that a member could fill in for a verb."""
    units = world.units
    given = {
        "reason": "情况如此",
        "text": "已记录",
        "answer": "已答复",
        "evidence": "现场照片",
        "address": "东门口",
    }
    given |= {"question": "是哪一处?", "days": 3, "until": date(2027, 3, 1), "refusal": "outside"}
    given |= {"outcome": pick(["fixed", "explained", "cannot"]), "done": pick([True, True, False])}
    given |= {"speed": 4, "attitude": 4, "result": pick([5, 1]), "solved": True}
    given |= {"contacted": pick([True, False]), "satisfied": True, "leader": world.members["leader"]}
    given["parts"] = [splitting.Part(text="甲"), splitting.Part(text="乙")]
    given |= {"kind": "pressing", "units": [units[pick(["water", "parks"])]]}
    given["unit"] = units[pick(["water", "parks", "east_team", "lane", "pipes", "lane_grids"])]
    if verb == "dispatch":
        given["assistants"] = pick([[], [units["parks"], units["east_office"]]])
    if verb == "assist_waive":
        parts = ticket.assistants.filter(finished_at=None, waived_at=None).select_related("unit")
        given["assistant"] = pick([part.unit for part in parts.order_by("unit__code")] or [units["parks"]])
    if verb == "merge":
        given["into"] = pick(list(in_order().exclude(pk=ticket.pk)))
    return given


def in_order():
    """Every ticket, ordered by number: ids differ between runs, the order by number does not."""
    return Ticket.objects.order_by("number")


def report(world, pick, at):
    person = pick([{"name": "钱居民", "phone": "13800001234"}, {}])
    place = world.areas[pick(["lane_building", "pond_grid", "hill", "district"])].code
    draft = intake.Draft(text="路灯不亮", area=place, category=pick(CATEGORIES), **person)
    return intake.report(draft, by=world.actor("clerk"), at=at).ticket.pk


def move_on(world, pick, at):
    """Make a random offered move; False if none is offered or it is refused. A refusal changes nothing."""
    ticket = pick(list(in_order()))
    actor = world.actor(PEOPLE[pick(sorted(PEOPLE))], at)
    offered = [move.verb for move in ticket_rights.available(ticket, actor)]
    if not offered:
        return False
    verb = pick(offered)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    try:
        with transaction.atomic():
            known = inspect.signature(actions.VERBS[verb]).parameters
            given = fields(verb, ticket, world, pick)
            given = {name: value for name, value in given.items() if name in known}
            actions.VERBS[verb](ticket, by=actor, at=at, **given)
    except DomainError:
        assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
        return False
    return True


@settings(
    max_examples=examples.COUNT if examples.LONG else 1,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_random_legal_history_adds_up(world, seed):
    with transaction.atomic():
        play(world, Random(seed))
        transaction.set_rollback(True)  # the next history starts with an empty district


#: Histories that once did not add up.
KNOWN = {3763: "a finished assistant, merged and unmerged", 284: "supervised by two levels, then reassigned"}


@pytest.mark.parametrize("seed", KNOWN)
def test_a_known_history_adds_up(world, seed):
    play(world, Random(seed))


def play(world, chance):
    """Report, move and fire deadlines, then check that everything is consistent."""
    at, made = MONDAY, 0
    with scope(world.tenant):
        for _ in range(TICKETS):
            at += timedelta(minutes=chance.randrange(30))
            report(world, chance.choice, at)
    for _ in range(MOVES_MADE * 8):
        at += timedelta(minutes=chance.randrange(90))
        with scope(world.tenant):
            made += move_on(world, chance.choice, at)
        if chance.random() < 0.05:
            timer.drain(at)
        if made >= MOVES_MADE:
            break
    with scope(world.tenant):
        assert made >= MOVES_MADE // 2
        assert list(log.verify()) == []
        clocks_add_up()
        counters_agree()


def clocks_add_up():
    for clock in Clock.objects.all():
        told = clock.segments
        assert [one["to"] for one in told[:-1]] == [one["from"] for one in told[1:]], clock.pk
        if clock.ended_at:
            assert clock.used == start_stop.used_until(clock, clock.ended_at), clock.pk
            assert not Deadline.objects.filter(clock=clock, fired_at=None).exists(), clock.pk
    for ticket in Ticket.objects.all():
        clocks = Clock.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk, ended_at=None)
        due_at = ticket.due_at
        state_clocks.set_due(ticket, clocks)
        assert ticket.due_at == due_at, (ticket.pk, ticket.state)
        assert ticket.state != State.CLOSED or not clocks.exists()
        running = {clock.purpose for clock in clocks if clock.state == ClockState.RUNNING}
        for part in Assistant.objects.filter(ticket=ticket):
            assert part.is_open == clocks.filter(
                purpose__in=["join", "assist"], unit_id=part.unit_id
            ).exists() or (ticket.state not in OPEN), (ticket.pk, ticket.state, running)


def counters_agree():
    """Check that the counters in a ticket's row equal the number of its events."""
    told = Counter(Event.objects.filter(subject_type="tickets.ticket").values_list("subject_id", "kind"))
    for ticket in Ticket.objects.all():
        assert ticket.returns == told[ticket.pk, "ticket.return_ticket"]
        assert ticket.reworks == told[ticket.pk, "ticket.reworked"]
        assert ticket.urges == told[ticket.pk, "ticket.urge"]
        assert ticket.extensions == told[ticket.pk, "ticket.approve_extension"]
        assert bool(ticket.pending) == ticket.approvals.filter(verdict="").exists()
        last = Event.objects.filter(
            subject_type="tickets.ticket", subject_id=ticket.pk, facts__has_key="now"
        ).latest("seq")
        assert last.facts["now"] == ticket.state
