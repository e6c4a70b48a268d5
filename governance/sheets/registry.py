"""Registry of settings sheets: each app adds its own when it is loaded."""

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
    """A present row: the object it was read from, and its texts by column."""

    subject: Any
    cells: dict[str, str]


class Reader(Protocol):
    """A function that returns the rows the actor may change, in order.

    With `lock` the rows stay locked until the transaction ends.
    """

    def __call__(self, *, by: Actor, at: datetime, lock: bool) -> list[Present]: ...


class Adder(Protocol):
    """A function that creates a row through the ordinary action; it raises what the action raises."""

    def __call__(self, cells: Cells, *, by: Actor, at: datetime) -> object: ...


class Changer(Protocol):
    """A function that changes a row through ordinary actions; `changed` are the keys of the changed cells."""

    def __call__(
        self, subject: Any, cells: Cells, *, changed: set[str], by: Actor, at: datetime
    ) -> object: ...


def held(rows: QuerySet, lock: bool) -> QuerySet:
    """The rows; with `lock`, locked until the transaction ends, without blocking rows that refer to them."""
    return rows.select_for_update(of=("self",), no_key=True) if lock else rows


def _never(cells: Cells, at: datetime) -> bool:
    return False


def _as_they_are(cells: dict[str, str]) -> dict[str, str]:
    return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One setting as a table.

    `identity` names the columns that identify a row, `named` those that people know it by, `parent` the
    column with the identity of a row that must exist before. `gone` returns True for a line that needs no
    row, because it was removed or is past. `settle` adjusts cells whose meaning depends on another cell.
    """

    slug: str
    label: Any
    page: str  # URL name of the page of the setting
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
    template: str = "governance/sheets/page.html"

    def column(self, key: str) -> Column:
        """The column with this key."""
        return next(column for column in self.columns if column.key == key)

    def wanted(self) -> list[list[str]]:
        """The accepted headings of each column, the first one in the reader's language."""
        return [[str(column.heading), *column.headings()] for column in self.columns]

    def identity_of(self, cells: Cells) -> tuple[str, ...]:
        """The texts that identify a row."""
        return tuple(cells.get(key, "") for key in self.identity)

    def name_of(self, cells: Cells) -> str:
        """The name of a row for people."""
        said = (self.column(key).said(cells.get(key, "")) for key in self.named or self.identity)
        return " ".join(word for word in said if word)


_sheets: dict[str, Sheet] = {}


def add(*sheets: Sheet) -> None:
    """Register sheets; a second one with the same slug replaces the first."""
    for sheet in sheets:
        _sheets[sheet.slug] = sheet


def sheet_for(slug: str, by: Actor) -> Sheet:
    """The sheet with this slug. Raises Missing, or Forbidden without one of its permissions."""
    found = _sheets.get(slug)
    if found is None:
        raise Missing(_("页面不存在"))
    if not any(by.grants_with(permission) for permission in found.anyone_with):
        raise Forbidden(_("您的岗位无此权限"))
    return found


def slugs() -> list[str]:
    """The slugs of all registered sheets."""
    return sorted(_sheets)
