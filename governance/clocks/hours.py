"""Calendars as people write them: weekly hours, dated exceptions, and the published years.

A day can have several slots, half open, in minutes after local midnight. No database, no present time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

Slot = tuple[int, int]
"""Minutes after local midnight, half open: (510, 720) is 08:30 to 12:00."""

Week = tuple[tuple[Slot, ...], ...]
"""Seven days, Monday first."""

DAY_MINUTES = 1440


class CalendarError(ValueError):
    """The calendar itself is wrong: no open slot, overlapping slots, an unknown zone."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """One dated exception. An open day without its own slots has the hours of an ordinary workday."""

    open: bool
    slots: tuple[Slot, ...] | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar as people write it, before compiling."""

    zone: str
    week: Week
    days: Mapping[date, DayRule] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    first_year: int = 2015
    last_year: int = 2036
    version: int = 0

    def with_exceptions(self, days: Mapping[date, DayRule], week: Week | None = None) -> CalendarSpec:
        """The calendar of one unit: this one, overlaid with the unit's own days and hours."""
        return replace(self, days={**self.days, **days}, week=week or self.week)


def parse_slots(pairs: Iterable[Sequence[str]]) -> tuple[Slot, ...]:
    """Slots from [["08:30", "12:00"], ...], sorted. Raises CalendarError.

    23:59 is read as the end of the day, so that a calendar written as 00:00-23:59 has no missing minute.
    """
    slots = sorted((_minute(first), _minute(last, closing=True)) for first, last in pairs)
    for first, last in slots:
        if first >= last:
            raise CalendarError(f"slot {_clock(first)}-{_clock(last)} ends before it begins")
    for (_, last), (first, _) in pairwise(slots):
        if first < last:
            raise CalendarError(f"slots overlap at {_clock(first)}")
    return tuple(slots)


def spans(text: str) -> list[list[str]]:
    """Pairs of times [["08:30", "12:00"], ...] from "08:30-12:00 14:00-17:30", with any usual separator.

    Raises CalendarError.
    """
    found = [part for part in re.split(r"[\s,，;；、]+", text.replace("：", ":")) if part]
    pairs = [re.split(r"[-–—~至]", part) for part in found]
    if any(len(pair) != 2 for pair in pairs):
        raise CalendarError(f"{text!r} is not written like 08:30-12:00 14:00-17:30")
    return pairs


def parse_week(week: Mapping[str, Iterable[Sequence[str]]]) -> Week:
    """Seven days from {"1": [["08:30", "12:00"]], ...}; ISO weekday numbers, missing days are closed."""
    unknown = set(week) - {str(n) for n in range(1, 8)}
    if unknown:
        raise CalendarError(f"unknown weekday {sorted(unknown)[0]!r}: write 1 (Monday) to 7 (Sunday)")
    return tuple(parse_slots(week.get(str(n), ())) for n in range(1, 8))


def _minute(text: str, *, closing: bool = False) -> int:
    try:
        hours, minutes = (int(part) for part in text.split(":"))
    except (ValueError, AttributeError):
        raise CalendarError(f"{text!r} is not a time of day like 08:30") from None
    total = hours * 60 + minutes
    if not (0 <= minutes < 60 and 0 <= total <= DAY_MINUTES):
        raise CalendarError(f"{text!r} is not a time of day like 08:30")
    return DAY_MINUTES if closing and total == DAY_MINUTES - 1 else total


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
