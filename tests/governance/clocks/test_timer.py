"""The timer loop: each step once and in order, even if a worker dies. The tests commit their rows."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from governance.access import actors
from governance.clocks import actions, steps, timer
from governance.clocks.calendar import Unit
from governance.clocks.models import Clock, Deadline, State, WorkCalendar
from governance.clocks.policies import Policy
from governance.errors import Conflict
from governance.events import feed
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.governance.clocks.fixtures import local
from tests.governance.clocks.world import keep_calendar_k

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
LABEL = "governance.workcalendar"
POLICY = Policy(240, Unit.WORK_MINUTES)
START, DUE = local("10-12 09:00"), local("10-12 14:30")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch) -> None:
    """Many steps commit here; the tests of the log check whether a worker is woken for their events."""
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


@pytest.fixture
def heard(monkeypatch) -> list[tuple[str, bool]]:
    """The (step, combined) pairs for which the registered handler was called."""
    called: list[tuple[str, bool]] = []

    def handler(deadline, subject, *, at) -> None:
        called.append((deadline.step, deadline.combined))

    monkeypatch.setitem(timer.HANDLERS, LABEL, handler)
    return called


def promise(tenant, count: int = 1, policy: Policy = POLICY) -> WorkCalendar:
    """Create `count` subjects of the tenant, each with one clock from Monday 09:00; returns the last one."""
    with scope(tenant):
        keep_calendar_k()
        first = WorkCalendar.objects.count() + 1000
        for n in range(count):
            subject = WorkCalendar.objects.create(name="K", unit_id=first + n, week={})
            actions.start(subject, "resolve", policy=policy, at=START)
    return subject


def drained(at) -> int:
    return timer.drain(at, seconds=20)


def fired(tenant) -> list[str]:
    with scope(tenant):
        rows = Deadline.objects.filter(fired_at__isnull=False).order_by("due_at", "pk")
        return list(rows.values_list("step", flat=True))


def kinds(tenant) -> list[str]:
    with scope(tenant):
        return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_nothing_due_is_nothing_done(tenant, heard):
    promise(tenant)
    assert not timer.fire_next_due(START)
    assert heard == []
    assert timer.oldest_due_age(START) == 0.0


def test_steps_fire_in_their_order_each_at_its_time(tenant, heard):
    promise(tenant)
    for text in ("10-12 11:00", "10-12 11:01", "10-12 13:42", "10-12 14:30", "10-13 14:30", "10-20 09:00"):
        drained(local(text))
    assert [step for step, _ in heard] == ["warn_1", "warn_2", "due", "escalate_1", "escalate_2"]
    assert not any(combined for _, combined in heard)
    assert kinds(tenant) == [
        "clock.warned",
        "clock.warned",
        "clock.breached",
        "clock.escalated",
        "clock.escalated",
    ]
    with scope(tenant):
        assert Clock.objects.get().breached_at == DUE


def test_s55_after_an_outage_only_the_highest_step_tells_people(tenant, heard):
    promise(tenant)
    assert drained(local("10-13 15:00")) == 4
    assert heard == [("warn_1", True), ("warn_2", True), ("due", True), ("escalate_1", False)]
    with scope(tenant):
        told = [event.facts["step"] for event in Event.objects.all() if "combined" not in event.facts]
    assert told == ["escalate_1"]


def test_s54_two_workers_fire_each_step_once(tenant, other_tenant, heard):
    promise(tenant, 15)
    promise(other_tenant, 15)

    def work() -> None:
        for n in range(4):  # a step waits two seconds if another worker holds its earlier step
            timer.drain(local("10-13 15:00") + timedelta(seconds=3 * n), seconds=20)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(step for step, _ in heard) == dict.fromkeys(("warn_1", "warn_2", "due", "escalate_1"), 30)
    for each in (tenant, other_tenant):
        with scope(each):
            events = Event.objects.values_list("subject_id", "facts__step")
            assert len(events) == len(set(events)) == 60


def test_a_handler_that_fails_is_tried_again_later_and_leaves_nothing_behind(tenant, monkeypatch, caplog):
    promise(tenant)
    calls = []

    def handler(deadline, subject, *, at) -> None:
        calls.append(at)
        if len(calls) < 3:
            raise Conflict("held", code="still_held")

    monkeypatch.setitem(timer.HANDLERS, LABEL, handler)
    at = local("10-12 11:00")
    assert drained(at) == 1
    with scope(tenant):
        row = Deadline.objects.get(step="warn_1")
    assert (row.fired_at, row.attempts, row.last_error) == (None, 1, "still_held")
    assert (row.due_at, row.next_attempt_at) == (at, at + timedelta(seconds=30))
    assert kinds(tenant) == []
    assert drained(at + timedelta(seconds=29)) == 0
    drained(at + timedelta(seconds=30))
    drained(at + timedelta(seconds=91))
    assert fired(tenant) == ["warn_1"]
    assert kinds(tenant) == ["clock.warned"]
    assert [r.levelname for r in caplog.records if r.name == timer.__name__] == ["ERROR", "WARNING"]


def test_a_step_that_keeps_failing_does_not_hold_up_the_next(tenant, monkeypatch):
    promise(tenant)

    def handler(deadline, subject, *, at) -> None:
        if deadline.step == "warn_1":
            raise RuntimeError("always")

    monkeypatch.setitem(timer.HANDLERS, LABEL, handler)
    drained(local("10-12 11:00"))
    drained(local("10-12 14:30"))
    assert fired(tenant) == ["warn_2", "due"]


def test_a_death_between_claim_and_commit_leaves_the_step_unfired(tenant, heard):
    promise(tenant)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        claimed = timer._claim(local("10-12 11:00"), ())
        with scope(tenant):
            steps.fire(Deadline.objects.get(pk=claimed.deadline_id), at=local("10-12 11:00"))
        raise Killed
    assert fired(tenant) == []
    assert kinds(tenant) == []
    drained(local("10-12 11:00"))
    assert fired(tenant) == ["warn_1"]


def test_a_claimed_deadline_is_passed_over_by_others(tenant, heard):
    promise(tenant)
    found = []

    def other() -> None:
        found.append(timer.fire_next_due(local("10-12 11:00")))
        connections.close_all()

    with transaction.atomic():
        assert timer._claim(local("10-12 11:00"), ()) is not None
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert found == [False]


def test_no_tenant_starves_another(tenant, other_tenant, monkeypatch):
    promise(tenant, 60)
    promise(other_tenant, 2)
    order = []
    monkeypatch.setitem(
        timer.HANDLERS, LABEL, lambda deadline, subject, *, at: order.append(deadline.tenant_id)
    )
    assert drained(local("10-12 11:00")) == 62
    last = max(n for n, tenant_id in enumerate(order) if tenant_id == other_tenant.pk)
    assert last < timer.TURN + 2


def test_skip_passes_a_tenant_over(tenant, other_tenant, heard):
    promise(tenant)
    promise(other_tenant)
    with transaction.atomic():
        assert timer._claim(local("10-12 11:00"), [tenant.pk]).tenant_id == other_tenant.pk
        assert timer._claim(local("10-12 11:00"), [tenant.pk, other_tenant.pk]) is None


def test_s26_and_s56_a_clock_that_stands_still_or_has_ended_fires_nothing(tenant, heard):
    subject = promise(tenant)
    with transaction.atomic():
        claimed = timer._claim(local("10-12 11:00"), ())
        stopping = threading.Thread(target=_stop, args=(tenant, subject))
        stopping.start()
        stopping.join(timeout=10)
        assert not stopping.is_alive()  # the action does not wait for the loop
        with scope(tenant):
            steps.fire(Deadline.objects.get(pk=claimed.deadline_id), at=local("10-12 11:00"))
    assert heard == []
    with scope(tenant):
        assert not Deadline.objects.exists()


def _stop(tenant, subject) -> None:
    with scope(tenant):
        actions.stop(subject, actions.EVERY, at=local("10-12 10:59"))
    connections.close_all()


def test_a_deadline_of_an_older_timetable_is_dropped(tenant, heard):
    subject = promise(tenant)
    with scope(tenant):
        Clock.objects.filter(subject_id=subject.pk).update(run=2)
    drained(local("10-12 11:00"))
    assert heard == []
    assert fired(tenant) == []


def test_s32_a_breach_by_change_says_so(tenant, heard):
    subject = promise(tenant, policy=Policy(840, Unit.WORK_MINUTES))
    with scope(tenant):
        moved = actions.change_policy(subject, "resolve", policy=POLICY, at=local("10-12 16:00"))
        assert moved.due_at == DUE
    drained(local("10-12 16:00"))
    with scope(tenant):
        event = Event.objects.get()
        assert (event.kind, event.facts["by_change"]) == ("clock.breached", True)
        assert Clock.objects.get().breached_at == DUE


@pytest.mark.parametrize("verb", ["stop", "pause", "extend"])
def test_s70_a_change_and_the_loop_at_one_moment_leave_one_consistent_clock(tenant, heard, verb):
    at, by = DUE, actors.system(tenant.pk)
    subject = promise(tenant)
    acts = {
        "stop": lambda: actions.stop(subject, ["resolve"], at=at),
        "pause": lambda: actions.pause(subject, by=by, at=at, reason="ask_resident"),
        "extend": lambda: actions.extend(subject, "resolve", by=by, at=at, amount=60),
    }
    ready = threading.Barrier(3, timeout=20)

    def change() -> None:
        ready.wait()
        with scope(tenant):
            WorkCalendar.objects.select_for_update(no_key=True).get(pk=subject.pk)
            acts[verb]()
        connections.close_all()

    def loop() -> None:
        ready.wait()
        for n in range(3):
            timer.drain(at + timedelta(seconds=3 * n), seconds=20)
        connections.close_all()

    threads = [threading.Thread(target=work) for work in (change, loop, loop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    with scope(tenant):
        clock = Clock.objects.get()
        assert clock.state == {"stop": State.ENDED, "pause": State.PAUSED, "extend": State.RUNNING}[verb]
        assert [part["to"] for part in clock.segments[:-1]] == [part["from"] for part in clock.segments[1:]]
        waiting = set(Deadline.objects.filter(fired_at=None).values_list("run", flat=True))
        assert waiting <= ({clock.run} if verb == "extend" else set())
        done = list(Deadline.objects.filter(fired_at__isnull=False).values_list("step", flat=True))
        assert len(done) == len(set(done))
        assert ("due" in done) <= (clock.breached_at == DUE)


def test_an_appointment_calls_the_room(tenant, heard):
    subject = promise(tenant)
    with scope(tenant):
        actions.set_deadline(subject, "defer", "review", at=local("10-12 09:30"))
    drained(local("10-12 09:30"))
    assert heard == [("review", False)]


def test_a_handler_may_end_the_clock_it_was_called_for(tenant, monkeypatch):
    promise(tenant)

    def handler(deadline, subject, *, at) -> None:
        actions.stop(subject, ["resolve"], at=at)

    monkeypatch.setitem(timer.HANDLERS, LABEL, handler)
    drained(local("10-13 15:00"))
    with scope(tenant):
        assert Clock.objects.get().outcome == "late"
        assert list(Deadline.objects.values_list("step", flat=True)) == ["warn_1"]


def test_the_age_of_the_oldest_deadline_is_a_figure(tenant):
    promise(tenant)
    assert timer.oldest_due_age(local("10-12 11:05")) == 300.0


def test_one_handler_per_subject():
    timer.handles("tests.nothing")(print)
    try:
        with pytest.raises(RuntimeError):
            timer.handles("tests.nothing")(repr)
    finally:
        timer.HANDLERS.pop("tests.nothing")


def test_the_claim_belongs_to_a_role_that_can_do_nothing_else(tenant):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolcanlogin, r.rolbypassrls, r.rolsuper, p.prosecdef "
            "FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner "
            "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'timer'"
        )
        assert cursor.fetchall() == [("governance_clock", False, False, False, True)] * 2
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND has_any_column_privilege('governance_clock', oid, 'SELECT') "
            "AND relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchall() == [("governance_deadline",)]
        cursor.execute("SELECT has_schema_privilege('governance_clock', 'timer', 'CREATE')")
        assert cursor.fetchone() == (False,)
