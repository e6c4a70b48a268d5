"""A complaint about a unit stays out of the hands and the sight of that unit, of those above and of those below it."""

import inspect
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from governance.errors import DomainError, Forbidden, Invalid
from governance.events.models import Event, Notice
from governance.events.notice_texts import told
from governance.tenancy.scope import scope
from grids.models import Leave
from grids.people import queries as people_queries
from grids.people import records as people
from grids.units import actions as unit_actions
from tests import examples
from tests.tickets.walks import test_histories as histories
from tests.worlds import MONDAY, SINCE, at
from tickets.intake import actions as intake
from tickets.lists import map as ticket_map
from tickets.models import Assistant, Ticket, TicketGroupObjectPermission, Whistle
from tickets.orders import actions, subscribers
from tickets.orders.actions import recusal
from tickets.orders.forms import MoveForm
from tickets.states import State
from tickets.templatetags.tickets import holder_name
from tickets.ticket import history, queries, sharing, unmasking
from tickets.ticket import rights as ticket_rights
from tickets.ticket.queries import Filters
from tickets.today import brief
from tickets.today import queries as today
from tickets.whistles import queries as whistle_queries
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db

#: The unit complained about -> a unit of its line that is not itself.
LINES = {"lane": "lane_grids", "lane_grids": "lane", "water": "pipes", "pipes": "water"}


def complaint(walk, against, **more):
    given = {"text": "推诿不办,我姓钱", "area": walk.areas["lane_building"].code, "name": "钱居民"}
    draft = intake.Draft(**{**given, "phone": "13800001234", "against": against, **more})
    return intake.report(draft, by=walk.system, at=at(23, 9)).ticket


def placed(ticket, **row):
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    ticket.refresh_from_db()
    return ticket


def cast(walk, when=MONDAY):
    return {name: walk.actor(name, when) for name in walk.members if not name.startswith("neighbour")}


def in_line(walk, ticket, when=MONDAY):
    return {name: actor for name, actor in cast(walk, when).items() if ticket.against_unit_id in actor.line}


def test_the_line_of_a_member_is_the_unit_with_those_above_and_below(walk):
    units = {name: unit.pk for name, unit in walk.units.items()}
    street = {units["east_office"], units["east_center"], units["county_center"]}
    assert walk.actor("worker").line == {units["lane_grids"], units["lane"], *street}
    assert walk.actor("community").line == {units["lane_grids"], units["lane"], *street}
    assert walk.actor("center").line == street
    assert walk.actor("county").line == {units["county_center"]}
    assert walk.actor("pipes_member").line == {units["water"], units["pipes"]}
    assert walk.actor("leader").line == frozenset()
    for unit in walk.units.values():
        seen = {walk.members[n].pk for n, a in cast(walk).items() if unit.pk in a.line}
        assert people_queries.members_in_line(unit.path, MONDAY) == seen, unit


def test_a_leader_of_a_department_is_in_its_line(walk):
    member = people.add_member(username="alpha-deputy", name="何副局", password="Lotus-2026-pond")
    people.appoint(member, walk.units["water"], "leader", since=SINCE, areas=[walk.areas["district"]])
    walk.members["deputy"] = member
    assert walk.units["water"].pk in walk.actor("deputy").line


@pytest.mark.parametrize(("against", "party"), LINES.items())
@pytest.mark.parametrize(
    "verb", ["dispatch", "arbitrate", "reassign", "take_up", "triage_minor", "assign", "whistle"]
)
def test_no_verb_gives_it_to_a_unit_in_the_line(walk, verb, against, party):
    who, row = {
        "dispatch": ("county", {"state": "referred"}),
        "arbitrate": ("county", {"state": "referred"}),
        "reassign": ("county", {"state": "handling", "lead_unit": walk.units["parks"]}),
        "take_up": ("center", {"state": "escalated", "holder_unit": walk.units["east_center"]}),
        "triage_minor": ("pond_community", {"state": "reported", "area": walk.areas["pond"]}),
        "assign": ("county", {"state": "handling", "lead_unit": walk.units["county_center"]}),
        "whistle": ("center", {"state": "escalated"}),
    }[verb]
    ticket = placed(complaint(walk, against), dispatched_by=walk.units["county_center"], **row)
    if verb == "triage_minor":
        ticket = placed(ticket, area_path=walk.areas["pond"].path)
    by = walk.actor(who)
    form = MoveForm(ticket=ticket, verb=verb, by=by, at=at(23, 10))
    offered = form.fields["units" if verb == "whistle" else "unit"].queryset
    assert not offered.filter(pk__in=[walk.units[against].pk, walk.units[party].pk]).exists()
    for unit in (walk.units[against], walk.units[party]):
        given = {"unit": unit, "reason": "请办", "text": "请到场", "kind": "pressing", "units": [unit]}
        known = inspect.signature(actions.VERBS[verb]).parameters
        with pytest.raises(Invalid) as refusal:
            actions.VERBS[verb](
                ticket, by=by, at=at(23, 10), **{k: v for k, v in given.items() if k in known}
            )
        if verb not in {"assign", "take_up"}:  # those refuse units outside the lead or the street first
            assert refusal.value.code in {"against_it", "out_of_reach"}


@pytest.mark.parametrize(("against", "party"), LINES.items())
def test_no_unit_in_the_line_assists(walk, against, party):
    ticket = placed(complaint(walk, against), state="referred", holder_unit=walk.units["county_center"])
    with pytest.raises(Invalid) as refusal:
        actions.VERBS["dispatch"](
            ticket,
            by=walk.actor("county"),
            at=at(23, 10),
            unit=walk.units["parks"],
            assistants=[walk.units[party]],
        )
    assert refusal.value.code in {"against_it", "out_of_reach"}


def test_a_grid_team_of_the_community_is_in_its_line_also_without_the_tree(walk):
    """And the community in that of its team."""
    unit_actions.change_unit(walk.units["lane_grids"], by=walk.actor("admin"), at=at(23, 8), parent=None)
    for against, other, who in (("lane", "lane_grids", "worker"), ("lane_grids", "lane", "community")):
        ticket = placed(complaint(walk, against), state="escalated", holder_unit=walk.units["east_center"])
        assert ticket.against_unit_id in walk.actor(who).line
        assert not Ticket.objects.visible_to(walk.actor(who)).filter(pk=ticket.pk).exists()
        with pytest.raises(Invalid):
            actions.VERBS["dispatch"](ticket, by=walk.actor("center"), at=at(23, 10), unit=walk.units[other])


def test_a_person_with_a_post_in_the_line_is_not_assigned(walk):
    people.appoint(walk.members["team"], walk.units["parks"], "unit_member", since=SINCE, areas=[])
    people.appoint(walk.members["team"], walk.units["pipes"], "unit_member", since=SINCE, areas=[])
    ticket = placed(
        complaint(walk, "water"),
        state="handling",
        lead_unit=walk.units["parks"],
        holder_unit=walk.units["parks"],
    )
    by = walk.actor("parks_head")
    with pytest.raises(Invalid) as refusal:
        actions.VERBS["assign"](ticket, by=by, at=at(23, 10), person=walk.members["team"])
    assert refusal.value.code == "against_it"


def test_an_emergency_does_not_go_to_the_accused_on_duty(walk):
    ticket = complaint(walk, "pipes", category="0103", tier="emergency")
    assert (ticket.lead_unit_id, ticket.state) == (None, State.REFERRED)


def test_a_level_in_the_line_is_passed_over(walk):
    unit_actions.change_unit(
        walk.units["lane"], by=walk.actor("admin"), at=at(23, 8), parent=walk.units["east_center"]
    )
    ticket = complaint(walk, "lane_grids")
    assert (ticket.state, ticket.holder_unit_id) == (State.REFERRED, walk.units["county_center"].pk)


def test_a_leader_does_not_decide_for_a_centre_that_is_not_accused(walk):
    ticket = placed(complaint(walk, "water"), state="referred")
    with pytest.raises(Forbidden):
        ticket_rights.check(ticket, "dispatch", by=walk.actor("leader"))


def test_a_unit_that_moves_into_the_line_loses_the_complaint(walk):
    ticket = placed(complaint(walk, "lane"), state="referred", holder_unit=walk.units["county_center"])
    move = actions.VERBS
    parks = {"unit": walk.units["parks"], "assistants": [walk.units["water"]]}
    ticket = move["dispatch"](ticket, by=walk.actor("county"), at=at(23, 10), **parks)
    ticket = move["accept"](ticket, by=walk.actor("parks_head"), at=at(23, 11))
    for moved in ("parks", "water"):
        unit_actions.change_unit(
            walk.units[moved], by=walk.actor("admin"), at=at(23, 12), parent=walk.units["lane"]
        )
    for name in ("parks_head", "head"):
        assert not Ticket.objects.visible_to(walk.actor(name)).filter(pk=ticket.pk).exists(), name
    subscribers.keep_complaints_from_the_accused(Event.objects.filter(kind="unit.changed").latest("pk"))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.lead_unit_id) == (State.REFERRED, None)
    assert not ticket.assistants.exists()
    assert not TicketGroupObjectPermission.objects.filter(content_object=ticket).exists()


def test_a_centre_that_moves_into_the_line_no_longer_decides(walk):
    ticket = placed(complaint(walk, "lane"), state="escalated", holder_unit=walk.units["east_center"])
    given = {"unit": walk.units["east_team"]}
    ticket = actions.VERBS["dispatch"](ticket, by=walk.actor("center"), at=at(23, 10), **given)
    ticket = actions.VERBS["accept"](ticket, by=walk.actor("team"), at=at(23, 11))
    unit_actions.change_unit(
        walk.units["lane"], by=walk.actor("admin"), at=at(23, 12), parent=walk.units["east_center"]
    )
    ticket = recusal.recuse(ticket, at=at(23, 13))
    assert (ticket.state, ticket.dispatched_by_id) == (State.HANDLING, walk.units["county_center"].pk)


def test_a_new_post_in_the_line_ends_the_sight(walk):
    ticket = placed(complaint(walk, "water"), state="referred", holder_unit=walk.units["county_center"])
    assert Ticket.objects.visible_to(walk.actor("county")).filter(pk=ticket.pk).exists()
    people.appoint(walk.members["county"], walk.units["pipes"], "unit_member", since=SINCE, areas=[])
    assert not Ticket.objects.visible_to(walk.actor("county")).filter(pk=ticket.pk).exists()


def test_a_deputy_in_the_line_gets_no_notice(walk):
    """The head of parks is away and the head of water stands in; the complaint is about water."""
    Leave.objects.create(
        member=walk.members["parks_head"],
        deputy=walk.members["head"],
        starts_at=at(23, 0),
        ends_at=at(25, 0),
    )
    ticket = placed(complaint(walk, "water"), state="referred", holder_unit=walk.units["county_center"])
    given = {"unit": walk.units["parks"]}
    actions.VERBS["dispatch"](ticket, by=walk.actor("county"), at=at(23, 10), **given)
    subscribers.tell_the_new_holder(Event.objects.filter(kind="ticket.dispatch").latest("pk"))
    assert not Notice.objects.filter(member=walk.members["head"]).exists()


def test_of_the_county_centres_complaint_the_leader_hears(walk):
    complaint(walk, "county_center")
    subscribers.tell_the_new_holder(Event.objects.filter(kind="ticket.report").latest("pk"))
    assert set(Notice.objects.values_list("member__name", flat=True)) == {"朱领导"}


def test_the_leader_gives_the_county_centres_complaint_to_a_department_only(walk):
    """Not to a street or a community, which the centre directs; pages name the leaders, not the centre."""
    ticket, by = complaint(walk, "county_center"), walk.actor("leader")
    row = next(one for one in today.rows(by, at(23, 10)) if one["number"] == ticket.number)
    assert (row["verb"], holder_name(row)) == ("dispatch", "区县领导")
    offered = MoveForm(ticket=ticket, verb="dispatch", by=by, at=at(23, 10)).fields["unit"].queryset
    assert {unit.code for unit in offered} & {*walk.units} >= {"parks", "water"}
    for name in ("lane", "lane_grids", "east_center", "east_office", "east_team", "county_center"):
        assert walk.units[name] not in offered, name
        with pytest.raises(DomainError):
            actions.VERBS["dispatch"](ticket, by=by, at=at(23, 10), unit=walk.units[name])
    for name in ("community", "center", "worker", "county"):
        assert not Ticket.objects.visible_to(walk.actor(name)).filter(pk=ticket.pk).exists(), name
    moved = actions.VERBS["dispatch"](ticket, by=by, at=at(23, 10), unit=walk.units["parks"])
    lines = history.lines_of(history.history(moved), [])
    assert [(one.unit, one.to) for one in lines if one.kind == "ticket.dispatch"] == [("区县领导", "园林局")]
    assert walk.units["county_center"].name not in {one.unit for one in lines} | {one.to for one in lines}


def test_an_old_notice_does_not_tell_the_number(walk):
    ticket = placed(complaint(walk, "water"), state="referred", holder_unit=walk.units["county_center"])
    event = Event.objects.filter(kind="ticket.report").latest("pk")
    Notice.objects.create(
        member=walk.members["member"],
        event=event,
        subject_type="tickets.ticket",
        subject_id=ticket.pk,
        kind="ticket.report",
        facts={"number": ticket.number},
        created_at=MONDAY,
        rings_at=MONDAY,
    )
    (line,) = told(Notice.objects.all(), walk.actor("member"), MONDAY)
    assert (line.line.number, line.line.title, line.line.link) == ("", "", "")


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
