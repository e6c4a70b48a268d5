"""Properties for any hours, start and pauses: the closed formula equals a count minute by minute."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from governance.clocks.calendar import Calendar, Mode, Term, Unit, compile_calendar
from governance.clocks.hours import CalendarSpec, DayRule
from governance.clocks.timeline import Stretch, replay, usage
from tests import examples
from tests.governance.clocks.fixtures import SHANGHAI, calendar, local

FIRST = datetime(2026, 3, 2, tzinfo=SHANGHAI)
DAYS = 60
TERMS = [
    Term(Unit.WORK_MINUTES),
    Term(Unit.NATURAL_MINUTES),
    Term(Unit.WORKDAYS, Mode.END_OF_DAY),
    Term(Unit.WORKDAYS, Mode.SAME_CLOCK),
]

edges = st.lists(st.integers(0, 96), min_size=2, max_size=8, unique=True).map(sorted)
slots = edges.map(
    lambda e: tuple((15 * first, 15 * last) for first, last in zip(e[::2], e[1::2], strict=False))
)
weeks = st.lists(slots | st.just(()), min_size=7, max_size=7).map(tuple).filter(any)
rules = st.one_of(
    st.just(DayRule(open=False)), st.just(DayRule(open=True)), slots.map(lambda s: DayRule(True, s))
)
exceptions = st.dictionaries(
    st.integers(0, 2 * DAYS).map(lambda n: date(2026, 3, 2) + timedelta(days=n)), rules, max_size=12
)
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
minutes = st.integers(0, DAYS * 1440)


@st.composite
def calendars(draw) -> Calendar:
    spec = CalendarSpec(
        zone=draw(zones), week=draw(weeks), days=draw(exceptions), first_year=2026, last_year=2027
    )
    return compile_calendar(spec)


def after(minute: int) -> datetime:
    return FIRST + timedelta(minutes=minute)


def open_minutes(cal: Calendar, start: datetime, count: int) -> list[bool]:
    """For each minute from `start`: is it working time? Read from the specification, not from the compiled
    calendar."""
    ordinary = next(day for day in cal.spec.week if day)
    found, cached = [], {}
    for n in range(count):
        at = (start + timedelta(minutes=n)).astimezone(ZoneInfo(cal.spec.zone))
        day = at.date()
        if day not in cached:
            rule = cal.spec.days.get(day)
            weekly = cal.spec.week[day.weekday()]
            hours = weekly if rule is None else rule.slots if rule.slots is not None else weekly or ordinary
            cached[day] = () if rule is not None and not rule.open else hours
        minute = at.hour * 60 + at.minute
        found.append(any(first <= minute < last for first, last in cached[day]))
    return found


@settings(max_examples=examples.COUNT // 3)
@given(cal=calendars(), start=minutes, amount=st.integers(1, 3000))
def test_s68_a_due_time_equals_the_walk_minute_by_minute(cal, start, amount):
    begin = after(start)
    walked = open_minutes(cal, begin, DAYS * 1440)
    assume(sum(walked) >= amount)
    assume(not _crosses_summer_time(cal, begin))
    left, minute = amount, 0
    while left:
        left -= walked[minute]
        minute += 1
    assert cal.add(begin, amount, Unit.WORK_MINUTES).at == begin + timedelta(minutes=minute)
    end = begin + timedelta(minutes=minute)
    assert cal.used(begin, end, Unit.WORK_MINUTES) == amount


def _crosses_summer_time(cal: Calendar, begin: datetime) -> bool:
    """True if the clocks change within the test's days. A count over local hours would count the doubled hour
    twice and skip the missing one; other tests cover that."""
    zone = ZoneInfo(cal.spec.zone)
    ends = begin.astimezone(zone), (begin + timedelta(days=DAYS)).astimezone(zone)
    return ends[0].utcoffset() != ends[1].utcoffset()


@given(cal=calendars(), start=minutes, first=minutes, second=minutes, term=st.sampled_from(TERMS))
def test_s67_use_grows_with_time(cal, start, first, second, term):
    begin, (early, late) = after(start), sorted((after(first), after(second)))
    assert cal.used(begin, early, term) <= cal.used(begin, late, term)


@given(cal=calendars(), start=minutes, end=minutes, seconds=st.integers(0, 59))
@pytest.mark.parametrize("term", [TERMS[0], TERMS[1], TERMS[3]], ids=lambda t: f"{t.unit}-{t.mode}")
def test_s67_what_is_used_never_passes_now(term, cal, start, end, seconds):
    begin, now = after(start), after(end) + timedelta(seconds=seconds)
    due = cal.add(begin, cal.used(begin, now, term), term)
    assert due is None or due.at <= now


@given(cal=calendars(), start=minutes, amount=st.integers(1, 40), term=st.sampled_from(TERMS))
def test_s67_using_up_a_promise_uses_its_amount(cal, start, amount, term):
    begin = after(start)
    assert cal.used(begin, cal.add(begin, amount, term).at, term) == amount


@given(
    cal=calendars(),
    start=minutes,
    amount=st.integers(1, 60),
    share=st.floats(0, 1),
    term=st.sampled_from(TERMS),
)
def test_s67_a_pause_of_no_length_changes_nothing(cal, start, amount, share, term):
    begin = after(start)
    due = cal.add(begin, amount, term).at
    now = begin + (due - begin) * share
    assume(begin < now < due)
    left = cal.remaining(now, due, term)
    again = cal.add_left(now, left, term).at
    assert cal.used(min(due, again), max(due, again), Unit.WORK_MINUTES) == 0
    if term.mode == Mode.END_OF_DAY:
        assert again == due


@st.composite
def broken(draw) -> list[Stretch]:
    """Running stretches with pauses between them; the last one has no end."""
    marks = sorted(draw(st.lists(minutes, min_size=1, max_size=7, unique=True)))
    marks = marks if len(marks) % 2 else marks[:-1]
    ends = [*marks[1::2], None]
    return [
        Stretch(after(first), None if last is None else after(last))
        for first, last in zip(marks[::2], ends, strict=True)
    ]


@given(cal=calendars(), runs=broken(), amount=st.integers(1, 40), term=st.sampled_from(TERMS))
def test_s69_the_stretches_add_up_to_what_is_used(cal, runs, amount, term):
    due = replay(cal, runs, term.of(amount), term).due.at
    used = usage(cal, runs, amount, term, due)
    assert len(used) == len(runs)
    assert all(part >= 0 for part in used)
    assert sum(used) == amount


@given(runs=broken(), amount=st.integers(1, 3000))
def test_pauses_push_the_due_time_by_working_time_only(runs, amount):
    cal = calendar()
    due = replay(cal, runs, Term(Unit.WORK_MINUTES).of(amount), Term(Unit.WORK_MINUTES)).due.at
    ran = sum(
        cal.used(run.start, min(run.end or due, due), Unit.WORK_MINUTES) for run in runs if run.start < due
    )
    assert ran == amount


def test_a_longer_walk_by_hand():
    """600 work minutes over the make-up day with two pauses, calculated by hand."""
    runs = [
        Stretch(local("10-09 16:30"), local("10-10 10:00")),  # 60 + 60
        Stretch(local("10-10 13:00"), local("10-10 14:30")),  # 60
        Stretch(local("10-12 08:00")),  # 420 on Monday
    ]
    found = replay(calendar(), runs, Term(Unit.WORK_MINUTES).of(600), Term(Unit.WORK_MINUTES))
    assert found.due.at == local("10-12 17:30")
