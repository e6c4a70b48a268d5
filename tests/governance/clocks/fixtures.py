"""Calendar K and helpers. K is invented, so that no test depends on an official holiday list."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from governance.clocks.calendar import Calendar, compile_calendar
from governance.clocks.hours import CalendarSpec, DayRule, parse_slots, parse_week

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = [["09:00", "12:00"], ["13:30", "17:30"]]
WEEK = parse_week({str(n): HOURS for n in range(1, 6)})
CLOSED = {date(2026, 10, 1) + timedelta(days=n): DayRule(open=False, name="国庆节") for n in range(7)}
MAKE_UP = {date(2026, 9, 20): DayRule(open=True), date(2026, 10, 10): DayRule(open=True)}


def spec(**changes) -> CalendarSpec:
    """Mon-Fri 09:00-12:00, 13:30-17:30; closed 1-7 October 2026, open Sun 20 September and Sat 10 October."""
    facts = {
        "zone": "Asia/Shanghai",
        "week": WEEK,
        "days": {**CLOSED, **MAKE_UP},
        "published": frozenset({2025, 2026}),
        "first_year": 2025,
        "last_year": 2036,
    }
    return CalendarSpec(**{**facts, **changes})


def calendar(**changes) -> Calendar:
    return compile_calendar(spec(**changes))


def with_days(**days) -> Calendar:
    """K with additional exceptions: with_days(d2026_10_13=[["09:00", "12:00"]])."""
    extra = {
        date(*map(int, name[1:].split("_"))): DayRule(open=bool(slots), slots=parse_slots(slots) or None)
        for name, slots in days.items()
    }
    return compile_calendar(spec().with_exceptions(extra))


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """ "09-30 16:30" of 2026 in local time, or of the given year if the text has one."""
    text = text if text[:2] == "20" and text[4] == "-" else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=zone)
