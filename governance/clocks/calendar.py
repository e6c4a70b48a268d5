"""Working time as pure arithmetic: due times, and how much of a time limit is used.

A calendar is compiled once: every open slot of the covered years becomes a pair of moments, with running
totals of the open time before it. Each calculation is then a binary search. Moments are aware datetimes;
inside, they are whole microseconds since 1970 in UTC, so neither summer time nor the server's time zone
changes a result.

Slots are half open: work that begins at the end of a slot begins in the next slot, while a due time at the
end of a slot stays there. Years without published holidays follow the weekly pattern, and every result that
touches one is marked `provisional`. The units are those of CJ/T 315: work hour, work day, natural time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from governance.clocks.hours import DAY_MINUTES, CalendarError, CalendarSpec, Slot

MICRO = timedelta(microseconds=1)
MINUTE = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BeyondCalendar(CalendarError):
    """The given moment or the result lies outside the compiled years."""


class Unit(StrEnum):
    """The unit of an amount of time."""

    WORK_MINUTES = "work_minutes"
    WORKDAYS = "workdays"
    NATURAL_MINUTES = "natural_minutes"


class Mode(StrEnum):
    """The end of a time limit in workdays on its last day.

    END_OF_DAY: at closing time. SAME_CLOCK: at the time of day at which it started.
    """

    END_OF_DAY = "end_of_day"
    SAME_CLOCK = "same_clock"


@dataclass(frozen=True, slots=True)
class Due:
    """A moment in UTC; `provisional` if the calculation touched a year without published holidays."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Remaining time: whole workdays, then microseconds of natural or working time, by the unit."""

    days: int = 0
    micros: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.micros)


@dataclass(frozen=True, slots=True)
class Term:
    """The way to count an amount of time: unit, mode, and whether a due time moves on to the next open slot."""

    unit: Unit
    mode: Mode = Mode.END_OF_DAY
    roll_forward: bool = False

    def of(self, amount: int) -> Left:
        """A whole amount of this unit (minutes or workdays) as `Left`."""
        return Left(days=amount) if self.unit == Unit.WORKDAYS else Left(micros=amount * MINUTE)


def micros(at: datetime) -> int:
    """Microseconds since 1970. Raises ValueError for a naive datetime, because its time zone is unknown."""
    if at.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return (at - EPOCH) // MICRO


def instant(value: int) -> datetime:
    """The datetime in UTC of this many microseconds since 1970."""
    return EPOCH + value * MICRO


class Calendar:
    """A compiled calendar. Build it with `compile_calendar`; it never changes afterwards."""

    def __init__(self, spec: CalendarSpec, zone: ZoneInfo) -> None:
        self.spec, self.zone = spec, zone
        self.first = date(spec.first_year, 1, 1)
        self.last = date(spec.last_year, 12, 31)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.before: list[int] = []  # open time before each slot
        self.through: list[int] = []  # open time through each slot
        self.days: list[date] = []  # open days, in order
        self.day_slots: list[int] = []  # index of the first slot of each open day
        self.day_ends: list[int] = []
        self._fill()
        self.begin = self._wall(self.first, 0)
        self.end = self._wall(self.last, DAY_MINUTES)

    # -- compiling

    def _fill(self) -> None:
        ordinary = next((slots for slots in self.spec.week if slots), ())
        total, day, one = 0, self.first, timedelta(days=1)
        while day <= self.last:
            total = self._open(day, self._hours(day, ordinary), total)
            day += one

    def _hours(self, day: date, ordinary: tuple[Slot, ...]) -> tuple[Slot, ...]:
        weekly = self.spec.week[day.weekday()]
        rule = self.spec.days.get(day)
        if rule is None:
            return weekly
        if not rule.open:
            return ()
        return rule.slots if rule.slots is not None else weekly or ordinary

    def _open(self, day: date, slots: tuple[Slot, ...], total: int) -> int:
        first = len(self.starts)
        for opening, closing in slots:
            start, end = self._wall(day, opening), self._wall(day, closing)
            if start >= end:  # inside the hour that summer time skips
                continue
            self.starts.append(start)
            self.ends.append(end)
            self.before.append(total)
            total += end - start
            self.through.append(total)
        if len(self.starts) > first:
            self.days.append(day)
            self.day_slots.append(first)
            self.day_ends.append(self.ends[-1])
        return total

    def _wall(self, day: date, minute: int) -> int:
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minute)
        first, second = micros(local), micros(local.replace(fold=1))
        return first if first <= second else self._leap(second, first)

    def _leap(self, early: int, late: int) -> int:
        """The moment between the two at which summer time begins, for a time of day that is skipped then."""
        summer = instant(late).astimezone(self.zone).utcoffset()
        while late - early > MINUTE:
            middle = (early + late) // 2 // MINUTE * MINUTE
            if instant(middle).astimezone(self.zone).utcoffset() == summer:
                late = middle
            else:
                early = middle
        return late

    # -- open time

    def worked(self, value: int) -> int:
        """Open microseconds from the start of the calendar to a moment."""
        self._within(value)
        slot = bisect_right(self.starts, value) - 1
        if slot < 0:
            return 0
        return self.before[slot] + min(value, self.ends[slot]) - self.starts[slot]

    def _at_worked(self, total: int) -> int:
        """The earliest moment with this much open time before it: the end of a slot, not the next start."""
        slot = bisect_left(self.through, total)
        if slot == len(self.through):
            raise BeyondCalendar(f"the answer lies after {self.last}, the last day of the calendar")
        return self.starts[slot] + total - self.before[slot]

    def _after_worked(self, total: int) -> int:
        """The latest moment with this much open time before it: the start of a slot, not the end before."""
        slot = max(bisect_right(self.before, total) - 1, 0)
        return min(self.starts[slot] + total - self.before[slot], self.ends[slot])

    def is_open(self, at: datetime) -> bool:
        """True if this moment is working time."""
        value = micros(at)
        slot = bisect_right(self.starts, value) - 1
        return slot >= 0 and value < self.ends[slot]

    def next_open(self, at: datetime) -> datetime:
        """The moment itself if it is working time, else the start of the next slot."""
        return instant(self._opening(micros(at)))

    def _opening(self, value: int) -> int:
        self._within(value)
        slot = bisect_right(self.ends, value)
        if slot == len(self.ends):
            raise BeyondCalendar(f"no working time between the instant and {self.last}")
        return max(value, self.starts[slot])

    def is_workday(self, day: date) -> bool:
        """True if this local day has any open slot."""
        index = bisect_left(self.days, day)
        return index < len(self.days) and self.days[index] == day

    def workdays_in(self, first: date, last: date) -> int:
        """The number of open days from first to last, both included."""
        return bisect_right(self.days, last) - bisect_left(self.days, first)

    # -- days

    def open_on(self, at: datetime) -> int:
        """Open microseconds of the day to which a due time belongs."""
        index = self.day_of(micros(at))
        return self.worked(self.day_ends[index]) - self.before[self.day_slots[index]]

    def day_from(self, value: int) -> int:
        """Index of the open day on which work begins that arrives at this moment (after hours: the next)."""
        self._within(value)
        return self._day(bisect_right(self.day_ends, value))

    def day_of(self, value: int) -> int:
        """Index of the open day to which a due time belongs (closing time still belongs to that day)."""
        self._within(value)
        return self._day(bisect_left(self.day_ends, value))

    def _day(self, index: int) -> int:
        if index >= len(self.days):
            raise BeyondCalendar(f"the answer lies after {self.last}, the last day of the calendar")
        return index

    def same_clock(self, value: int, days: int, *, closing: bool = False) -> int:
        """The same time of day this many open days later, limited to that day's hours.

        With `closing`, a moment at closing time belongs to that day; this is how a due time is moved on.
        """
        start = self.day_of(value) if closing else self.day_from(value)
        if days == 0:
            return value if closing else self._opening(value)
        if not closing:
            value = self._opening(value)
        local = instant(max(value, self.starts[self.day_slots[start]])).astimezone(self.zone)
        index = self._day(start + days)
        wall = datetime.combine(self.days[index], local.time(), self.zone)
        return self._inside(index, micros(wall), closing=closing)

    def _inside(self, index: int, value: int, *, closing: bool) -> int:
        if value >= self.day_ends[index]:
            return self.day_ends[index]
        slot = bisect_left(self.ends, value) if closing else bisect_right(self.ends, value)
        return max(value, self.starts[slot])

    # -- the three calculations

    def add(self, start: datetime, amount: int | None, term: Term | Unit) -> Due | None:
        """The moment `amount` units after `start`; None if the amount is None or 0 (no clock runs)."""
        term = _term(term)
        return self.add_left(start, term.of(amount), term) if amount else None

    def add_left(self, start: datetime, left: Left, term: Term) -> Due:
        """The same as `add` for days and microseconds; if nothing is left, the due time is `start`."""
        begin = micros(start)
        value = self._due(begin, left, term)
        rolled = term.unit != Unit.NATURAL_MINUTES or term.roll_forward
        return Due(instant(value), rolled and self.touches_unpublished(begin, value))

    def _due(self, begin: int, left: Left, term: Term) -> int:
        if term.unit == Unit.NATURAL_MINUTES:
            value = begin + left.micros
            self._within(value)
            return self._rolled(value) if term.roll_forward else value
        if term.unit == Unit.WORK_MINUTES:
            return self._at_worked(self.worked(begin) + left.micros) if left.micros else begin
        if term.mode == Mode.END_OF_DAY:
            return self.day_ends[self._day(self.day_from(begin) + left.days)]
        value = self.same_clock(begin, left.days) if left.days else begin
        return self._at_worked(self.worked(value) + left.micros) if left.micros else value

    def _rolled(self, value: int) -> int:
        day = instant(value).astimezone(self.zone).date()
        return value if self.is_workday(day) else self._opening(value)

    def used(self, start: datetime, end: datetime, term: Term | Unit) -> int:
        """Whole units (minutes or workdays) used between two moments; 0 if the end comes first.

        For workdays until closing time this is the number of day changes; in mode SAME_CLOCK, the number of
        full days.
        """
        term, begin, value = _term(term), micros(start), micros(end)
        if value <= begin:
            return 0
        if term.unit == Unit.WORKDAYS:
            return self._days_used(begin, value, term.mode)
        return self.spent(begin, value, term) // MINUTE

    def _days_used(self, begin: int, value: int, mode: Mode) -> int:
        if mode == Mode.END_OF_DAY:
            return max(self.day_of(value) - self.day_from(begin), 0)
        days = bisect_right(self.day_ends, value) - self.day_from(begin)
        if days > 0 and (self._is_last(begin, days) or self.same_clock(begin, days) > value):
            return days - 1
        return max(days, 0)

    def _is_last(self, begin: int, days: int) -> bool:
        return self.day_from(begin) + days >= len(self.days)

    def spent(self, begin: int, value: int, term: Term) -> int:
        """Microseconds between two moments, of natural or of working time, by the unit."""
        if term.unit == Unit.NATURAL_MINUTES:
            return value - begin
        return self.worked(value) - self.worked(begin)

    def remaining(self, at: datetime, due: datetime, term: Term | Unit) -> Left:
        """The time left until the due time; adding it to this moment gives the same due time.

        After the due time nothing is left.
        """
        term, now, value = _term(term), micros(at), micros(due)
        if value <= now:
            return Left()
        if term.unit != Unit.WORKDAYS:
            return Left(micros=self.spent(now, value, term))
        if term.mode == Mode.END_OF_DAY:
            return Left(days=max(self.day_of(value) - self.day_from(now), 0))
        days = self._days_used(now, value, Mode.SAME_CLOCK)
        reached = self.same_clock(now, days) if days else now
        return Left(days, self.worked(value) - self.worked(reached))

    # -- before and after a due time

    def before_due(self, due: datetime, amount: int, term: Term) -> datetime:
        """The moment this many minutes before a due time, in natural or working time, by the term's unit."""
        value = micros(due)
        if term.unit == Unit.NATURAL_MINUTES:
            return instant(value - amount * MINUTE)
        return instant(self._after_worked(max(self.worked(value) - amount * MINUTE, 0)))

    def after_due(self, due: datetime, amount: int, unit: Unit) -> datetime:
        """The moment this many units after a due time.

        In workdays the time of day stays the same, and closing time stays closing time.
        """
        if unit == Unit.WORKDAYS:
            return instant(self.same_clock(micros(due), amount, closing=True))
        return self.add_left(due, Left(micros=amount * MINUTE), Term(unit)).at

    # -- bounds

    def touches_unpublished(self, begin: int, end: int) -> bool:
        """True if a year without published holidays lies between two moments, ends included."""
        first = instant(min(begin, end)).astimezone(self.zone).year
        last = instant(max(begin, end)).astimezone(self.zone).year
        return any(year not in self.spec.published for year in range(first, last + 1))

    def _within(self, value: int) -> None:
        if not self.begin <= value <= self.end:
            raise BeyondCalendar(f"{instant(value):%Y-%m-%d} lies outside {self.first} to {self.last}")


def _term(term: Term | Unit) -> Term:
    return term if isinstance(term, Term) else Term(Unit(term))


def compile_calendar(spec: CalendarSpec) -> Calendar:
    """Compile a calendar. Raises CalendarError for one without open slots or with an unknown zone."""
    try:
        zone = ZoneInfo(spec.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarError(f"unknown time zone {spec.zone!r}") from None
    if len(spec.week) != 7:
        raise CalendarError("a week has seven days")
    if not any(spec.week) and not any(rule.open and rule.slots for rule in spec.days.values()):
        raise CalendarError("the calendar has no open slot")
    calendar = Calendar(spec, zone)
    if not calendar.starts:
        raise CalendarError("the calendar has no open slot")
    return calendar
