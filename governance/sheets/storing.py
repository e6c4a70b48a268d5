"""Apply the lines of an imported sheet, or find out what they would change by applying and undoing them."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from governance.sheets.comparing import Step, compare, fingerprint, read
from governance.sheets.registry import Cells, Sheet
from governance.sheets.tables import Fault, Row
from governance.tenancy.dry_run import attempt

MOST_CHANGES = 1_000  # lines tried in one request, about 20 ms each
ROUNDS = 8  # how deep lines may depend on each other: a tree is deactivated from its leaves upwards


@dataclass(frozen=True, slots=True)
class Line:
    """One line that changes something: its number, its name for people, and its changes.

    A change is (field, before, after).
    """

    line: int
    name: str
    fields: list[tuple[str, str, str]]


@dataclass(slots=True)
class Preview:
    """The changes that a file would make, in the reader's language."""

    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    taken: list[str] = field(
        default_factory=list
    )  # sentences that say which row and columns were taken for what

    @property
    def asks_for_nothing(self) -> bool:
        """True if no line would change anything and none is faulty."""
        return not (self.added or self.changed or self.faults)

    def words(self) -> str:
        """A summary in one line."""
        return _(
            "新增 %(a)d 行，修改 %(c)d 行，不变 %(s)d 行，有误 %(f)d 行；文件中没有的 %(m)d 行保持不变"
        ) % {
            "a": len(self.added),
            "c": len(self.changed),
            "s": self.unchanged,
            "f": len(self.faults),
            "m": len(self.missing),
        }

    def to_json(self) -> str:
        """JSON, to be stored until the member confirms."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Preview":
        """The preview that `to_json` wrote."""
        facts = json.loads(text)
        for name in ("added", "changed"):
            facts[name] = [Line(**one) for one in facts[name]]
        return cls(**{**facts, "faults": [_fault(one) for one in facts["faults"]]})


def _fault(facts: dict[str, Any]) -> Fault:
    return Fault(**{**facts, "keys": tuple(facts["keys"])})


def carry_out(
    sheet: Sheet,
    rows: list[Row],
    *,
    by: Actor,
    at: datetime,
    print_of: str | None = "",
    keep: bool = False,
    most: int = 0,
) -> tuple[Preview, str, bool]:
    """Apply the lines through ordinary actions; keep the changes only if all is well.

    They are undone unless `keep` is set, no line is faulty, and the rows still have the fingerprint
    `print_of`; with None they are not compared.

    Returns the preview, the fingerprint of the rows before, and whether the changes were kept. Raises Invalid
    for a file without data or with too many changes.
    """
    reading = read(sheet, rows)
    present = sheet.present(by=by, at=at, lock=keep)
    now = fingerprint(present)
    plan = compare(sheet, reading, present, at)
    steps = plan.steps()
    if len(steps) > (most := most or MOST_CHANGES):
        message = _("一次最多更新 %(n)d 行，该文件有 %(have)d 行需更新，请分次导入")
        raise Invalid(message % {"n": most, "have": len(steps)}, code="too_many_changes")
    faults = [*reading.faults, *plan.faults]
    with attempt() as made:
        faults += _done(sheet, steps, by, at)
        made.kept = keep and not faults and print_of in {None, now}
    preview = Preview(
        added=[_line(sheet, step) for step in plan.added],
        changed=[_line(sheet, step) for step in plan.changed],
        missing=[sheet.name_of(cells) for cells in plan.missing],
        unchanged=plan.unchanged,
        faults=sorted(faults, key=lambda fault: fault.line),
        ignored=reading.ignored,
    )
    return _without_faulty(preview), now, made.kept


def _done(sheet: Sheet, steps: list[Step], by: Actor, at: datetime) -> list[Fault]:
    """Apply each step on its own, so that every failure is found; steps that failed are tried again.

    A later step may make an earlier one possible.
    """
    waiting, faults = steps, []
    for _round in range(ROUNDS):
        tried = [(step, _reason_against(sheet, step, by, at)) for step in waiting]
        faults = [Fault(step.row.line, reason, step.row.cells) for step, reason in tried if reason]
        if len(faults) in {0, len(waiting)}:
            break
        waiting = [step for step, reason in tried if reason]
    return faults


def _reason_against(sheet: Sheet, step: Step, by: Actor, at: datetime) -> str:
    """Apply one step; returns the reason if it is refused, else the empty text."""
    try:
        with transaction.atomic():
            if step.subject is None:
                sheet.add(step.cells, by=by, at=at)
            else:
                step.subject.refresh_from_db()  # another line, or a failed attempt, may have changed it
                sheet.change(step.subject, step.cells, changed=set(step.changed), by=by, at=at)
    except DomainError as error:
        return str(error)
    return ""


def _line(sheet: Sheet, step: Step) -> Line:
    def said(cells: Cells, key: str) -> str:
        return sheet.column(key).said(cells.get(key, ""))

    fields = [
        (str(column.heading), said(step.was, column.key) if step.was else "", said(step.cells, column.key))
        for column in sheet.columns
        if column.key in step.changed and (step.was or step.cells.get(column.key))
    ]
    return Line(step.row.line, sheet.name_of(step.cells), fields)


def _without_faulty(preview: Preview) -> Preview:
    """Remove the faulty lines from the added and changed ones."""
    faulty = {fault.line for fault in preview.faults}
    preview.added = [line for line in preview.added if line.line not in faulty]
    preview.changed = [line for line in preview.changed if line.line not in faulty]
    return preview
