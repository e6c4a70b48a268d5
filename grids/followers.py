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


_FOLLOWERS: list[Follower] = []


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
