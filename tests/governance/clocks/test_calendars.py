"""Calendar rows: loading years, dated exceptions, and the clocks that a recompute moves."""

import json
import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from governance.clocks import actions, calendar_rows, compiled_calendars
from governance.clocks import holidays as sources
from governance.clocks.calendar import Unit
from governance.clocks.holidays import Holiday
from governance.clocks.models import CalendarDay, CalendarYear, Clock, Deadline
from governance.clocks.policies import Policy
from governance.clocks.recompute import recompute
from governance.clocks.seed import seed_calendar
from governance.errors import Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests import shared
from tests.governance.clocks.fixtures import local
from tests.governance.clocks.world import keep_calendar_k

PUBLISHED = Path(os.environ.get("HOLIDAYS_CN") or shared.FOLDER / "holidays_cn")
POLICY = Policy(600, Unit.WORK_MINUTES)


def test_the_library_has_248_workdays_in_2026():
    holidays = {holiday.date: holiday.off for holiday in sources.of_library(2026)}
    days = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert sum(not holidays.get(day, day.weekday() >= 5) for day in days) == 248
    assert sorted(day for day, off in holidays.items() if not off) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="set HOLIDAYS_CN to a folder of <year>.json to compare")
@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_library_agrees_with_the_published_files_on_every_day(year):
    files = [
        sources.of_file(PUBLISHED / f"{n}.json")
        for n in (year, year + 1)
        if (PUBLISHED / f"{n}.json").exists()
    ]
    published = {h.date: h.off for found in files for h in found.get(year, [])}
    library = {h.date: h.off for h in sources.of_library(year)}
    for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        day = date.fromordinal(n)
        weekend = day.weekday() >= 5
        assert library.get(day, weekend) == published.get(day, weekend), day


def test_s13_a_year_the_library_does_not_know_is_a_clear_error():
    assert sources.covered_years()[-1] >= 2026
    with pytest.raises(Invalid, match="2099"):
        sources.of_library(2099)


@pytest.mark.parametrize(
    "content", ["{", '{"days": 3}', '[{"name": "x"}]', '[{"date": "2026-13-01", "isOffDay": true}]', "[3]"]
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "year.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid):
        sources.of_file(path)


@pytest.mark.django_db
def test_the_seeded_calendar_is_complete_and_repeatable(tenant):
    seed_calendar(tenant)
    with scope(tenant):
        before = CalendarDay.objects.count(), CalendarYear.objects.count()
    seed_calendar(tenant)
    with scope(tenant):
        assert (CalendarDay.objects.count(), CalendarYear.objects.count()) == before
        calendar = compiled_calendars.calendar_for(tenant, None, local("10-12 09:00"))
        assert calendar.workdays_in(date(2026, 1, 1), date(2026, 12, 31)) == 248
        assert calendar.add(local("09-30 17:00"), 60, Unit.WORK_MINUTES).at == local("10-08 09:00")


@pytest.mark.django_db
def test_s15_loading_shows_a_difference_and_leaves_days_set_by_hand(in_scope):
    keep_calendar_k()
    calendar_rows.set_day(date(2026, 3, 3), kind="off", name="赶集")
    wanted = [
        Holiday(date(2026, 10, 1), True, "国庆节"),
        Holiday(date(2026, 3, 3), False),
        Holiday(date(2026, 5, 1), True),
    ]
    found = calendar_rows.difference(2026, wanted)
    assert [holiday.date for holiday in found.added] == [date(2026, 5, 1)]
    assert (found.changed, len(found.removed)) == ([], 8)
    calendar_rows.load_year(2026, wanted, source="notice")
    assert not calendar_rows.difference(2026, wanted)
    assert CalendarDay.objects.get(date=date(2026, 3, 3)).name == "赶集"


@pytest.mark.django_db
def test_hours_that_make_no_calendar_are_refused(in_scope):
    for week in ({}, {"1": []}, {"1": [["12:00", "09:00"]]}, {"9": [["09:00", "12:00"]]}):
        with pytest.raises(Invalid):
            calendar_rows.set_hours(week)
    with pytest.raises(Invalid):
        calendar_rows.set_day(date(2026, 3, 3), kind="off", slots=[["09:00", "12:00"]])


@pytest.mark.django_db
def test_a_unit_keeps_its_own_hours_and_days(in_scope, tenant):
    keep_calendar_k()
    calendar_rows.set_day(date(2026, 10, 13), kind="work", slots=[["09:00", "12:00"]], unit_id=5, name="台风")
    own = compiled_calendars.calendar_for(tenant, 5, local("10-12 09:00"))
    everyone = compiled_calendars.calendar_for(tenant, 6, local("10-12 09:00"))
    assert own.add(local("10-12 16:30"), 300, Unit.WORK_MINUTES).at == local("10-14 10:00")
    assert everyone.add(local("10-12 16:30"), 300, Unit.WORK_MINUTES).at == local("10-13 14:30")


@pytest.mark.django_db
def test_s41_a_recompute_previews_moves_and_is_idempotent(tenant):
    with scope(tenant):
        subject = keep_calendar_k()
        clock = actions.start(subject, "resolve", policy=POLICY, at=local("10-12 09:00"))
        ended = actions.start(subject, "triage", policy=POLICY, at=local("10-12 09:00"))
        actions.stop(subject, ["triage"], at=local("10-12 10:00"))
        calendar_rows.set_day(date(2026, 10, 13), kind="off", name="台风停工")
    at = local("10-13 13:00")
    preview = recompute(tenant, at=at, apply=False)
    assert [(m.was_due, m.due_at, m.newly_saved) for m in preview.moves] == [
        (local("10-13 12:00"), local("10-14 12:00"), True)
    ]
    with scope(tenant):
        clock.refresh_from_db()
        assert clock.due_at == local("10-13 12:00")
    assert recompute(tenant, at=at, apply=True).moves == preview.moves
    assert recompute(tenant, at=at, apply=True).moves == []
    with scope(tenant):
        clock.refresh_from_db()
        due = Deadline.objects.get(clock=clock, step="due", run=clock.run)
        assert clock.due_at == due.due_at == local("10-14 12:00")
        was = ended.due_at
        ended.refresh_from_db()
        assert ended.due_at == was


@pytest.mark.django_db
def test_s42_a_breach_by_recompute_is_recorded_and_tells_nobody(tenant):
    with scope(tenant):
        subject = keep_calendar_k()
        actions.start(subject, "resolve", policy=POLICY, at=local("09-30 16:30"))
        calendar_rows.clear_day(date(2026, 10, 1))
        calendar_rows.clear_day(date(2026, 10, 2))
    found = recompute(tenant, at=local("10-05 09:00"), apply=True)
    assert [move.newly_breached for move in found.moves] == [True]
    with scope(tenant):
        assert Clock.objects.get().breached_at == local("10-02 11:00")
        assert Event.objects.get().facts["combined"] is True
        assert not Deadline.objects.filter(due_at__lte=local("10-05 09:00")).exists()


@pytest.mark.django_db
def test_the_command_loads_a_file_and_names_what_is_provisional(tenant, tmp_path):
    with scope(tenant):
        subject = keep_calendar_k()
        actions.start(subject, "resolve", policy=POLICY, at=local("12-31 09:00"))
    days = [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]
    path = tmp_path / "2027.json"
    path.write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")
    out = StringIO()
    call_command("load_calendar", str(path), tenant="alpha", stdout=out)
    assert "+ 2027-01-01" in out.getvalue()
    assert "recompute_clocks" in out.getvalue()
    call_command("recompute_clocks", tenant="alpha", apply=True, stdout=out)
    with scope(tenant):
        clock = Clock.objects.get()
        assert (clock.provisional, clock.due_at) == (False, local("2027-01-04 12:00"))
    with pytest.raises(CommandError):
        call_command("load_calendar", tenant="nowhere")
