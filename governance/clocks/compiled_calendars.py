"""Compiled calendars of each tenant, cached in the process until the tenant's configuration changes."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from governance.clocks.calendar import BeyondCalendar, Calendar, compile_calendar
from governance.clocks.hours import CalendarError, CalendarSpec, DayRule, parse_slots, parse_week
from governance.clocks.models import CalendarDay, CalendarYear, Clock, WorkCalendar
from governance.tenancy import scope

if TYPE_CHECKING:
    from governance.tenancy.models import Tenant

logger = logging.getLogger(__name__)
ORDINARY_HOURS = [["08:30", "12:00"], ["14:00", "17:30"]]
ORDINARY_WEEK = {str(day): ORDINARY_HOURS for day in range(1, 6)}
EPOCH_YEARS, BACK, AHEAD = 5, 5, 20


@dataclass
class CompiledCalendars:
    """The stored calendars of one tenant, and those already compiled."""

    rows: dict[int | None, WorkCalendar]  # by unit; None is the tenant's own
    days: dict[int, dict]
    published: frozenset[int]
    zone: str
    compiled: dict[tuple[int | None, str, int], Calendar] = field(default_factory=dict)

    def calendar(self, unit_id: int | None, at: datetime, zone: str = "") -> Calendar:
        """The calendar of a unit around a moment, in the time zone in which a clock was started."""
        unit_id = unit_id if unit_id in self.rows else None
        row = self.rows.get(unit_id)
        key = (unit_id, zone or (row.zone if row else self.zone), at.year // EPOCH_YEARS)
        if key not in self.compiled:
            self.compiled[key] = self._compile(*key)
        return self.compiled[key]

    def _compile(self, unit_id: int | None, zone: str, epoch: int) -> Calendar:
        years = {
            "first_year": epoch * EPOCH_YEARS - BACK,
            "last_year": epoch * EPOCH_YEARS + AHEAD,
        }
        try:
            return compile_calendar(self.spec(unit_id, zone, years))
        except (
            CalendarError
        ):  # saving refuses such a calendar; if one exists, clocks use ordinary hours and are provisional
            logger.exception("calendar of unit %s cannot be used, ordinary hours stand in", unit_id)
            return compile_calendar(CalendarSpec(zone=self.zone, week=parse_week(ORDINARY_WEEK), **years))

    def spec(self, unit_id: int | None, zone: str, years: dict[str, int]) -> CalendarSpec:
        """The tenant's hours and days, overlaid with the unit's own."""
        base, own = self.rows.get(None), self.rows.get(unit_id)
        spec = CalendarSpec(
            zone=zone,
            week=parse_week(base.week if base else ORDINARY_WEEK),
            days=self._rules(base),
            published=self.published,
            version=own.version if own else 0,
            **years,
        )
        if own is None or own is base:
            return spec
        return spec.with_exceptions(self._rules(own), parse_week(own.week) if own.week else None)

    def _rules(self, row: WorkCalendar | None) -> dict:
        return self.days.get(row.pk, {}) if row else {}


_COMPILED: dict[int, tuple[int, CompiledCalendars]] = {}


def calendars_of(tenant: Tenant) -> CompiledCalendars:
    """The tenant's calendars; three statements at the first use after a change, none after that."""
    found = _COMPILED.get(tenant.pk)
    if found is None or found[0] != tenant.config_version:
        found = _COMPILED[tenant.pk] = (tenant.config_version, load(tenant))
    return found[1]


def load(tenant: Tenant) -> CompiledCalendars:
    """The calendars as they are stored now."""
    rows = {row.unit_id: row for row in WorkCalendar.objects.filter(active=True)}
    days: dict[int, dict] = defaultdict(dict)
    for day in CalendarDay.objects.all():
        slots = parse_slots(day.slots) if day.slots else None
        days[day.calendar_id][day.date] = DayRule(day.kind == CalendarDay.Kind.WORK, slots, day.name)
    years = CalendarYear.objects.filter(published=True).values_list("year", flat=True)
    return CompiledCalendars(rows, dict(days), frozenset(years), tenant.zone)


def calendar_for(tenant: Tenant, unit_id: int | None, at: datetime, zone: str = "") -> Calendar:
    """The compiled calendar of a unit of the tenant."""
    return calendars_of(tenant).calendar(unit_id, at, zone)


def next_open(unit_id: int | None, at: datetime) -> datetime:
    """The moment when the office of a unit opens next; the given moment if it is open, or lies beyond the known
    calendars."""
    try:
        return calendar_of(unit_id, at).next_open(at)
    except BeyondCalendar:
        return at


def scope_tenant() -> Tenant:
    """The tenant of the open scope. Raises RuntimeError if no scope is open."""
    tenant = scope.current()
    if tenant is None:
        raise RuntimeError("no tenant scope is open")
    return tenant


def calendar_of(unit_id: int | None, at: datetime, zone: str = "") -> Calendar:
    """The calendar of a unit of the tenant in the open scope."""
    return calendar_for(scope_tenant(), unit_id, at, zone)


def calendar_of_clock(clock: Clock) -> Calendar:
    """The calendar of a clock: present hours, in the time zone of the clock's start."""
    return calendar_of(clock.unit_id, clock.started_at, clock.zone)
