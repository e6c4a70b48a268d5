"""Working time as pure arithmetic: when is a promise due, and how much of it has been used.

A calendar is compiled once: every open slot of the covered years becomes a pair of instants, with running
sums of the open time before it. Each question is then a binary search. Instants are aware datetimes; inside,
they are whole microseconds since 1970 in UTC, so neither summer time nor the server's zone moves anything.

Slots are half open: work that begins on a slot's end begins in the next slot, while a due time that falls on
a slot's end stays there. Years nobody has published yet follow the weekly pattern, and every answer that
touches one says so (`provisional`). The units are those of CJ/T 315: work hour, work day, natural time.
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
    """The instant asked for, or the answer, lies outside the compiled years."""


class Unit(StrEnum):
    """What an amount counts."""

    WORK_MINUTES = "work_minutes"
    WORKDAYS = "workdays"
    NATURAL_MINUTES = "natural_minutes"


class Mode(StrEnum):
    """Where on its last day a promise in workdays ends."""

    END_OF_DAY = "end_of_day"
    SAME_CLOCK = "same_clock"


@dataclass(frozen=True, slots=True)
class Due:
    """An instant in UTC, and whether an unpublished year was touched on the way to it."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What remains of a promise: whole workdays, then microseconds of the unit's own kind of time."""

    days: int = 0
    micros: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.micros)


@dataclass(frozen=True, slots=True)
class Term:
    """How an amount is counted; the same three facts go through every question."""

    unit: Unit
    mode: Mode = Mode.END_OF_DAY
    roll_forward: bool = False

    def of(self, amount: int) -> Left:
        """A whole amount of this unit (minutes or workdays)."""
        return Left(days=amount) if self.unit == Unit.WORKDAYS else Left(micros=amount * MINUTE)


def micros(at: datetime) -> int:
    """Microseconds since 1970; a naive datetime is refused, since nobody knows where it was read."""
    if at.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return (at - EPOCH) // MICRO


def instant(value: int) -> datetime:
    """The datetime in UTC of so many microseconds since 1970."""
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
            if start >= end:  # swallowed by the hour that summer time skips
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
        """The instant between two at which summer time begins: where a time of day lies that the leap skips."""
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
        """Open microseconds from the start of the calendar to an instant."""
        self._within(value)
        slot = bisect_right(self.starts, value) - 1
        if slot < 0:
            return 0
        return self.before[slot] + min(value, self.ends[slot]) - self.starts[slot]

    def _at_worked(self, total: int) -> int:
        """The earliest instant with so much open time behind it: a slot's end, not the next start."""
        slot = bisect_left(self.through, total)
        if slot == len(self.through):
            raise BeyondCalendar(f"the answer lies after {self.last}, the last day of the calendar")
        return self.starts[slot] + total - self.before[slot]

    def _after_worked(self, total: int) -> int:
        """The latest instant with so much open time behind it: a slot's start, not the end before."""
        slot = max(bisect_right(self.before, total) - 1, 0)
        return min(self.starts[slot] + total - self.before[slot], self.ends[slot])

    def is_open(self, at: datetime) -> bool:
        """Whether this is working time."""
        value = micros(at)
        slot = bisect_right(self.starts, value) - 1
        return slot >= 0 and value < self.ends[slot]

    def next_open(self, at: datetime) -> datetime:
        """The instant itself where it is working time, else the start of the next slot."""
        return instant(self._opening(micros(at)))

    def _opening(self, value: int) -> int:
        self._within(value)
        slot = bisect_right(self.ends, value)
        if slot == len(self.ends):
            raise BeyondCalendar(f"no working time between the instant and {self.last}")
        return max(value, self.starts[slot])

    def is_workday(self, day: date) -> bool:
        """Whether the office opens at all on that local day."""
        index = bisect_left(self.days, day)
        return index < len(self.days) and self.days[index] == day

    def workdays_in(self, first: date, last: date) -> int:
        """Open days from first to last, both included."""
        return bisect_right(self.days, last) - bisect_left(self.days, first)

    # -- days

    def open_on(self, at: datetime) -> int:
        """Open microseconds of the open day to which a due time belongs."""
        index = self.day_of(micros(at))
        return self.worked(self.day_ends[index]) - self.before[self.day_slots[index]]

    def day_from(self, value: int) -> int:
        """Index of the open day on which work begun at this instant begins (after hours: the next one)."""
        self._within(value)
        return self._day(bisect_right(self.day_ends, value))

    def day_of(self, value: int) -> int:
        """Index of the open day to which a due time belongs (a day's very end is still that day)."""
        self._within(value)
        return self._day(bisect_left(self.day_ends, value))

    def _day(self, index: int) -> int:
        if index >= len(self.days):
            raise BeyondCalendar(f"the answer lies after {self.last}, the last day of the calendar")
        return index

    def same_clock(self, value: int, days: int, *, closing: bool = False) -> int:
        """The same time of day so many open days on, kept inside that day's hours.

        `closing` reads an instant on a day's very end as that day, which is how a due time is moved on."""
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

    # -- the three questions

    def add(self, start: datetime, amount: int | None, term: Term | Unit) -> Due | None:
        """When `amount` units from `start` are over. None or 0 means there is no clock: None."""
        term = _term(term)
        return self.add_left(start, term.of(amount), term) if amount else None

    def add_left(self, start: datetime, left: Left, term: Term) -> Due:
        """As `add`, for a remainder of days and microseconds; nothing left is due at `start` itself."""
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
        """Whole units (minutes or workdays) used between two instants; 0 where the end comes first.

        In workdays to the end of day it is the number of day changes; by the same clock, of full days."""
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
        """Microseconds of the unit's own kind of time: natural, or else working time."""
        if term.unit == Unit.NATURAL_MINUTES:
            return value - begin
        return self.worked(value) - self.worked(begin)

    def remaining(self, at: datetime, due: datetime, term: Term | Unit) -> Left:
        """What is left at an instant of a promise due later; adding it again gives the same due time.

        Past the due time nothing is left."""
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

    # -- beside a due time

    def before_due(self, due: datetime, amount: int, term: Term) -> datetime:
        """So many minutes of the term's own time before a due time."""
        value = micros(due)
        if term.unit == Unit.NATURAL_MINUTES:
            return instant(value - amount * MINUTE)
        return instant(self._after_worked(max(self.worked(value) - amount * MINUTE, 0)))

    def after_due(self, due: datetime, amount: int, unit: Unit) -> datetime:
        """So many units after a due time; in workdays the same clock, and a day's end stays a day's end."""
        if unit == Unit.WORKDAYS:
            return instant(self.same_clock(micros(due), amount, closing=True))
        return self.add_left(due, Left(micros=amount * MINUTE), Term(unit)).at

    # -- bounds

    def touches_unpublished(self, begin: int, end: int) -> bool:
        """Whether a year without published holidays lies between two instants, ends included."""
        first = instant(min(begin, end)).astimezone(self.zone).year
        last = instant(max(begin, end)).astimezone(self.zone).year
        return any(year not in self.spec.published for year in range(first, last + 1))

    def _within(self, value: int) -> None:
        if not self.begin <= value <= self.end:
            raise BeyondCalendar(f"{instant(value):%Y-%m-%d} lies outside {self.first} to {self.last}")


def _term(term: Term | Unit) -> Term:
    return term if isinstance(term, Term) else Term(Unit(term))


def compile_calendar(spec: CalendarSpec) -> Calendar:
    """The calendar ready for questions; CalendarError without one open slot, or for an unknown zone."""
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
