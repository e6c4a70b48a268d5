"""Calendar actions of an administrator; each change is recorded as an event. Open clocks do not change."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import calendar_rows, holidays
from governance.clocks import year as years
from governance.clocks.calendar_rows import Difference, Hours
from governance.clocks.models import CalendarDay, WorkCalendar
from governance.errors import Invalid

YEARS = range(2000, 2100)  # years that a page can show, so that the change can be undone there


def _told(calendar: WorkCalendar, *, by: Actor, at: datetime, **facts: object) -> None:
    events.record("calendar.changed", calendar, by=by, at=at, **facts)


def set_hours(
    week: Mapping[str, Hours], *, by: Actor, at: datetime, unit_id: int | None = None
) -> WorkCalendar:
    """Set the weekly hours of the district or of one unit. Raises Forbidden, Invalid."""
    policy.require(by, Permission.SETTINGS_EDIT)
    calendar = calendar_rows.set_hours(week, unit_id=unit_id)
    _told(calendar, by=by, at=at, what="week", unit=unit_id, version=calendar.version)
    return calendar


def set_day(
    day: date,
    *,
    kind: str,
    slots: Hours | None,
    name: str,
    by: Actor,
    at: datetime,
    unit_id: int | None = None,
) -> None:
    """Set one date of the district or of one unit. Raises Forbidden, Invalid.

    The date becomes a day off, a workday, or a workday with its own hours.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if day.year not in YEARS:
        message = _("日期应在 %(first)d 年到 %(last)d 年之间")
        given = {"first": YEARS[0], "last": YEARS[-1]}
        raise Invalid(message % given, field="day", code="out_of_range")
    found = calendar_rows.set_day(day, kind=kind, slots=slots, name=name, unit_id=unit_id)
    _told(found.calendar, by=by, at=at, what="day", unit=unit_id, day=day.isoformat(), set_to=kind)


def turn_day(day: date, *, by: Actor, at: datetime, to_work: bool | None = None) -> bool:
    """Change a day off into a workday of the district, or the reverse; True if it is now a workday.

    With `to_work` the day becomes what that says, so a second click or an old page does not change it back.

    A day that was set by hand follows its week again. A published holiday on which people work is stored as
    set by hand, so that loading the year again does not change it. Raises Forbidden.
    """
    calendar = calendar_rows.default_calendar()
    kept = CalendarDay.objects.filter(calendar=calendar, date=day).first()
    ordinary = years.by_week(day, calendar.week)
    works = kept.kind == CalendarDay.Kind.WORK if kept else ordinary
    if to_work is works:
        return works
    if kept is not None and not kept.source and works != ordinary:
        clear_day(day, by=by, at=at)
    else:
        kind = CalendarDay.Kind.OFF if works else CalendarDay.Kind.WORK
        set_day(day, kind=kind, slots=None, name="", by=by, at=at)
    return not works


def clear_day(day: date, *, by: Actor, at: datetime, unit_id: int | None = None) -> None:
    """Remove the exception of a date, so that it follows the week again. Raises Forbidden."""
    policy.require(by, Permission.SETTINGS_EDIT)
    calendar_rows.clear_day(day, unit_id=unit_id)
    _told(
        calendar_rows.default_calendar(),
        by=by,
        at=at,
        what="day",
        unit=unit_id,
        day=day.isoformat(),
        set_to="week",
    )


def drop_unit(unit_id: int, *, by: Actor, at: datetime) -> None:
    """Let a unit follow the district's calendar again. Raises Forbidden, Missing."""
    policy.require(by, Permission.SETTINGS_EDIT)
    _told(calendar_rows.drop_unit(unit_id), by=by, at=at, what="unit", unit=unit_id)


def load_year(year: int, *, by: Actor, at: datetime) -> Difference:
    """Load the published holidays of a year that the library covers. Raises Forbidden, Invalid."""
    policy.require(by, Permission.SETTINGS_EDIT)
    found = calendar_rows.load_year(year, holidays.of_library(year), source=holidays.LIBRARY)
    _told(calendar_rows.default_calendar(), by=by, at=at, what="year", year=year)
    return found
