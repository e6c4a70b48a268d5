"""No ticket gets stuck: in every open state and with every history, some actor can move it on.

The test covers every combination of the settings that decide about moves. A move that only talks (a note, a
reminder, a request that another must grant) does not count as moving on.
"""

import itertools

import pytest

from tests.tickets.walks.test_moves_table import PEOPLE, standing
from tickets.models import Ticket
from tickets.states import OPEN, State
from tickets.ticket import rights as ticket_rights
from tickets.workflow import MOVES

ON = {move.verb for move in MOVES.values() if move.targets} - {"void", "merge", "withdraw"}
WAYS = [
    "",
    "pending=transfer",
    "pending=extension",
    "pending=deferral",
    "pending=void",
    "ruling=due",
    "ruling=given",
    "returns=9",
    "extensions=9",
    "supervised=1",
    "assistant=asked",
    "assistant=accepted",
    "own=lane",
    "own=county_center",
    "against_unit=lane",
    "against_unit=east_center",
]
SETTINGS = [
    {"return_limit": limit, "extension_limit": most, "rise": rise, "verify_by_other": other}
    for limit, most, rise, other in itertools.product((0, 2), (0, 2), (True, False), (True, False))
]


@pytest.fixture
def cast(walk):
    found = {role: walk.actor(name) for role, name in PEOPLE.items()}
    return {**found, "system": walk.system}


def possible(ticket, cast):
    """True if some actor has a move that takes the ticket further."""
    return any(move.verb in ON for actor in cast.values() for move in ticket_rights.available(ticket, actor))


@pytest.mark.parametrize("state", sorted(OPEN))
def test_somebody_can_move_it_on_under_every_setting(walk, cast, state):
    for way in WAYS:
        ticket = on_its_way(walk, state, way)
        for settings in SETTINGS:
            walk.tenant.settings = settings
            assert possible(ticket, cast), (state, way, settings)


def on_its_way(walk, state, way):
    """Create a ticket in the state, with the named history."""
    name, _, value = way.partition("=")
    ticket = standing(walk, state, "" if name == "against_unit" else way)
    changes = {"before": "reported"} if state == State.DIVIDED else {}
    if name == "against_unit":
        changes[name] = walk.units[value]
    if changes:
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
        ticket.refresh_from_db()
    return ticket


def test_every_open_state_leads_to_the_end_by_the_table():
    """By built moves alone every open state leads to closed."""
    reached = {State.CLOSED}
    while True:
        before = len(reached)
        built = [move for move in MOVES.values() if move.built and move.targets & reached]
        reached |= {
            source for move in built if move.verb in ON for source in move.sources if move.verb != "unmerge"
        }
        if len(reached) == before:
            break
    assert reached >= OPEN
