"""Find the rows of an open list that have changed since they were shown."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.access.actors import Actor
from tickets.ticket import timing
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import COLUMNS, PAGE

#: Columns whose change counts. The age of a ticket does not, so that an untouched row stays as it is.
WATCHED = tuple(name for name in COLUMNS if name not in {"id", "number", "created_at"})
NOT_IN_LIST = "gone"


@dataclass(frozen=True, slots=True)
class Changes:
    """The changed rows, the ids of the rows that are no longer visible, and all stamps as they are now."""

    rows: list[dict[str, Any]]
    gone: list[int]
    seen: str


def stamp(row: Mapping[str, Any]) -> str:
    """A short checksum of the shown values; it changes when one of them changes."""
    return f"{zlib.crc32(repr([row[name] for name in WATCHED]).encode()):08x}"


def stamps_of(rows: list[dict[str, Any]]) -> str:
    """The stamps of a page of rows, as the page sends them back when it polls."""
    return ",".join(f"{row['id']}.{stamp(row)}" for row in rows)


def changes(shown: str, actor: Actor, at: datetime) -> Changes:
    """The changes of the rows whose stamps are given, at most one page of rows; one statement."""
    before = _read(shown)
    found = Ticket.objects.visible_to(actor).filter(pk__in=before)
    found = found.annotate(nearest=timing.nearest_clock()).values(*COLUMNS, "nearest")
    rows = {row["id"]: row for row in found}
    changed = [row for pk, row in rows.items() if stamp(row) != before[pk]]
    gone = [pk for pk, mark in before.items() if pk not in rows and mark != NOT_IN_LIST]
    now = ",".join(f"{pk}.{stamp(rows[pk]) if pk in rows else NOT_IN_LIST}" for pk in before)
    return Changes(timing.with_left(changed, at), gone, now)


def _read(shown: str) -> dict[int, str]:
    pairs = (part.partition(".") for part in shown.split(",")[:PAGE])
    return {int(pk): mark for pk, _dot, mark in pairs if pk.isascii() and pk.isdecimal() and len(pk) < 19}
