"""Which settings can be taken out and brought back: every room adds its own when it is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, Missing
from governance.sheets.columns import Column

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Present:
    """A row as it is now: what it was read from, and its texts by column."""

    subject: Any
    cells: dict[str, str]


class Reader(Protocol):
    """The present rows that the actor may change, in order; `lock` holds them until the transaction ends."""

    def __call__(self, *, by: Actor, at: datetime, lock: bool) -> list[Present]: ...


class Adder(Protocol):
    """Make a new row through the ordinary action; raises what the action raises."""

    def __call__(self, cells: Cells, *, by: Actor, at: datetime) -> object: ...


class Changer(Protocol):
    """Change a row through the ordinary actions; `changed` are the names of the cells that are not what they were."""

    def __call__(
        self, subject: Any, cells: Cells, *, changed: set[str], by: Actor, at: datetime
    ) -> object: ...


def held(rows: QuerySet, lock: bool) -> QuerySet:
    """The rows, with `lock` kept from others until the transaction ends; what refers to them does not wait."""
    return rows.select_for_update(of=("self",), no_key=True) if lock else rows


def _never(cells: Cells, at: datetime) -> bool:
    return False


def _as_they_are(cells: dict[str, str]) -> dict[str, str]:
    return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One setting as a table. `identity` names the columns by which a line is the same row again, `named` those by
    which people know it, `parent` the one that holds the identity of a row which must be there before. `gone` says of
    a line without a row that it asks for none: what was taken away, or is past. `settle` sees to cells of a line whose
    meaning hangs on another.
    """

    slug: str
    label: Any
    page: str  # where the setting is kept
    anyone_with: tuple[Permission, ...]
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    present: Reader
    add: Adder
    change: Changer
    named: tuple[str, ...] = ()
    parent: str = ""
    gone: Callable[[Cells, datetime], bool] = _never
    settle: Callable[[dict[str, str]], dict[str, str]] = _as_they_are
    note: Any = ""
    template: str = "governance/sheet.html"

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(column for column in self.columns if column.key == key)

    def identity_of(self, cells: Cells) -> tuple[str, ...]:
        """By what a row is found again."""
        return tuple(cells.get(key, "") for key in self.identity)

    def name_of(self, cells: Cells) -> str:
        """What people call a row."""
        said = (self.column(key).said(cells.get(key, "")) for key in self.named or self.identity)
        return " ".join(word for word in said if word)


_sheets: dict[str, Sheet] = {}


def add(*sheets: Sheet) -> None:
    """Offer settings as sheets; the same slug once."""
    for sheet in sheets:
        _sheets[sheet.slug] = sheet


def sheet_for(slug: str, by: Actor) -> Sheet:
    """The sheet of a slug; raises Missing, and Forbidden without one of its permissions."""
    found = _sheets.get(slug)
    if found is None:
        raise Missing(_("没有这个页面"))
    if not any(by.grants_with(permission) for permission in found.anyone_with):
        raise Forbidden(_("您的岗位没有这项权限"))
    return found


def slugs() -> list[str]:
    """Every setting that is offered."""
    return sorted(_sheets)
