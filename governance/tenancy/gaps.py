"""Setup check of a district: each app checks what is still missing before work can begin."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The result of one check: how many are missing, the first of them by name, and the page to correct it.

    `title` says what is missing, `why` the consequence, `well` what is true if nothing is missing. `grave`
    means that work is blocked by it; else it only goes less well. `path` is below the desk. `progress` says how far
    the work on it has come.
    """

    title: Any
    well: Any
    why: Any
    count: int
    path: str
    names: tuple[str, ...] = ()
    grave: bool = False
    progress: Any = ""

    @property
    def more(self) -> int:
        """The number of missing ones that are not named; 0 if none is named."""
        return self.count - len(self.names) if self.names else 0


Asked = Callable[[datetime], Iterable[Gap]]
_rooms: dict[int, Asked] = {}


def registers_check(order: int) -> Callable[[Asked], Asked]:
    """Register the checks of an app, in this order; each takes a fixed number of statements."""

    def kept(room: Asked) -> Asked:
        _rooms[order] = room
        return room

    return kept


def run_checks(at: datetime) -> list[Gap]:
    """Run every check in the open scope; blocking gaps first, then other gaps, then what is well."""
    found = [gap for order in sorted(_rooms) for gap in _rooms[order](at)]
    return sorted(found, key=lambda gap: (not gap.count, not gap.grave))


def gap_of_rows(rows: QuerySet, *, name: str = "name", **said: Any) -> Gap:
    """A gap from the rows with the fault, counted and named in one statement."""
    found = list(rows.annotate(in_all=Window(Count("pk"))).values_list(name, "in_all")[:NAMED])
    return Gap(count=found[0][1] if found else 0, names=tuple(each for each, _all in found), **said)


def gap_of_one(there: bool, **said: Any) -> Gap:
    """A gap of one thing that exists or not."""
    return Gap(count=0 if there else 1, **said)
