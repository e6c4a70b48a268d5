"""A complaint about a unit stays out of the sight of that unit, of those above and of those below it."""

import inspect
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from governance.errors import DomainError
from governance.tenancy.scope import scope
from grids.people import queries as people_queries
from tests import examples
from tests.hardening.accusing import cast, complaint, in_line, placed
from tests.tickets.walks import test_histories as histories
from tests.worlds import MONDAY, at
from tickets.lists import map as ticket_map
from tickets.models import Assistant, Ticket, TicketGroupObjectPermission, Whistle
from tickets.orders import actions
from tickets.states import State
from tickets.ticket import queries, sharing, unmasking
from tickets.ticket import rights as ticket_rights
from tickets.ticket.queries import Filters
from tickets.today import brief
from tickets.today import queries as today
from tickets.whistles import queries as whistle_queries
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db


KINDS = (
    "none",
    "lead",
    "holder",
    "section",
    "person",
    "assistant",
    "share",
    "whistle",
    "dispatcher",
    "public",
)


def shared(walk, ticket, kind, unit):
    """Let a unit come to the ticket in one way, as if it had happened before the complaint was recorded."""
    row = {
        "lead": {"lead_unit": unit, "state": "handling", "holder_unit": unit},
        "holder": {"holder_unit": unit},
        "section": {"lead_section": unit, "holder_unit": unit, "state": "handling"},
        "dispatcher": {"dispatched_by": unit, "pending": "transfer", "pending_unit": unit},
        "public": {"private": False},
        "person": {"state": "handling", "lead_unit": unit},
    }.get(kind)
    if row:
        placed(ticket, **row)
    if kind == "person":
        posted = people_queries.receivers([unit.pk], MONDAY)
        placed(ticket, lead_member_id=min(posted, default=None))
    if kind == "assistant":
        Assistant.objects.create(ticket=ticket, unit=unit)
    if kind == "whistle":
        given = {"kind": "pressing", "text": "请到场推诿", "units": [unit]}
        against = ticket.against_unit_id
        placed(ticket, against_unit=None)
        actions.VERBS["whistle"](ticket, by=walk.actor("center"), at=at(23, 9, 30), **given)
        placed(ticket, against_unit=against)
    if kind in {"share", "assistant"}:
        TicketGroupObjectPermission.objects.create(
            content_object=ticket, group_id=unit.group_id, permission_id=sharing.share_permission()
        )


BOX = ticket_map.Box.of(ticket_map.WORLD)


def sights(actor, when):
    """Every count and list that an actor gets of tickets and whistles."""
    filters = [
        Filters(),
        Filters(todo=True),
        Filters(mine=True),
        Filters(assigned=True),
        Filters(verifying=True),
    ]
    filters += [Filters(approving=True), Filters(overdue=True), Filters(q="推诿")]
    told = brief.brief(actor, when)
    month = when.date().replace(day=1)
    return {
        "pages": [[row["number"] for row in queries.page(actor, one, at=when).rows] for one in filters],
        "counts": [queries.count(actor, one, at=when) for one in filters],
        "today": [row["number"] for row in today.rows(actor, when)],
        "overseen": [row["number"] for row in today.overseen(actor, when)],
        "figures": [(one.label, one.count) for one in today.counters(actor, when, 0)],
        "brief": [{k: v.count for k, v in told.own.items()}, told.places, told.units],
        "map": ticket_map.shown(actor, Filters(), BOX, 20, when),
        "whistles": [row["number"] for row in whistle_queries.page(actor).rows],
        "streets": whistle_queries.by_street(actor, month),
        "units": whistle_queries.by_unit(actor, month),
    }


@settings(
    phases=[Phase.generate],
    max_examples=examples.COUNT if examples.LONG else 12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    against=st.sampled_from(
        ["lane", "lane_grids", "water", "pipes", "county_center", "east_center", "east_office"]
    ),
    kind=st.sampled_from(KINDS),
    after=st.booleans(),
    seed=st.integers(min_value=0, max_value=2**32),
)
def test_nobody_in_the_line_sees_the_matter_its_counts_or_who_reported(world, against, kind, after, seed):
    """A complaint, shared in any way with any unit of the line, recorded at once or later, after random legal moves."""
    chance = Random(seed)
    with scope(world.tenant), transaction.atomic():
        when = MONDAY + timedelta(hours=3)
        unit = world.units[against]
        before = {n: sights(a, when) for n, a in cast(world).items() if unit.pk in a.line}
        ticket = complaint(world, "" if after else against, category=chance.choice(["", "0101", "0103"]))
        moves_made(world, ticket, chance)
        if after:
            placed(ticket, against_unit=unit, private=True)
        party = chance.choice(
            [one for one in world.units.values() if one.path.split("/")[0] == unit.path.split("/")[0]]
        )
        shared(world, ticket, kind, party)
        for name, actor in in_line(world, ticket).items():
            assert sights(actor, when) == before[name], (name, kind)
            assert queries.detail(actor, ticket.number) is None
            assert ticket_rights.available(ticket, actor) == []
            assert not unmasking.may_unmask(ticket, actor)
            assert not Whistle.objects.visible_to(actor).filter(ticket=ticket).exists()
        transaction.set_rollback(True)


def moves_made(world, ticket, chance):
    """Up to six random legal moves by whoever may make them."""
    for step in range(6):
        actor = chance.choice(list(cast(world).values()))
        ticket.refresh_from_db()
        offered = [m.verb for m in ticket_rights.available(ticket, actor) if m.verb not in {"merge", "split"}]
        if not offered:
            continue
        verb = chance.choice(offered)
        given = histories.fields(verb, ticket, world, chance.choice)
        known = inspect.signature(actions.VERBS[verb]).parameters
        try:
            with transaction.atomic():
                given = {k: v for k, v in given.items() if k in known}
                actions.VERBS[verb](ticket, by=actor, at=MONDAY + timedelta(minutes=10 * step + 5), **given)
        except DomainError:
            continue
        ticket.refresh_from_db()
        if ticket.against_unit_id:
            units = {ticket.lead_unit_id, ticket.lead_section_id} - {world.units["county_center"].pk, None}
            line = set(Ticket.objects.none().values_list("pk", flat=True))
            line |= {u.pk for u in world.units.values() if u.path.startswith(ticket.against_unit.path)}
            assert not units & line


def test_every_verb_is_refused_to_the_line(walk):
    for against in ("lane", "water", "county_center"):
        ticket = complaint(walk, against)
        for state in State.values:
            row = {"state": state, "lead_unit": walk.units[against], "holder_unit": walk.units[against]}
            if state == State.CLOSED:
                row |= {"closed_at": MONDAY, "outcome": "fixed"}
            placed(ticket, **row)
            for actor in in_line(walk, ticket).values():
                for verb in MOVES:
                    with pytest.raises(DomainError):
                        ticket_rights.check(ticket, verb, by=actor)
