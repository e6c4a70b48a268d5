"""Registry of followers: objects of higher apps that a change of the territory counts and moves along.

An app registers one follower per kind of object; the territory never reads a higher app's tables.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from governance.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Move:
    """Objects of one area belong to another from now on; a building that changes its grid keeps its id."""

    area_id: int
    path: str
    to_id: int
    to_path: str


class Follower(Protocol):
    """One kind of object; `label` is its name for people."""

    label: Any

    def open_at(self, paths: Iterable[str]) -> Counter[str]:
        """The number of open objects at exactly each of the paths; one statement."""

    def held_by(self, unit_id: int) -> int:
        """The number of open objects on which the unit must still act; one statement."""

    def move(self, moves: Sequence[Move], *, by: Actor, at: datetime) -> int:
        """Move the open objects inside the open transaction, record an event of each, and return their
        number."""


class Keeper(Protocol):
    """The work in one member's name: kept by a higher app, handed over on its page, or given back to the unit."""

    def is_laden(self, member_id: int, by: Actor, at: datetime) -> bool:
        """Is anything still in the member's name that `by` may know of, or only received by the member?"""

    def page_of(self, member_id: int) -> str:
        """The address, relative to the desk, that says what it is and offers the handover."""

    def page_of_post(self, member: Any, post_id: int, by: Actor, at: datetime) -> str:
        """The same address for one post, if its end leaves a unit with open work and without anyone; else empty."""

    def give_back(self, member: Any, *, by: Actor, at: datetime) -> None:
        """Give what is in the name of a member who was switched off back to the units, in the open transaction."""


_FOLLOWERS: list[Follower] = []
_KEEPERS: list[Keeper] = []


def keeps(keeper: Keeper) -> None:
    """Register the keeper of the work in members' names."""
    _KEEPERS[:] = [keeper]


def page_of_load(member_id: int, by: Actor, at: datetime) -> str:
    """The address of the handover, if anything is still in the member's name; else empty."""
    laden = [one for one in _KEEPERS if one.is_laden(member_id, by, at)]
    return laden[0].page_of(member_id) if laden else ""


def page_of_post(member: Any, post_id: int, by: Actor, at: datetime) -> str:
    """The address of the handover, if the end of a post leaves a unit with open work and without anyone; else
    empty."""
    return next(filter(None, (one.page_of_post(member, post_id, by, at) for one in _KEEPERS)), "")


def give_back(member: Any, *, by: Actor, at: datetime) -> None:
    """Give what is in the member's name back to the units."""
    for one in _KEEPERS:
        one.give_back(member, by=by, at=at)


def follows(follower: Follower) -> None:
    """Register a follower; people see the kinds in the order of registration."""
    _FOLLOWERS.append(follower)


def open_at(paths: Iterable[str]) -> list[tuple[str, Counter[str]]]:
    """For each kind, its label and the open objects at the paths."""
    asked = list(paths)
    return [(str(one.label), one.open_at(asked)) for one in _FOLLOWERS]


def held_by(unit_id: int) -> list[tuple[str, int]]:
    """For each kind, its label and the number of objects that wait for a unit."""
    return [(str(one.label), one.held_by(unit_id)) for one in _FOLLOWERS]


def move(moves: Sequence[Move], *, by: Actor, at: datetime) -> list[tuple[str, int]]:
    """Move the objects of every kind; returns for each kind its label and the number moved."""
    return [(str(one.label), one.move(moves, by=by, at=at)) for one in _FOLLOWERS]
