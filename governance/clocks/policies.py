"""Policies of time limits: how long, in which unit, when to warn, and when to escalate.

A clock stores its policy as a snapshot; a later change of the settings does not affect it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from governance.clocks.calendar import MINUTE, Calendar, Left, Mode, Term, Unit, micros
from governance.clocks.timeline import Stretch, after, replay

LONGEST = {Unit.WORK_MINUTES: 5_000_000, Unit.NATURAL_MINUTES: 5_256_000, Unit.WORKDAYS: 2_500}
Span = tuple[int, Unit]


class Scoring(StrEnum):
    """The due time by which a clock with changed time limits is judged."""

    WORST = "worst"  # late if it was ever late
    LAST = "last"  # only the last due time counts


@dataclass(frozen=True, slots=True)
class Policy:
    """A time limit and its steps. A budget of 0 means no time limit and no clock."""

    budget: int
    unit: Unit
    mode: Mode = Mode.END_OF_DAY
    roll_forward: bool = False
    warn_shares: tuple[int, ...] = (50, 80)
    warn_before: int = 60
    escalate_after: tuple[Span, ...] = ((1, Unit.WORKDAYS), (5, Unit.WORKDAYS))
    pausable: bool = True
    pause_stops_overdue: bool = False
    pause_limit: Span | None = None  # a pause ends automatically after this time
    warn_at_start: bool = (
        False  # a last warning that would lie before the start is given at the start, else not at all
    )
    scoring: Scoring = Scoring.WORST
    excuse_late: bool = False  # an extension granted after the due time excuses the breach
    changed_at: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.budget <= LONGEST[self.unit]:
            raise ValueError(f"a budget of {self.budget} {self.unit} is not between 0 and ten years")
        if len(self.warn_shares) > 2 or not all(0 < share < 100 for share in self.warn_shares):
            raise ValueError("at most two warnings, each at a share between 0 and 100")
        if len(self.escalate_after) > 2:
            raise ValueError("at most two steps of escalation")

    @property
    def term(self) -> Term:
        """The way to count the budget."""
        return Term(self.unit, self.mode, self.roll_forward)

    def to_json(self) -> dict[str, Any]:
        """The snapshot that a clock stores."""
        return {
            "budget": self.budget,
            "unit": str(self.unit),
            "mode": str(self.mode),
            "roll_forward": self.roll_forward,
            "warn_shares": list(self.warn_shares),
            "warn_before": self.warn_before,
            "escalate_after": [[amount, str(unit)] for amount, unit in self.escalate_after],
            "pausable": self.pausable,
            "pause_stops_overdue": self.pause_stops_overdue,
            "pause_limit": [self.pause_limit[0], str(self.pause_limit[1])] if self.pause_limit else None,
            "warn_at_start": self.warn_at_start,
            "scoring": str(self.scoring),
            "excuse_late": self.excuse_late,
            "changed_at": self.changed_at,
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Policy:
        """The policy of a snapshot or of a settings page. Raises ValueError or KeyError if it is invalid."""
        given = dict(facts)
        given["unit"] = Unit(given["unit"])
        given["mode"] = Mode(given.get("mode", Mode.END_OF_DAY))
        given["warn_shares"] = tuple(given.get("warn_shares", (50, 80)))
        if "escalate_after" in given:
            given["escalate_after"] = tuple((amount, Unit(unit)) for amount, unit in given["escalate_after"])
        if given.get("pause_limit"):
            given["pause_limit"] = (given["pause_limit"][0], Unit(given["pause_limit"][1]))
        given["scoring"] = Scoring(given.get("scoring", Scoring.WORST))
        return cls(**given)

    def changed(self, at: datetime) -> Policy:
        """The same policy, marked as changed at this moment: a step due before was missed by the change."""
        return replace(self, changed_at=at.isoformat())


def timetable(
    policy: Policy, calendar: Calendar, runs: Sequence[Stretch], since: datetime
) -> list[tuple[str, datetime]]:
    """The steps of a running clock in order, with their moments; empty while it is paused.

    A warning at or before `since` is left out, never moved to the due time; only the last warning may, if the
    policy says so, come at the start itself. The due step and the escalations are included even in the past,
    so that a missed breach is still recorded.
    """
    due = replay(calendar, runs, policy.term.of(policy.budget), policy.term).due
    if due is None:
        return []
    steps = [(f"warn_{n}", at) for n, at in enumerate(_shares(policy, calendar, runs, due.at), 1)]
    last = steps[-1][1] if steps else since
    if policy.warn_before:
        before = calendar.before_due(due.at, policy.warn_before, policy.term)
        steps += [("warn_3", before)] if before > last else []
    kept = [(name, at) for name, at in steps if since < at < due.at]
    if policy.warn_at_start and policy.warn_before and since <= runs[0].start and before <= runs[0].start:
        kept.insert(0, ("warn_3", since))
    kept.append(("due", due.at))
    for n, (amount, unit) in enumerate(policy.escalate_after, 1):
        at = after(calendar, runs, due.at, amount, unit)
        kept += [(f"escalate_{n}", at)] if at else []
    return kept


def _shares(policy: Policy, calendar: Calendar, runs: Sequence[Stretch], due: datetime) -> list[datetime]:
    term, total = Term(policy.unit), policy.budget * MINUTE
    if policy.unit == Unit.WORKDAYS:  # a share of days is a share of the working time inside them
        term = Term(Unit.WORK_MINUTES)
        total = sum(_spent(calendar, run, due, term) for run in runs)
    parts = [Left(micros=total * share // 100) for share in policy.warn_shares if total]
    reached = [replay(calendar, runs, part, term).due for part in parts]
    return [found.at for found in reached if found is not None]


def _spent(calendar: Calendar, run: Stretch, due: datetime, term: Term) -> int:
    end = min(run.end or due, due)
    return calendar.spent(micros(run.start), micros(end), term) if end > run.start else 0
