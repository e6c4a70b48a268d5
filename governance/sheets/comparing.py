"""Compare the lines of a file with the present rows: new, changed, missing or faulty."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.errors import DomainError, Invalid
from governance.sheets.columns import Column, required
from governance.sheets.registry import Present, Sheet
from governance.sheets.tables import Fault, Row, require_columns, settled


@dataclass(frozen=True, slots=True)
class Draft:
    """A readable line: its texts by column, for the columns that the file has."""

    row: Row
    cells: dict[str, str]


@dataclass(slots=True)
class Reading:
    """The content of a file, read without comparing it with the present rows."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)  # of each faulty line, its readable cells
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """One line that changes something; `subject` is None for a new row."""

    row: Row
    subject: Any
    was: dict[str, str]
    cells: dict[str, str]
    changed: frozenset[str]


@dataclass(slots=True)
class Plan:
    """The changes that a file requests."""

    added: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """The steps in the order in which they can be applied: changes first, because they can make room."""
        return [*self.changed, *self.added]


def read(sheet: Sheet, rows: list[Row]) -> Reading:
    """The readable lines as drafts, the others as faults.

    Raises Invalid if columns or all lines are missing.
    """
    if not rows:
        raise Invalid(_("文件里没有数据行"), code="no_rows")
    columns = [column for column in sheet.columns if not column.note]
    names = dict.fromkeys(name for row in rows for name in row.cells)
    everything = Row(1, dict.fromkeys(names, ""))
    require_columns([everything], *(tuple(one.headings()) for one in required(columns, sheet.identity)))
    there = [
        (column, column.reader(), present)
        for column in columns
        if (present := [name for name in column.headings() if name in names])
    ]
    found = Reading(ignored=_ignored(sheet, names))
    for row in rows:
        cells, reason, keys = _cells(row, there)
        if reason:
            found.faults.append(Fault(row.line, reason, row.cells, keys))
            found.unread.append(cells)
        else:
            found.drafts.append(Draft(row, sheet.settle(cells)))
    return found


def _ignored(sheet: Sheet, names: Iterable[str]) -> list[str]:
    """Headings that no column has, except those of our own sheet of faulty lines."""
    known = {name for column in sheet.columns for name in column.headings()}
    return [name for name in names if name and name not in known | {_("行号"), _("原因")}]


def _cells(
    row: Row, there: list[tuple[Column, Callable[[str], str], list[str]]]
) -> tuple[dict[str, str], str, tuple[str, ...]]:
    """The readable cells of a row, and all faults together with their headings, to correct the line at once."""
    found, wrong, keys = {}, [], []
    for column, read_cell, names in there:
        try:
            text = read_cell(row.get(*names))
        except DomainError as error:
            wrong.append(str(error))
            keys += names
            continue
        if text or not column.keeps:
            found[column.key] = text
    return found, "；".join(wrong), tuple(keys)


def compare(sheet: Sheet, reading: Reading, present: list[Present], at: datetime) -> Plan:
    """Compare each line with the present row; a repeated line or a change of a fixed field is a fault."""
    plan, seen = Plan(), set()
    kept = {sheet.identity_of(row.cells): row for row in present}
    for draft in reading.drafts:
        key = sheet.identity_of(draft.cells)
        if key in seen:
            plan.faults.append(_fault(draft, _("与文件中前面的一行重复")))
            continue
        seen.add(key)
        _place(sheet, plan, draft, kept.get(key), at)
    plan.added = _parents_first(sheet, plan.added)
    seen |= {sheet.identity_of(cells) for cells in reading.unread}
    plan.missing = [row.cells for key, row in kept.items() if key not in seen]
    return plan


def _place(sheet: Sheet, plan: Plan, draft: Draft, row: Present | None, at: datetime) -> None:
    if row is None:
        cells = {one.key: one.default for one in sheet.columns if not one.note} | draft.cells
        if sheet.gone(cells, at):
            plan.unchanged += 1
        else:
            plan.added.append(Step(draft.row, None, {}, cells, frozenset(cells)))
        return
    changed = {key for key, text in draft.cells.items() if text != settled(row.cells.get(key, ""))}
    fixed = [one for one in sheet.columns if one.fixed and one.key in changed]
    if fixed:
        message = _("“%(field)s”不能在此修改，原为“%(was)s”")
        was = fixed[0].said(row.cells.get(fixed[0].key, ""))
        plan.faults.append(_fault(draft, message % {"field": fixed[0].heading, "was": was}))
    elif changed:
        cells = row.cells | {key: draft.cells[key] for key in changed}
        plan.changed.append(Step(draft.row, row.subject, row.cells, cells, frozenset(changed)))
    else:
        plan.unchanged += 1


def _fault(draft: Draft, reason: str) -> Fault:
    return Fault(draft.row.line, reason, draft.row.cells)


def _parents_first(sheet: Sheet, steps: list[Step]) -> list[Step]:
    """New rows in an order in which each parent comes before its children."""
    if not sheet.parent:
        return steps
    waiting = {sheet.identity_of(step.cells): step for step in steps}
    placed: list[Step] = []
    for step in steps:
        line: list[Step] = []
        key: tuple[str, ...] = sheet.identity_of(step.cells)
        while key in waiting:
            line.append(waiting.pop(key))
            key = (line[-1].cells.get(sheet.parent, ""),)
        placed += reversed(line)
    return placed


def fingerprint(present: list[Present]) -> str:
    """A hash that is the same while no row changes."""
    lines = sorted(json.dumps(row.cells, ensure_ascii=False, sort_keys=True) for row in present)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
