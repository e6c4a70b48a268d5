"""The table of whistle moves, compared with a list written by hand: verb, state, stage -> members."""

import pytest

from governance.errors import DomainError, IllegalMove
from tests.worlds import MONDAY
from tickets.models import Whistle, WhistleParty
from tickets.whistles import rights as whistle_rights
from tickets.whistles.actions import blowing
from tickets.whistles.actions.blowing import Called, Summons
from tickets.whistles.workflow import MOVES, Stage, WhistleState

STREET, COUNTY = {"center"}, {"county"}
UNIT = {"head", "member"}
PEOPLE = (
    "worker", "lead", "community", "street", "center", "west_center", "county", "head", "member", "parks_head",
    "team", "clerk", "leader", "admin", "nobody", "system",
)  # fmt: skip
OPEN = ("blown", "answered", "working")
#: (verb, states, stages of the summoned water department, members who may). Everything else is refused.
BY_HAND = [
    ("answer", OPEN, ("asked",), UNIT),
    ("arrive", OPEN, ("asked", "answered"), UNIT),
    ("refuse", OPEN, ("asked",), UNIT),
    ("uphold", OPEN, ("refused",), COUNTY),
    ("overrule", OPEN, ("refused",), COUNTY),
    ("confirm", OPEN, ("asked", "answered"), STREET),
    ("assign_task", OPEN, Stage.values, STREET),
    ("tick", OPEN, Stage.values, STREET | UNIT),
    ("summon", OPEN, Stage.values, STREET),
    ("release", OPEN, ("asked", "answered", "on_site"), STREET),
    ("end", OPEN, Stage.values, STREET),
    ("rate_unit", ("ended",), ("released", "missed"), STREET),
    ("rate_whistle", ("ended",), ("released", "missed"), UNIT),
    ("close", ("ended",), Stage.values, {"system"}),
]
THERE = {Stage.ON_SITE, Stage.RELEASED}


def test_every_verb_was_written_by_hand():
    assert {verb for verb, *_rest in BY_HAND} == set(MOVES)


def standing(walk, state, stage):
    party = Called(walk.units["water"])
    call = Summons(kind="pressing", text="占道", area=walk.areas["lane"], parties=(party,))
    made = blowing.blow(call, by=walk.actor("center"), at=MONDAY)
    ended = MONDAY if state in {"ended", "rated"} else None
    Whistle.objects.filter(pk=made.pk).update(state=state, ended_at=ended)
    there = {"on_site_at": MONDAY, "seen_by": "desk"} if stage in THERE else {}
    WhistleParty.objects.update(stage=stage, **there)
    return Whistle.objects.get(pk=made.pk)


def verdict(whistle, verb, actor):
    try:
        whistle_rights.check(whistle, verb, by=actor)
    except IllegalMove:
        return "illegal_move"
    except DomainError as error:
        return error.code
    return "allowed"


@pytest.mark.parametrize("state", WhistleState.values)
def test_the_table_is_what_was_written_by_hand(walk, state):
    cast = {name: walk.actor(name) for name in PEOPLE if name != "system"} | {"system": walk.system}
    sides = {verb: who for verb, _states, _stages, who in BY_HAND}
    for stage in Stage.values:
        whistle = standing(walk, state, stage)
        wanted, found = {}, {}
        for verb, states, stages, who in BY_HAND:
            for name, actor in cast.items():
                fits = state in states and (stage in stages)
                refused = "illegal_move" if state not in states or name in sides[verb] else "forbidden"
                wanted[verb, name] = "allowed" if fits and name in who else refused
                found[verb, name] = verdict(whistle, verb, actor)
        assert found == wanted, stage
        for name, actor in cast.items():
            offered = {offer.move.verb for offer in whistle_rights.available(whistle, actor)}
            allowed = {verb for (verb, one), word in wanted.items() if one == name and word == "allowed"}
            assert offered == allowed - {"close"}, (name, stage)
