"""The moves table against a list written by hand: verb, state, role -> allowed, or the refusal.

The ticket stands in 里巷社区, is led by the water department and was dispatched by the county's centre. A role that a
row does not name is forbidden; a state that no row of the verb names is an illegal move.
"""

import csv
from pathlib import Path

import pytest

from governance.access.actors import Actor
from governance.errors import DomainError
from tests.worlds import MONDAY
from tickets import actions
from tickets.actions import moving
from tickets.models import Ticket
from tickets.states import State
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
        rows = [(row["verb"], row["state"], row["allowed"].split()) for row in csv.DictReader(file)]
    return {(verb, state): allowed for verb, state, allowed in rows}


TABLE = by_hand()


def expected(verb, state, role):
    if (verb, "*") in TABLE:
        return "not_built"
    if (verb, state) not in TABLE:
        return "illegal_move"
    if TABLE[verb, state] == ["illegal_move"]:  # by this ticket's way, not by the state
        return "illegal_move"
    return "allowed" if role in TABLE[verb, state] else "forbidden"


def verdict(ticket, verb, actor):
    try:
        moving.check(ticket, verb, by=actor)
    except DomainError as error:
        return error.code
    return "allowed"


def test_every_verb_of_the_table_was_written_by_hand():
    assert {verb for verb, _ in TABLE} == set(MOVES) - {"report"}


@pytest.fixture
def cast(walk):
    found = {role: walk.actor(name) for role, name in PEOPLE.items()}
    found["system"] = walk.system
    found["reporter"] = Actor(kind="reporter", tenant_id=walk.tenant.pk, reporter_id=1)
    return found


@pytest.mark.parametrize("state", State.values)
def test_the_table_is_what_was_written_by_hand(walk, cast, state):
    draft = actions.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = actions.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    closed = {"closed_at": MONDAY, "outcome": "fixed"} if state == State.CLOSED else {}
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state,
        came_from="referred",
        lead_unit=walk.units["water"],
        dispatched_by=walk.units["county_center"],
        **closed,
    )
    ticket.refresh_from_db()
    verbs = sorted(set(MOVES) - {"report"})
    found = {(v, role): verdict(ticket, v, actor) for v in verbs for role, actor in cast.items()}
    wanted = {(v, role): expected(v, state, role) for v in verbs for role in cast}
    assert found == wanted


@pytest.mark.parametrize("state", State.values)
def test_the_buttons_are_the_allowed_moves(walk, cast, state):
    draft = actions.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = actions.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    ticket.state, ticket.lead_unit_id = state, walk.units["water"].pk
    ticket.came_from = State.REFERRED
    ticket.dispatched_by_id = walk.units["county_center"].pk
    for role, actor in cast.items():
        offered = {move.verb for move in moving.available(ticket, actor)}
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
    draft = actions.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = actions.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    ticket.state, ticket.came_from = State.HANDLING, came_from
    ticket.lead_unit_id, ticket.dispatched_by_id = walk.units[lead].pk, walk.units[dispatcher].pk
    assert {role for role, actor in cast.items() if verdict(ticket, verb, actor) == "allowed"} == who
