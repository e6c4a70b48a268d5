"""Dates and times in the ways in which offices write them."""

import re
from datetime import date, datetime, timedelta

FIRST = date(1899, 12, 30)  # day 0 of a spreadsheet
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_WEEKDAY = r"[\s,，]*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?)?"
_TIME = (
    r"[T\s]*(上午|下午|晚上|中午|凌晨)?\s*(\d{1,2})\s*[:时点]\s*"
    r"(?:(\d{1,2})\s*[:分]?\s*)?(?:(\d{1,2})(?:\.\d+)?\s*秒?)?"
)
_WRITTEN = re.compile(rf"(?:{_DAY}|(\d{{4}})(\d{{2}})(\d{{2}})){_WEEKDAY}(?:{_TIME})?\s*")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号](?=\D|$)")
_SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?")  # 1954 to 2119, as a number in a cell without a date's format
_AFTERNOON = {"下午", "晚上", "中午"}
MIDDAY = 12


def day_of(text: str, near: date | None = None) -> date | None:
    """The date in a text such as 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日, 20261121 or 46347; else None.

    A time after it is not read. With `near`, 12月4日 is the one nearest to that day.
    """
    found = moment_of(text, near)
    return found.date() if found else None


def with_year(text: str, year: int) -> str:
    """The text with the year before a date that has none; other texts as they are."""
    return f"{year}年{text.strip()}" if _WITHOUT_YEAR.match(text.strip()) else text


def _with_nearest_year(text: str, near: date) -> str:
    found = _WITHOUT_YEAR.match(text)
    if found is None:
        return text
    month, day = int(found[1]), int(found[2])
    years = [year for year in range(near.year - 4, near.year + 5) if _exists(year, month, day)]
    return with_year(text, min(years, key=lambda year: abs(date(year, month, day) - near))) if years else text


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def moment_of(text: str, near: date | None = None) -> datetime | None:
    """The date and the time in a text, without a zone; midnight without a time. None if it is neither.

    With `near`, a date without a year is the one nearest to that day.
    """
    text = _with_nearest_year(text.strip(), near) if near else text.strip()
    text = text.replace("：", ":").replace("－", "-").replace("／", "/")
    if serial := _SERIAL.fullmatch(text):
        moment = datetime.combine(FIRST, datetime.min.time()) + timedelta(days=float(text))
        return (moment + timedelta(milliseconds=500)).replace(microsecond=0) if serial[2] else moment
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    parts = written.groups()
    year, month, day = (int(part) for part in (parts[:3] if parts[0] else parts[3:6]))
    half, hour, minute, second = parts[6], int(parts[7] or 0), int(parts[8] or 0), int(parts[9] or 0)
    if half in _AFTERNOON and hour < MIDDAY and (half != "中午" or hour < 3):  # 中午 11 点 is before midday
        hour += MIDDAY
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def has_time(text: str) -> bool:
    """Does a text that `moment_of` can read name a time of the day?"""
    return bool(re.search(r"[:：时点]|^\d{5}\.\d", text.strip()))
