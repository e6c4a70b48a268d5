"""Sources of published holidays: a library, or a file written from the official notice. No network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from django.utils.translation import gettext as _

from governance.errors import Invalid


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date of a published year: a day off, or a make-up workday."""

    date: date
    off: bool
    name: str = ""


EARLIEST = 2018
LIBRARY = "chinesecalendar"


def covered_years(first: int = EARLIEST) -> list[int]:
    """The years that the library covers, from `first` up to the first year that it does not know."""
    found = []
    for year in range(first, first + 100):
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            break
        found.append(year)
    return found


def of_library(year: int) -> list[Holiday]:
    """The published days of a year from the library. Raises Invalid for a year it does not cover."""
    try:
        return list(_days(year))
    except NotImplementedError:
        text = _("节假日数据尚未包含 %(year)s 年，请等国务院办公厅通知后用文件导入") % {"year": year}
        raise Invalid(text, code="unknown_year", field="year") from None


def _days(year: int) -> Iterator[Holiday]:
    day = date(year, 1, 1)
    while day.year == year:
        holiday, name = chinese_calendar.get_holiday_detail(day)
        if holiday and name:
            yield Holiday(day, True, _chinese(name))
        elif not holiday and day.weekday() >= 5:
            yield Holiday(day, False, _chinese(name) if name else "")
        day += timedelta(days=1)


def _chinese(name: str) -> str:
    return chinese_calendar.Holiday(name).chinese


def of_file(path: Path) -> dict[int, list[Holiday]]:
    """Published days by year from a JSON file.

    The file holds {"year": 2027, "days": [{"name", "date", "isOffDay"}]}, or only the list. A notice may
    include days of the December before, so days are sorted by their own year. Raises Invalid with the number
    of the entry that cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        text = _("无法读取文件 %(path)s：%(why)s") % {"path": path, "why": error}
        raise Invalid(text, code="bad_file", field="file") from error
    entries = content.get("days") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise Invalid(_("文件里没有 days 列表"), code="bad_file", field="file")
    years: dict[int, list[Holiday]] = {}
    for number, entry in enumerate(entries, 1):
        holiday = _entry(number, entry)
        years.setdefault(holiday.date.year, []).append(holiday)
    return years


def _entry(number: int, entry: object) -> Holiday:
    try:
        return Holiday(
            date.fromisoformat(entry["date"]), entry["isOffDay"] is True, str(entry.get("name", ""))
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        text = _("第 %(number)s 项有误：%(why)s") % {"number": number, "why": error}
        raise Invalid(text, code="bad_entry", field="days") from error
