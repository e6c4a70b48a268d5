"""Edit a tenant's calendars: hours, dated exceptions, published years.

Open clocks do not change until a recompute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from governance.clocks import compiled_calendars
from governance.clocks.calendar import compile_calendar
from governance.clocks.compiled_calendars import scope_tenant
from governance.clocks.holidays import Holiday
from governance.clocks.hours import CalendarError, parse_slots, parse_week
from governance.clocks.models import CalendarDay, CalendarYear, WorkCalendar
from governance.errors import Invalid, Missing
from governance.tenancy.models import Tenant

Hours = Iterable[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes that loading a year would make."""

    added: list[Holiday]
    changed: list[Holiday]
    removed: list[date]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def default_calendar() -> WorkCalendar:
    """The tenant's own calendar; created with ordinary hours if it does not exist."""
    found = WorkCalendar.objects.filter(active=True, unit_id__isnull=True).first()
    return found or WorkCalendar.objects.create(
        tenant=scope_tenant(),
        name=_("默认作息"),
        zone=scope_tenant().zone,
        week=compiled_calendars.ORDINARY_WEEK,
    )


def set_hours(
    week: Mapping[str, Hours], *, unit_id: int | None = None, name: str = "", zone: str = ""
) -> WorkCalendar:
    """Set the weekly hours of the tenant or of one unit. Raises Invalid if they give no valid calendar."""
    found = WorkCalendar.objects.filter(active=True, unit_id=unit_id).first()
    found = found or WorkCalendar(tenant=scope_tenant(), unit_id=unit_id, zone=scope_tenant().zone, version=0)
    found.week = {key: [list(pair) for pair in slots] for key, slots in week.items()}
    found.name, found.zone = name or found.name or _("作息"), zone or found.zone
    found.version += 1
    _checked(lambda: parse_week(found.week))
    found.save()
    _published()
    return found


def set_day(
    day: date,
    *,
    kind: str,
    slots: Hours | None = None,
    name: str = "",
    unit_id: int | None = None,
    source: str = "",
) -> CalendarDay:
    """Set one date: day off, workday, or workday with its own hours (half day, closed at noon)."""
    calendar = default_calendar() if unit_id is None else _unit_calendar(unit_id)
    pairs = [list(pair) for pair in slots] if slots else None
    if pairs is not None:
        _checked(lambda: parse_slots(pairs))
    if kind == CalendarDay.Kind.OFF and pairs:
        raise Invalid(_("休息日不能再设上班时段"), code="day_off_has_slots", field="slots")
    facts = {"kind": kind, "slots": pairs, "name": name, "source": source}
    found, _made = CalendarDay.objects.update_or_create(calendar=calendar, date=day, defaults=facts)
    WorkCalendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    _published()
    return found


def clear_day(day: date, *, unit_id: int | None = None) -> None:
    """Remove the exception of a date, so that it follows the week again."""
    CalendarDay.objects.filter(calendar__unit_id=unit_id, calendar__active=True, date=day).delete()
    WorkCalendar.objects.filter(active=True, unit_id=unit_id).update(version=F("version") + 1)
    _published()


def drop_unit(unit_id: int) -> WorkCalendar:
    """Deactivate a unit's own calendar. Raises Missing if it has none."""
    found = WorkCalendar.objects.filter(active=True, unit_id=unit_id).first()
    if found is None:
        raise Missing(_("该单位未单独设置作息"))
    found.active = False
    found.save(update_fields=["active"])
    _published()
    return found


def difference(year: int, holidays: Sequence[Holiday]) -> Difference:
    """The days that loading the year would add, change and remove; days that the tenant set by hand stay unchanged."""
    kept = {row.date: row for row in _loaded_days(default_calendar(), year)}
    by_hand = {row.date for row in kept.values() if not row.source}
    wanted = {holiday.date: holiday for holiday in holidays if holiday.date not in by_hand}
    return Difference(
        added=[holiday for day, holiday in wanted.items() if day not in kept],
        changed=[holiday for day, holiday in wanted.items() if day in kept and _differs(kept[day], holiday)],
        removed=[day for day in kept if day not in wanted and day not in by_hand],
    )


def load_year(year: int, holidays: Sequence[Holiday], *, source: str) -> Difference:
    """Load a published year into the tenant's calendar; loading it again changes nothing.

    Raises Invalid for an empty list and for dates of another year.
    """
    if not holidays:
        raise Invalid(_("%(year)s 年没有任何节假日安排") % {"year": year}, code="empty_year", field="days")
    strange = [holiday.date for holiday in holidays if holiday.date.year != year]
    if strange:
        text = _("日期 %(date)s 不属于 %(year)s 年") % {"date": strange[0], "year": year}
        raise Invalid(text, code="wrong_year", field="days")
    calendar, found = default_calendar(), difference(year, holidays)
    if not found and CalendarYear.objects.filter(year=year, published=True).exists():
        return found
    CalendarDay.objects.filter(
        calendar=calendar, date__in=[*found.removed, *(holiday.date for holiday in found.changed)]
    ).delete()
    CalendarDay.objects.bulk_create(_row(calendar, h, source) for h in [*found.added, *found.changed])
    CalendarYear.objects.update_or_create(year=year, defaults={"published": True, "source": source})
    WorkCalendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    _published()
    return found


def _row(calendar: WorkCalendar, holiday: Holiday, source: str) -> CalendarDay:
    kind = CalendarDay.Kind.OFF if holiday.off else CalendarDay.Kind.WORK
    return CalendarDay(
        tenant_id=calendar.tenant_id,
        calendar=calendar,
        date=holiday.date,
        kind=kind,
        name=holiday.name,
        source=source,
    )


def _loaded_days(calendar: WorkCalendar, year: int) -> Any:
    return CalendarDay.objects.filter(
        calendar=calendar, date__gte=date(year, 1, 1), date__lte=date(year, 12, 31)
    )


def _differs(row: CalendarDay, holiday: Holiday) -> bool:
    return (row.kind == CalendarDay.Kind.OFF) != holiday.off or row.name != holiday.name


def _unit_calendar(unit_id: int) -> WorkCalendar:
    found = WorkCalendar.objects.filter(active=True, unit_id=unit_id).first()
    return found or WorkCalendar.objects.create(
        tenant=scope_tenant(), unit_id=unit_id, name=_("单位作息"), zone=default_calendar().zone, week={}
    )


def _checked(make: Any) -> None:
    try:
        make()
    except CalendarError as error:
        raise Invalid(str(error), code="bad_hours", field="slots") from error


def _published() -> None:
    """Refuse calendars without an open slot, and make every process load the calendars again."""
    tenant = scope_tenant()
    _checked(lambda: _compile_all(compiled_calendars.load(tenant), tenant.zone))
    Tenant.objects.filter(pk=tenant.pk).update(config_version=F("config_version") + 1)
    tenant.refresh_from_db(fields=["config_version"])


def _compile_all(stored: compiled_calendars.CompiledCalendars, zone: str) -> None:
    years = {"first_year": 2024, "last_year": 2027}
    for unit_id in stored.rows:
        compile_calendar(stored.spec(unit_id, zone, years))
