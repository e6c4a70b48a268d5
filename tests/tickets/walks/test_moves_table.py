"""The table of moves, compared with a list written by hand: verb, state, role -> allowed, or the refusal.

The ticket is in 里巷社区, is led by the water department and was dispatched by the county's centre. `given` says
what else is true of it (a request waits, the parks department assists, ...). A role that a row does not name is
forbidden; a state that no row of the verb names is an illegal move.
"""

import csv
from pathlib import Path

import pytest

from governance.access.actors import Actor
from governance.errors import DomainError, IllegalMove
from governance.tenancy import config
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.models import Assistant, MediationAgreement, Ticket
from tickets.states import State
from tickets.ticket import rights as ticket_rights
from tickets.workflow import MOVES

PEOPLE = {
    "grid_worker": "worker",
    "grid_lead": "lead",
    "community_worker": "community",
    "street_staff": "street",
    "street_center": "center",
    "county_center": "county",
    "unit_head": "head",
    "unit_member": "member",
    "clerk": "clerk",
    "leader": "leader",
    "tenant_admin": "admin",
    "another_street": "west_center",
    "another_community": "pond_community",
    "another_department": "parks_head",
    "no_post": "nobody",
}


def by_hand():
    with open(Path(__file__).with_name("moves.csv"), encoding="utf-8", newline="") as file:
        rows = [(r["verb"], r["state"], r["given"], r["allowed"].split()) for r in csv.DictReader(file)]
    table = {(verb, state, given): allowed for verb, state, given, allowed in rows}
    assert len(table) == len(rows), "a case stands twice"
    return table


TABLE = by_hand()
SPECIAL = {state: sorted({g for _, s, g in TABLE if g and s == state}) for state in State.values}


def expected(verb, state, role):
    if (verb, "*", "") in TABLE:
        return "not_built"
    return outcome_of(TABLE.get((verb, state, ""), ["illegal_move"]), role)


def outcome_of(allowed, role):
    if allowed == ["illegal_move"]:  # because of the state, or of this ticket's history
        return "illegal_move"
    return "allowed" if role in allowed else "forbidden"


def verdict(ticket, verb, actor):
    try:
        ticket_rights.check(ticket, verb, by=actor)
    except IllegalMove as error:
        return "not_built" if error.code == "not_built" else "illegal_move"
    except DomainError as error:
        return error.code
    return "allowed"


def test_every_verb_of_the_table_was_written_by_hand():
    assert {verb for verb, _state, _given in TABLE} == set(MOVES) - {"report"}


@pytest.fixture
def cast(walk):
    found = {role: walk.actor(name) for role, name in PEOPLE.items()}
    found["system"] = walk.system
    found["reporter"] = Actor(kind="reporter", tenant_id=walk.tenant.pk, reporter_id=1)
    return found


def standing(walk, state, given=""):
    """Create a ticket in a state, with the further condition that `given` names."""
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    row = {
        "state": state,
        "came_from": "referred",
        "lead_unit": walk.units["water"],
        "dispatched_by": walk.units["county_center"],
    }
    if state == State.CLOSED:
        row |= {"closed_at": MONDAY, "outcome": "fixed"}
    name, _, value = given.partition("=")
    if name == "own":
        row |= {"lead_unit": walk.units[value], "dispatched_by": walk.units[value]}
    elif name == "assistant":
        accepted = MONDAY if value == "accepted" else None
        Assistant.objects.create(ticket=ticket, unit=walk.units["parks"], accepted_at=accepted)
    elif name == "dispute":
        row |= {"category": disputed(walk)}
        if value == "signed":
            given = {
                "terms": "清理楼道",
                "signed_on": MONDAY.date(),
                "signers": "甲\n乙",
                "created_at": MONDAY,
            }
            MediationAgreement.objects.create(ticket=ticket, **given)
    elif name == "merged":
        row |= {"merged_into": intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket}
    elif name:
        row |= {name: int(value) if value.isdigit() else value}
    if name == "pending":
        row |= {"pending_unit": walk.units["county_center"]}
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    ticket.refresh_from_db()
    return ticket


def disputed(walk):
    """Mark the category of lamps as one of disputes and return it."""
    walk.categories["lamp"].dispute = True
    walk.categories["lamp"].save(update_fields=["dispute"])
    config.changed(walk.tenant)
    return walk.categories["lamp"]


@pytest.mark.parametrize("state", State.values)
def test_the_table_is_what_was_written_by_hand(walk, cast, state):
    ticket = standing(walk, state)
    verbs = sorted(set(MOVES) - {"report"})
    found = {(v, role): verdict(ticket, v, actor) for v in verbs for role, actor in cast.items()}
    wanted = {(v, role): expected(v, state, role) for v in verbs for role in cast}
    assert found == wanted


@pytest.mark.parametrize("state", State.values)
def test_a_matter_with_a_way_of_its_own(walk, cast, state):
    for given in SPECIAL[state]:
        ticket = standing(walk, state, given)
        verbs = [verb for verb, s, g in TABLE if (s, g) == (state, given)]
        found = {(v, role): verdict(ticket, v, actor) for v in verbs for role, actor in cast.items()}
        wanted = {(v, role): outcome_of(TABLE[v, state, given], role) for v in verbs for role in cast}
        assert found == wanted, given


@pytest.mark.parametrize("state", State.values)
def test_the_buttons_are_the_allowed_moves(walk, cast, state):
    ticket = standing(walk, state)
    for role, actor in cast.items():
        offered = {move.verb for move in ticket_rights.available(ticket, actor)}
        assert offered == {v for v in MOVES if expected(v, state, role) == "allowed" and v != "report"}


@pytest.mark.parametrize(
    ("verb", "came_from", "lead", "dispatcher", "who"),
    [
        ("upgrade", State.REPORTED, "lane", "lane", {"community_worker"}),
        ("refer", State.ESCALATED, "east_team", "east_center", {"street_center"}),
    ],
)
def test_out_of_handling_a_matter_goes_up_from_the_level_that_took_it_up(
    walk, cast, verb, came_from, lead, dispatcher, who
):
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    ticket.state, ticket.came_from = State.HANDLING, came_from
    ticket.lead_unit_id, ticket.dispatched_by_id = walk.units[lead].pk, walk.units[dispatcher].pk
    assert {role for role, actor in cast.items() if verdict(ticket, verb, actor) == "allowed"} == who
