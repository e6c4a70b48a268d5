"""A complaint about a unit stays out of the hands of that unit, of those above and of those below it."""

import inspect

import pytest

from governance.errors import DomainError, Forbidden, Invalid
from governance.events.models import Event, Notice
from governance.events.notice_texts import told
from grids.models import Leave
from grids.people import queries as people_queries
from grids.people import records as people
from grids.units import actions as unit_actions
from tests.hardening.accusing import LINES, cast, complaint, placed
from tests.worlds import MONDAY, SINCE, at
from tickets.models import Ticket, TicketGroupObjectPermission
from tickets.orders import actions, subscribers
from tickets.orders.actions import recusal
from tickets.orders.forms import MoveForm
from tickets.states import State
from tickets.templatetags.tickets import holder_name
from tickets.ticket import history
from tickets.ticket import rights as ticket_rights
from tickets.today import queries as today

pytestmark = pytest.mark.django_db


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
