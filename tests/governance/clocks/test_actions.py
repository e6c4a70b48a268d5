"""Clocks in the database: started, ended, paused, changed. All times are those of calendar K."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from governance.access import actors
from governance.clocks import actions, calendar_rows, queries, report
from governance.clocks.actions import NewClock
from governance.clocks.calendar import Unit
from governance.clocks.models import Clock, Deadline, Outcome, State, WorkCalendar
from governance.clocks.policies import Policy
from governance.errors import Invalid, Missing
from governance.events.models import Event
from tests.governance.clocks.fixtures import local
from tests.governance.clocks.world import keep_calendar_k

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
HOURS = Policy(240, Unit.WORK_MINUTES)
DAYS = Policy(5, Unit.WORKDAYS)


@pytest.fixture
def subject(in_scope) -> WorkCalendar:
    """The subject of the clocks: any stored row can have clocks, here it is the calendar itself."""
    return keep_calendar_k()


@pytest.fixture
def by(tenant) -> actors.Actor:
    return actors.system(tenant.pk)


def steps(clock: Clock) -> list[str]:
    rows = Deadline.objects.filter(clock=clock, fired_at__isnull=True).order_by("due_at")
    return list(rows.values_list("step", flat=True))


def statements(act, *args, **facts):
    """Run an action; returns its result and the SQL verbs that it sent, without savepoints."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        result = act(*args, **facts)
    verbs = [q["sql"].split()[0] for q in seen.captured_queries]
    return result, [verb for verb in verbs if verb not in {"SAVEPOINT", "RELEASE"}]


def test_a_start_costs_two_statements(subject):
    actions.earliest_due(subject)
    actions.start(subject, "triage", policy=HOURS, at=local("10-12 09:00"))  # loads the calendars
    clock, verbs = statements(actions.start, subject, "accept", policy=HOURS, at=local("09-30 16:30"))
    assert verbs == ["INSERT", "INSERT"]
    assert clock.due_at == local("10-08 12:00")
    assert not clock.provisional
    assert steps(clock) == ["warn_1", "warn_2", "due", "escalate_1", "escalate_2"]


def test_a_turn_costs_four_statements_and_knows_the_next_due_time(subject):
    actions.start(subject, "triage", policy=HOURS, at=local("10-12 09:00"))
    actions.start(subject, "resolve", policy=DAYS, at=local("10-12 09:00"))
    turned, verbs = statements(
        actions.change_clocks,
        subject,
        at=local("10-12 11:00"),
        stop=["triage"],
        start=[NewClock(purpose="accept", policy=HOURS, unit_id=7), NewClock(purpose="contact", policy=DAYS)],
    )
    assert verbs == ["SELECT", "UPDATE", "INSERT", "WITH"]
    assert [clock.purpose for clock in turned.stopped] == ["triage"]
    assert turned.due_at == local("10-12 16:30")
    assert actions.earliest_due(subject) == turned.due_at


def test_a_stop_costs_three_statements_and_one_where_nothing_is_open(subject):
    clock = actions.start(subject, "triage", policy=HOURS, at=local("10-12 09:00"))
    _, verbs = statements(actions.stop, subject, ["triage"], at=local("10-12 11:30"))
    assert verbs == ["SELECT", "UPDATE", "WITH"]
    clock.refresh_from_db()
    assert (clock.state, clock.outcome, clock.used) == (State.ENDED, Outcome.MET, 150)
    assert steps(clock) == []
    _, verbs = statements(actions.stop, subject, ["triage"], at=local("10-12 11:30"))
    assert verbs == ["SELECT"]


def test_s11_no_budget_is_no_clock(subject):
    none = Policy(0, Unit.WORK_MINUTES)
    assert actions.start(subject, "triage", policy=none, at=local("10-12 09:00")) is None
    assert not Clock.objects.exists()


def test_s12_a_broken_calendar_marks_the_promise_and_is_no_error(subject, tenant):
    WorkCalendar.objects.update(week={})
    tenant.config_version += 1
    clock = actions.start(subject, "triage", policy=HOURS, at=local("10-12 09:00"))
    assert clock.provisional


def test_s19_open_clocks_keep_the_zone_of_their_start(subject, by):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    calendar_rows.set_hours(subject.week, zone="Europe/Berlin")
    actions.extend(subject, "resolve", by=by, at=local("10-12 10:00"), amount=60)
    clock.refresh_from_db()
    assert (clock.zone, clock.due_at) == ("Asia/Shanghai", local("10-12 15:30"))


def test_s21_and_s26_a_pause_moves_the_due_time_and_fires_nothing(subject, by):
    clock = actions.start(subject, "resolve", policy=Policy(420, Unit.WORK_MINUTES), at=local("10-12 09:00"))
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    assert steps(clock) == []
    actions.resume(subject, by=by, at=local("10-12 15:00"))
    clock.refresh_from_db()
    assert clock.due_at == local("10-13 14:00")
    assert steps(clock) == ["warn_1", "warn_2", "warn_3", "due", "escalate_1", "escalate_2"]
    assert list(Event.objects.order_by("seq").values_list("kind", flat=True)) == [
        "clock.paused",
        "clock.resumed",
    ]


def test_s24_a_double_click_pauses_once(subject, by):
    actions.start(subject, "resolve", policy=DAYS, at=local("10-12 09:00"))
    for _ in range(2):
        actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    clock = Clock.objects.get()
    assert [segment["state"] for segment in clock.segments] == ["running", "paused"]
    assert Event.objects.count() == 1


def test_s27_a_breach_stays_through_a_pause(subject, by):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    actions.pause(subject, by=by, at=local("10-13 10:00"), reason="deferred")
    actions.resume(subject, by=by, at=local("10-16 10:00"))
    clock.refresh_from_db()
    assert clock.breached_at == clock.due_at == local("10-12 14:30")


def test_s31_a_clock_that_may_not_pause_runs_on(subject, by):
    steady = Policy(240, Unit.WORK_MINUTES, pausable=False)
    actions.start(subject, "contact", policy=steady, at=local("10-12 09:00"))
    assert actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident") == []
    assert Clock.objects.get().state == State.RUNNING


def test_s32_a_shorter_target_counts_from_the_original_start(subject, by):
    clock = actions.start(subject, "resolve", policy=Policy(840, Unit.WORK_MINUTES), at=local("10-12 09:00"))
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    actions.resume(subject, by=by, at=local("10-12 15:00"))
    actions.change_policy(subject, "resolve", policy=HOURS, at=local("10-13 09:30"))
    clock.refresh_from_db()
    assert clock.due_at == local("10-13 09:30")  # one hour on Monday morning, two and a half after the pause
    assert steps(clock) == ["due", "escalate_1", "escalate_2"]


def test_s33_a_longer_target_after_the_breach_keeps_the_breach(subject):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    Clock.objects.update(breached_at=clock.due_at)
    actions.change_policy(subject, "resolve", policy=DAYS, at=local("10-13 10:00"))
    clock.refresh_from_db()
    assert clock.due_at == local("10-19 17:30")
    assert clock.breached_at == local("10-12 14:30")
    (stopped,) = actions.stop(subject, ["resolve"], at=local("10-14 10:00"))
    assert stopped.outcome == Outcome.LATE


def test_s36_a_policy_that_is_gone_withdraws_its_clock(subject):
    actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    assert (
        actions.change_policy(subject, "resolve", policy=Policy(0, Unit.WORKDAYS), at=local("10-13 10:00"))
        is None
    )
    assert Clock.objects.get().outcome == Outcome.WITHDRAWN
    assert not Deadline.objects.exists()


def test_s37_never_two_clocks_of_one_kind(subject):
    actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    again = actions.change_clocks(
        subject, at=local("10-13 09:00"), start=[NewClock(purpose="resolve", policy=HOURS)]
    )
    assert again.started == []
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.start(subject, "resolve", policy=HOURS, at=local("10-13 09:00"))


def test_assistants_have_clocks_of_their_own(subject):
    for unit_id in (4, 5):
        actions.start(subject, "assist", policy=DAYS, unit_id=unit_id, at=local("10-12 09:00"))
    stopped = actions.stop(subject, [("assist", 4)], at=local("10-13 09:00"))
    assert [clock.unit_id for clock in stopped] == [4]
    assert Clock.objects.get(ended_at__isnull=True).unit_id == 5


def test_s43_an_extension_after_due_leaves_the_breach(subject, by):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    Clock.objects.update(breached_at=clock.due_at)
    extended = actions.extend(subject, "resolve", by=by, at=local("10-12 15:00"), amount=420)
    assert (extended.due_at, extended.breached_at) == (local("10-13 14:30"), local("10-12 14:30"))


def test_s58_moved_steps_move_and_fired_ones_do_not_repeat(subject, by):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    Deadline.objects.filter(clock=clock, step="warn_1").update(fired_at=local("10-12 11:00"))
    actions.extend(subject, "resolve", by=by, at=local("10-12 11:30"), amount=240)
    assert steps(clock) == ["warn_2", "warn_3", "due", "escalate_1", "escalate_2"]
    actions.extend(subject, "resolve", by=by, at=local("10-12 11:40"), amount=240, again=True)
    assert steps(clock) == ["warn_1", "warn_2", "warn_3", "due", "escalate_1", "escalate_2"]


@pytest.mark.parametrize("amount", [0, -3, 99_999_999])
def test_an_extension_must_be_a_gain(subject, by, amount):
    actions.start(subject, "resolve", policy=HOURS, at=local("10-12 09:00"))
    with pytest.raises(Invalid):
        actions.extend(subject, "resolve", by=by, at=local("10-12 11:30"), amount=amount)
    with pytest.raises(Missing):
        actions.extend(subject, "verify", by=by, at=local("10-12 11:30"), amount=1)


def test_s47_and_s48_a_merge_undone_leaves_no_gap(subject):
    clock = actions.start(subject, "resolve", policy=DAYS, at=local("10-12 09:00"))
    was_due = clock.due_at
    actions.stop(subject, actions.EVERY, at=local("10-13 10:00"), outcome=Outcome.MERGED)
    (revived,) = actions.restore(subject, ["resolve"], at=local("10-15 10:00"), counted=True)
    assert (revived.due_at, revived.state, len(revived.segments)) == (was_due, State.RUNNING, 1)
    assert steps(clock)[-3:] == ["due", "escalate_1", "escalate_2"]


def test_s45_work_taken_up_again_continues_from_what_was_used(subject):
    actions.start(subject, "resolve", policy=Policy(840, Unit.WORK_MINUTES), at=local("10-12 09:00"))
    actions.stop(subject, ["resolve"], at=local("10-12 17:30"))
    (revived,) = actions.restore(subject, ["resolve"], at=local("10-15 09:00"), counted=False)
    assert revived.due_at == local("10-15 17:30")


def test_s50_a_backdated_start_keeps_the_steps_it_has_missed(subject):
    clock = actions.start(subject, "resolve", policy=HOURS, at=local("09-28 09:00"))
    assert steps(clock) == ["warn_1", "warn_2", "due", "escalate_1", "escalate_2"]


def test_s51_started_and_ended_in_one_instant(subject):
    at = local("10-12 09:00")
    actions.start(subject, "resolve", policy=HOURS, at=at)
    (clock,) = actions.stop(subject, actions.EVERY, at=at)
    assert (clock.used, clock.outcome, clock.ended_at) == (0, Outcome.MET, at)


def test_s69_the_explanation_adds_up(subject, by):
    clock = actions.start(subject, "resolve", policy=Policy(420, Unit.WORK_MINUTES), at=local("10-12 09:00"))
    actions.pause(subject, by=by, at=local("10-12 10:00"), reason="ask_resident")
    actions.resume(subject, by=by, at=local("10-12 15:00"))
    (story,) = queries.explain(subject, at=local("10-13 09:30"))
    assert [segment.used for segment in story.segments] == [60, 0, 180]
    assert story.used == 240 == sum(segment.used for segment in story.segments)
    assert (story.budget, story.remaining.hours, story.remaining.minutes) == (420, 3, 0)
    assert story.phrase == "还剩 3 小时，周二 14:00 到期"
    assert clock.pk == story.clock_id
    assert report.lines(story)[:5] == [
        "办结：时限 7 小时，已用 4 小时，到期 2026-10-13 14:00，还剩 3 小时，周二 14:00 到期",
        "  规则：7 小时，只计工作时间；50%、80%、到期前 1 小时预警；超时 1 个工作日、5 个工作日后逐级升级",
        "  2026-10-12 09:00 - 2026-10-12 10:00 计时中 1 小时",
        "  2026-10-12 10:00 - 2026-10-12 15:00 已暂停 0 分钟 请居民补充",
        "  2026-10-12 15:00 -  计时中 3 小时",
    ]


def test_a_dated_exception_moves_only_what_is_recomputed(subject):
    clock = actions.start(subject, "resolve", policy=Policy(600, Unit.WORK_MINUTES), at=local("10-12 09:00"))
    calendar_rows.set_day(local("10-13 00:00").date(), kind="off", name="台风停工")
    clock.refresh_from_db()
    assert clock.due_at == local("10-13 12:00")
    assert actions.start(subject, "verify", policy=HOURS, at=local("10-12 16:30")).due_at == local(
        "10-14 12:00"
    )


def test_every_promise_of_one_subject_only(subject, in_scope):
    other = WorkCalendar.objects.create(name="另一", unit_id=9, week={})
    actions.start(other, "resolve", policy=HOURS, at=local("10-12 09:00"))
    assert actions.stop(subject, actions.EVERY, at=local("10-12 10:00")) == []
    assert isinstance(actions.earliest_due(other), datetime)
    assert actions.earliest_due(subject) is None


def test_an_appointment_is_moved_and_dropped(subject):
    at = local("10-12 09:00")
    actions.set_deadline(subject, "share", "limit", at=at)
    actions.set_deadline(subject, "share", "limit", at=at + timedelta(days=1))
    assert Deadline.objects.get().due_at == at + timedelta(days=1)
    assert actions.cancel(subject, "share") == 1
