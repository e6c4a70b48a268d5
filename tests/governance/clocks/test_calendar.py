"""Working time, case by case: fixed inputs and results, one for each edge case."""

import os
import subprocess
import sys
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.clocks.calendar import BeyondCalendar, Calendar, Left, Mode, Term, Unit, compile_calendar
from governance.clocks.hours import CalendarError, CalendarSpec, DayRule, parse_slots, parse_week
from tests.governance.clocks.fixtures import CLOSED, calendar, local, spec, with_days

W, D, N = Unit.WORK_MINUTES, Term(Unit.WORKDAYS), Unit.NATURAL_MINUTES
SAME = Term(Unit.WORKDAYS, Mode.SAME_CLOCK)
HOUR = 60


@pytest.fixture(scope="module")
def k() -> Calendar:
    return calendar()


def due(cal: Calendar, start: str, amount: int, term: Term | Unit = W) -> str:
    found = cal.add(local(start), amount, term)
    assert found is not None
    return found.at.astimezone(cal.zone).strftime("%m-%d %H:%M:%S").removesuffix(":00")


def test_s01_a_short_promise_crosses_the_holiday_block(k):
    assert due(k, "09-30 16:30", 4 * HOUR) == "10-08 12:00"


def test_s02_a_make_up_day_works(k):
    assert due(k, "10-09 16:30", 4 * HOUR) == "10-10 12:00"


def test_s03_lunch_does_not_count(k):
    assert due(k, "10-12 12:30", HOUR) == "10-12 14:30"


def test_s04_nothing_is_used_before_the_office_opens(k):
    assert k.used(local("10-11 23:00"), local("10-12 09:00"), W) == 0


@pytest.mark.parametrize(
    ("start", "expected"),
    [("10-12 09:00", "10-12 10:00"), ("10-12 12:00", "10-12 14:30"), ("10-12 17:30", "10-13 10:00")],
)
def test_s05_no_second_is_lost_or_doubled_on_an_edge(k, start, expected):
    assert due(k, start, HOUR) == expected
    assert due(k, "10-12 09:00:01", 3 * HOUR) == "10-12 13:30:01"
    assert due(k, "10-12 09:00", 3 * HOUR) == "10-12 12:00"
    assert due(k, "10-12 09:00", 7 * HOUR) == "10-12 17:30"


def test_s06_a_short_target_near_the_end_of_the_day(k):
    assert due(k, "10-12 17:15", 30) == "10-13 09:15"


@pytest.mark.parametrize("closing", ["24:00", "23:59"])
def test_s07_round_the_clock_loses_no_minute_a_night(closing):
    week = parse_week({str(n): [["00:00", closing]] for n in range(1, 8)})
    assert due(calendar(week=week, days={}), "10-12 10:17", 48 * HOUR) == "10-14 10:17"


def test_s08_workdays_to_the_end_of_day_and_by_the_same_clock(k):
    assert due(k, "10-12 10:00", 2, D) == "10-14 17:30"
    assert due(k, "10-12 10:00", 2, SAME) == "10-14 10:00"


@pytest.mark.parametrize(
    ("start", "to_end", "same"),
    [
        ("10-12 20:00", "10-14 17:30", "10-14 09:00"),  # after hours: day 0 is Tuesday
        ("10-12 17:30", "10-14 17:30", "10-14 09:00"),
        ("10-12 07:00", "10-13 17:30", "10-13 09:00"),
        ("10-03 11:00", "10-09 17:30", "10-09 09:00"),  # on a holiday: day 0 is 8 October
        ("10-12 12:30", "10-13 17:30", "10-13 13:30"),
    ],
)
def test_s09_outside_hours_the_next_working_day_is_day_nought(k, start, to_end, same):
    assert due(k, start, 1, D) == to_end
    assert due(k, start, 1, SAME) == same


def test_same_clock_stays_inside_a_half_day():
    half = with_days(d2026_10_13=[["09:00", "12:00"]])
    assert due(half, "10-12 15:00", 1, SAME) == "10-13 12:00"


def test_s10_natural_time_ignores_the_calendar_unless_it_rolls_forward(k):
    assert due(k, "09-28 10:00", 7 * 1440, N) == "10-05 10:00"
    assert due(k, "09-28 10:00", 7 * 1440, Term(N, roll_forward=True)) == "10-08 09:00"
    assert due(k, "10-12 10:00", 600, Term(N, roll_forward=True)) == "10-12 20:00"  # ends on a workday


@pytest.mark.parametrize("amount", [0, None])
def test_s11_no_target_is_no_clock(k, amount):
    assert k.add(local("10-12 10:00"), amount, W) is None


def test_s12_a_calendar_without_an_open_slot_is_refused():
    with pytest.raises(CalendarError, match="no open slot"):
        calendar(week=((),) * 7, days={})
    with pytest.raises(CalendarError, match="no open slot"):
        calendar(week=((),) * 7, days={date(2001, 1, 1): DayRule(open=True, slots=((540, 720),))})


@pytest.mark.parametrize(
    "slots",
    [
        [["09:00", "09:00"]],
        [["12:00", "09:00"]],
        [["09:00", "12:00"], ["11:00", "13:00"]],
        [["9", "12:00"]],
        [["09:00", "25:00"]],
        [["09:61", "12:00"]],
        [[None, "12:00"]],
    ],
)
def test_s12_slots_that_make_no_sense_are_refused(slots):
    with pytest.raises(CalendarError):
        parse_slots(slots)


def test_unknown_weekday_and_zone_are_refused():
    with pytest.raises(CalendarError, match="weekday"):
        parse_week({"mon": [["09:00", "12:00"]]})
    with pytest.raises(CalendarError, match="zone"):
        compile_calendar(spec(zone="Asia/Nowhere"))
    with pytest.raises(CalendarError, match="seven"):
        compile_calendar(CalendarSpec(zone="Asia/Shanghai", week=((),)))


def test_s13_a_year_nobody_published_is_computed_by_weekday_and_marked(k):
    found = k.add(local("12-31 16:30"), 2 * HOUR, W)
    assert found.at == local("2027-01-01 10:00")  # a Friday by the weekly pattern alone
    assert found.provisional
    assert not k.add(local("12-30 16:30"), 2 * HOUR, W).provisional
    assert not k.add(local("12-31 16:30"), 2000, N).provisional  # natural time needs no calendar


def test_s14_half_day_extra_day_and_closure_at_noon():
    half = with_days(d2026_10_12=[["09:00", "12:00"]])
    assert due(half, "10-12 10:00", 4 * HOUR) == "10-13 11:00"
    extra = with_days(d2026_10_17=[["10:00", "11:00"]])
    assert due(extra, "10-16 16:30", 2 * HOUR) == "10-17 11:00"
    closed = compile_calendar(spec().with_exceptions({date(2026, 10, 13): DayRule(open=False)}))
    assert due(closed, "10-12 16:30", 2 * HOUR) == "10-14 10:00"


def test_s14_a_unit_may_keep_its_own_week():
    night = parse_week({str(n): [["18:00", "22:00"]] for n in range(1, 6)})
    assert due(compile_calendar(spec().with_exceptions({}, night)), "10-12 10:00", HOUR) == "10-12 19:00"


def test_s16_the_zone_of_the_server_does_not_matter():
    code = (
        "from tests.governance.clocks.fixtures import calendar, local\n"
        "print(calendar().add(local('09-30 16:30'), 240, 'work_minutes').at.isoformat())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for zone in ("UTC", "America/New_York", "Asia/Shanghai")
    }
    assert found == {"2026-10-08T04:00:00+00:00"}


BERLIN = ZoneInfo("Europe/Berlin")


def berlin(**changes) -> Calendar:
    return calendar(zone="Europe/Berlin", days={}, **changes)


def test_s17_slots_stay_local_across_summer_time():
    cal = berlin()
    before, after = local("03-27 17:00", BERLIN), local("03-30 09:30", BERLIN)  # summer time: 29 March
    assert cal.used(before, after, W) == 60
    assert cal.add(before, 60, W).at == after.astimezone(UTC)
    assert cal.add(local("07-01 09:00", BERLIN), 60, W).at.hour == 8
    assert cal.add(local("01-05 09:00", BERLIN), 60, W).at.hour == 9


def test_s17_the_night_of_the_change_has_23_or_25_hours():
    cal = berlin()
    assert cal.used(local("03-28 12:00", BERLIN), local("03-29 12:00", BERLIN), N) == 23 * HOUR
    assert cal.used(local("10-24 12:00", BERLIN), local("10-25 12:00", BERLIN), N) == 25 * HOUR
    allday = berlin(week=parse_week({str(n): [["00:00", "24:00"]] for n in range(1, 8)}))
    assert allday.used(local("03-29 00:00", BERLIN), local("03-30 00:00", BERLIN), W) == 23 * HOUR


@pytest.mark.parametrize(
    ("slot", "minutes"),
    [
        (["01:00", "02:30"], 60),  # closes in the missing hour: counts until that hour begins
        (["02:30", "04:00"], 60),  # opens in the missing hour: counts from three o'clock
        (["02:10", "02:40"], 0),  # lies completely in the missing hour
        (["01:30", "03:30"], 60),  # contains the missing hour
    ],
)
def test_s18_only_the_minutes_that_are_there_are_working_time(slot, minutes):
    cal = berlin(week=parse_week({"7": [slot], "1": [["09:00", "12:00"]]}))
    begin, end = local("03-29 00:00", BERLIN), local("03-29 12:00", BERLIN)
    assert cal.used(begin, end, W) == minutes
    assert cal.is_workday(begin.date()) is bool(minutes)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_s18_missing_and_doubled_hours_neither_crash_nor_loop(day):
    week = parse_week({"7": [["02:10", "02:40"], ["02:50", "04:00"]], "1": [["09:00", "12:00"]]})
    cal = berlin(week=week)
    start = local(f"{day} 02:30", BERLIN)
    assert cal.add(start, HOUR, W).at > start
    assert cal.add(start, 1, D).at > start
    assert cal.used(local(f"{day} 00:00", BERLIN), local(f"{day} 12:00", BERLIN), W) > 0


def test_s19_a_calendar_answers_in_the_zone_it_was_compiled_for():
    assert calendar().add(local("10-12 09:00"), 60, W).at != berlin().add(local("10-12 09:00"), 60, W).at


def test_s21_a_pause_adds_working_time_only(k):
    start, paused, resumed = local("10-12 09:00"), local("10-12 10:00"), local("10-12 15:00")
    first = k.add(start, 7 * HOUR, W).at
    second = k.add_left(resumed, k.remaining(paused, first, W), Term(W)).at
    assert second == local("10-13 14:00")
    assert k.used(first, second, W) == 210  # 3.5 hours, without lunch


@pytest.mark.parametrize(("term", "expected"), [(D, "10-21 17:30"), (SAME, "10-20 11:00")])
def test_s22_a_pause_on_a_target_in_days_adds_days(k, term, expected):
    """Paused Fri 17:00 to Mon 10:00. Counted to the end of the day: one more day. Counted to the same time of
    day: plus the half hour on Friday and the hour on Monday."""
    first = k.add(local("10-16 09:30"), 2, term).at
    second = k.add_left(local("10-19 10:00"), k.remaining(local("10-16 17:00"), first, term), term).at
    assert second == local(expected)


def test_s23_a_pause_outside_hours_adds_nothing(k):
    first = k.add(local("10-12 09:00"), 10 * HOUR, W).at
    assert k.add_left(local("10-13 08:00"), k.remaining(local("10-12 19:00"), first, W), Term(W)).at == first


def test_s27_past_due_nothing_remains(k):
    assert k.remaining(local("10-13 10:00"), local("10-12 10:00"), W) == Left()


def test_s28_resumed_with_five_minutes_left(k):
    first = k.add(local("10-12 09:00"), HOUR, W).at
    left = k.remaining(local("10-12 09:55"), first, W)
    assert left == Left(micros=5 * 60_000_000)
    assert k.add_left(local("10-14 17:28"), left, Term(W)).at == local("10-15 09:03")


def test_s52_one_hour_before_due_is_counted_in_working_time(k):
    assert k.before_due(local("10-13 11:00"), 60, Term(W)) == local("10-13 10:00")
    assert k.before_due(local("10-13 09:30"), 60, Term(W)) == local("10-12 17:00")
    assert k.before_due(local("10-13 11:00"), 60, Term(N)) == local("10-13 10:00")


def test_after_due_a_day_end_stays_a_day_end(k):
    assert k.after_due(local("09-30 17:30"), 1, Unit.WORKDAYS) == local("10-08 17:30")
    assert k.after_due(local("09-30 10:00"), 5, Unit.WORKDAYS) == local("10-13 10:00")
    assert k.after_due(local("10-03 02:00"), 1, Unit.WORKDAYS) == local("10-09 09:00")
    assert k.after_due(local("09-30 17:00"), 60, Unit.WORK_MINUTES) == local("10-08 09:30")


def test_far_beyond_the_calendar_is_a_named_error(k):
    for amount, term in ((5000, D), (5000, SAME), (20_000_000, Term(W)), (20_000_000, Term(N))):
        with pytest.raises(BeyondCalendar):
            k.add(local("10-12 10:00"), amount, term)
    with pytest.raises(BeyondCalendar):
        k.add(local("2011-10-12 10:00"), 1, W)
    assert k.add(local("10-12 10:00"), 2000, D).provisional  # eight years ahead still has a result


def test_a_naive_datetime_is_refused(k):
    with pytest.raises(ValueError, match="aware"):
        k.add(local("10-12 10:00").replace(tzinfo=None), 60, W)


def test_workdays_in_and_next_open(k):
    assert k.workdays_in(date(2026, 9, 28), date(2026, 10, 11)) == 6
    assert k.next_open(local("10-12 12:00")) == local("10-12 13:30")
    assert k.is_open(local("10-10 09:00"))
    assert not k.is_open(local("10-10 12:00"))
    assert not k.is_workday(min(CLOSED))


def test_a_question_costs_no_walk_over_minutes(k):
    """Ten years of working time are as fast as ten minutes: a binary search, not a loop."""
    assert k.used(local("2026-01-01 00:00"), local("2035-12-31 00:00"), W) > 1_000_000
    assert k.add(local("2026-01-01 00:00"), 1_000_000, W).at > local("2034-01-01 00:00")
    assert k.add(local("2026-01-01 00:00"), 60, W).at - local("2026-01-01 00:00") < timedelta(days=2)
