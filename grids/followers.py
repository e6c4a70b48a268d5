"""What lies in places and hangs on units, kept by higher rooms: counted before a change, moved along with it.

A room registers one follower per kind of thing; the territory never reads a higher room's tables.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from governance.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Move:
    """What lay at one place lies at another from now on; a building that changes its grid keeps its id."""

    area_id: int
    path: str
    to_id: int
    to_path: str


class Follower(Protocol):
    """One kind of thing: `label` is what people call it."""

    label: Any

    def open_at(self, paths: Iterable[str]) -> Counter[str]:
        """How many are open at exactly each of the paths; one statement."""

    def held_by(self, unit_id: int) -> int:
        """How many are open that the unit must still act on; one statement."""

    def move(self, moves: Sequence[Move], *, by: Actor, at: datetime) -> int:
        """Move along what is open, in the open transaction, each written down; returns how many."""


_FOLLOWERS: list[Follower] = []


def follows(follower: Follower) -> None:
    """Register; the order is the one in which people are told."""
    _FOLLOWERS.append(follower)


def open_at(paths: Iterable[str]) -> list[tuple[str, Counter[str]]]:
    """For each kind its label and what is open at the paths."""
    asked = list(paths)
    return [(str(one.label), one.open_at(asked)) for one in _FOLLOWERS]


def held_by(unit_id: int) -> list[tuple[str, int]]:
    """For each kind its label and what waits for a unit."""
    return [(str(one.label), one.held_by(unit_id)) for one in _FOLLOWERS]


def move(moves: Sequence[Move], *, by: Actor, at: datetime) -> list[tuple[str, int]]:
    """Let everything follow; returns for each kind its label and how many moved."""
    return [(str(one.label), one.move(moves, by=by, at=at)) for one in _FOLLOWERS]
