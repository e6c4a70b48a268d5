"""What a district still lacks before work can run through it: every room asks its own questions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One question and its answer: how many are missing, the first of them by name, and where that is put right.

    `title` says what is missing, `why` what comes of it, `well` what holds where nothing is missing. `grave` says that
    work gets stuck by it, else it only goes less well. `path` is below the desk.
    """

    title: Any
    well: Any
    why: Any
    count: int
    path: str
    names: tuple[str, ...] = ()
    grave: bool = False

    @property
    def more(self) -> int:
        """How many are not named, where any are."""
        return self.count - len(self.names) if self.names else 0


Asked = Callable[[datetime], Iterable[Gap]]
_rooms: dict[int, Asked] = {}


def asks(order: int) -> Callable[[Asked], Asked]:
    """Have a room's questions asked, in order; each takes a fixed number of statements."""

    def kept(room: Asked) -> Asked:
        _rooms[order] = room
        return room

    return kept


def look(at: datetime) -> list[Gap]:
    """Every question with its answer, of the open scope: what stops work first, then advice, then what is well."""
    found = [gap for order in sorted(_rooms) for gap in _rooms[order](at)]
    return sorted(found, key=lambda gap: (not gap.count, not gap.grave))


def lacking(rows: QuerySet, *, name: str = "name", **said: Any) -> Gap:
    """The gap that these rows are, counted and named in one statement."""
    found = list(rows.annotate(in_all=Window(Count("pk"))).values_list(name, "in_all")[:NAMED])
    return Gap(count=found[0][1] if found else 0, names=tuple(each for each, _all in found), **said)


def absent(there: bool, **said: Any) -> Gap:
    """The gap of a thing that is there or not."""
    return Gap(count=0 if there else 1, **said)
