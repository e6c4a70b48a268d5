"""Running times of a clock over its whole life, as pure arithmetic.

The due time is always found by going through every running stretch from the start, in the clock's own unit.
So pausing, extending, changing the time limit and editing the calendar are all the same calculation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance.clocks.calendar import MINUTE, Calendar, Due, Left, Mode, Term, Unit, micros


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which the clock ran; without an end, it is still running."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of all stretches: a due time, or, if the clock is paused, the time left."""

    due: Due | None
    left: Left


def stretches(segments: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    """The running stretches of a clock's segments; adjoining ones are joined, as if there were no pause."""
    found: list[Stretch] = []
    for segment in segments:
        if segment["state"] != "running":
            continue
        start = datetime.fromisoformat(segment["from"])
        end = datetime.fromisoformat(segment["to"]) if segment["to"] else None
        if found and found[-1].end == start:
            start = found.pop().start
        found.append(Stretch(start, end))
    return found


def replay(calendar: Calendar, runs: Iterable[Stretch], left: Left, term: Term) -> Replay:
    """Spend `left` along the stretches.

    Raises BeyondCalendar if the compiled years do not reach far enough.
    """
    provisional = False
    for run in runs:
        due = calendar.add_left(run.start, left, term)
        if run.end is None or due.at <= run.end:
            return Replay(Due(due.at, due.provisional or provisional), Left())
        provisional = provisional or _unpublished(calendar, run, term)
        left = calendar.remaining(run.end, due.at, term)
    return Replay(None, left)


def _unpublished(calendar: Calendar, run: Stretch, term: Term) -> bool:
    if term.unit == Unit.NATURAL_MINUTES or run.end is None:
        return False
    return calendar.touches_unpublished(micros(run.start), micros(run.end))


def usage(calendar: Calendar, runs: Iterable[Stretch], budget: int, term: Term, at: datetime) -> list[int]:
    """Whole units used in each stretch up to `at`; their sum is exactly the use shown for the clock."""
    if term.unit == Unit.WORKDAYS:
        return _days_used(calendar, runs, term.of(budget), term, at)
    total, shown, found = 0, 0, []
    for run in runs:
        end = min(run.end or at, at)
        total += calendar.spent(micros(run.start), micros(end), term) if end > run.start else 0
        found.append(total // MINUTE - shown)
        shown = total // MINUTE
    return found


def _days_used(
    calendar: Calendar, runs: Iterable[Stretch], left: Left, term: Term, at: datetime
) -> list[int]:
    whole, total, due, found = left.days, 0, None, []
    for run in runs:
        end, before = min(run.end or at, at), total
        if end > run.start and due is not None:
            total += calendar.used(run.start, end, term)
        elif end > run.start:
            reached = calendar.add_left(run.start, left, term).at
            due = reached if reached <= end else None
            left = calendar.remaining(end, reached, term)
            late = calendar.day_of(micros(end)) - calendar.day_of(micros(reached)) if due else 0
            total = max(
                total, whole - _days(left) + late
            )  # a stretch that began after hours may give one day less
        found.append(total - before)
    return found


def _days(left: Left) -> int:
    return left.days + (1 if left.micros else 0)


def overdue_since(runs: Iterable[Stretch], due: datetime) -> list[Stretch]:
    """The stretches, or parts of them, after the due time."""
    return [Stretch(max(run.start, due), run.end) for run in runs if run.end is None or run.end > due]


def after(
    calendar: Calendar, runs: Iterable[Stretch], due: datetime, amount: int, unit: Unit
) -> datetime | None:
    """The moment this many units of running time after the due time; None if a pause begins before it."""
    term, point = Term(unit, Mode.SAME_CLOCK), calendar.after_due(due, amount, unit)
    left: Left | None = None
    for run in overdue_since(runs, due):
        if left is not None:
            point = calendar.add_left(run.start, left, term).at
        if run.end is None or point <= run.end:
            return point
        left = calendar.remaining(run.end, point, term)
    return None
