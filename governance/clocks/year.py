"""A year of the work calendar for a page: twelve months of days, each a workday or a day off."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.clocks.models import CalendarDay

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `special`: it has a dated exception, with its name.

    `in_month` is False for days of the neighbouring months that fill a week.
    """

    date: date
    open: bool
    special: bool
    name: str
    in_month: bool


def months(year: int, week: Mapping[str, Any], days: Mapping[date, CalendarDay]) -> list[list[list[Day]]]:
    """Twelve months of weeks, Monday first.

    `week` has the slots of "1" to "7", `days` the dated exceptions.
    """
    return [
        [
            [_day(one, one.month == month, week, days) for one in seven]
            for seven in Weeks().monthdatescalendar(year, month)
        ]
        for month in MONTHS
    ]


def _day(day: date, in_month: bool, week: Mapping[str, Any], days: Mapping[date, CalendarDay]) -> Day:
    found = days.get(day)
    works = found.kind == CalendarDay.Kind.WORK if found else by_week(day, week)
    return Day(day, works, found is not None, found.name if found else "", in_month)


def by_week(day: date, week: Mapping[str, Any]) -> bool:
    """True if the weekly hours include that day."""
    return bool(week.get(str(day.isoweekday())))
