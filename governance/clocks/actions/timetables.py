"""The timetable of a clock: the calendar it runs on, its steps as rows of the timer loop, and their exchange."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from governance.clocks import shelf, timeline
from governance.clocks.calendar import Calendar
from governance.clocks.models import Clock, Deadline, State, Step
from governance.clocks.policies import Policy, timetable
from governance.clocks.subjects import Subject
from governance.tenancy import scope
from governance.tenancy.models import Tenant


def forget(clocks: Collection[Clock]) -> None:
    """Delete the deadlines not fired yet, without waiting for one that is being fired this moment."""
    waiting = Deadline.objects.filter(clock__in=clocks, fired_at__isnull=True)
    free = waiting.select_for_update(skip_locked=True).values("pk")
    Deadline.objects.filter(pk__in=free)._raw_delete("default")


def here() -> Tenant:
    """The tenant of the open scope; raises RuntimeError outside of any."""
    tenant = scope.current()
    if tenant is None:
        raise RuntimeError("no tenant scope is open")
    return tenant


def calendar_of(unit_id: int | None, at: datetime, zone: str = "") -> Calendar:
    """The calendar of a unit in the open scope's tenant."""
    return shelf.calendar_for(here(), unit_id, at, zone)


def calendar_of_clock(clock: Clock) -> Calendar:
    """The calendar a clock runs on: today's hours, in the zone of its start."""
    return calendar_of(clock.unit_id, clock.started_at, clock.zone)


def deadlines(clock: Clock, since: datetime, fired: Collection[str] = ()) -> list[Deadline]:
    """The rows of a running clock's timetable, without the steps that fired before; of one that stands still, the end
    of its pause."""
    if clock.state == State.PAUSED:
        limit = clock.segments[-1].get("limit")
        return [_deadline(clock, Step.LIMIT, datetime.fromisoformat(limit))] if limit else []
    policy = Policy.from_json(clock.policy)
    runs = timeline.stretches(clock.segments)
    steps = timetable(policy, calendar_of_clock(clock), runs, since)
    return [_deadline(clock, step, due_at) for step, due_at in steps if step not in fired]


def _deadline(clock: Clock, step: str, due_at: datetime) -> Deadline:
    return Deadline(
        tenant_id=clock.tenant_id,
        clock=clock,
        run=clock.run,
        subject_type=clock.subject_type,
        subject_id=clock.subject_id,
        purpose=clock.purpose,
        step=step,
        due_at=due_at,
        next_attempt_at=due_at,
    )


def schedule(rows: list[Deadline]) -> None:
    """Hand deadlines to the timer loop; one statement, none without rows."""
    if rows:
        Deadline.objects.bulk_create(rows)


def reckon(clock: Clock) -> None:
    """Set the due time of a running clock from its whole life, on the calendar of today."""
    calendar, runs = calendar_of_clock(clock), timeline.stretches(clock.segments)
    due = timeline.replay(calendar, runs, clock.term.of(clock.budget), clock.term).due
    if due is not None:  # a clock that stands still keeps the due time it had
        clock.due_at, clock.provisional = due.at, due.provisional
        clock.calendar_version = calendar.spec.version


def reschedule(clocks: Collection[Clock], since: datetime, *, again: bool = False) -> None:
    """Insert the timetable of running clocks anew, without the steps that fired already unless `again`."""
    schedule(steps_of(clocks, since, again=again))


def steps_of(clocks: Collection[Clock], since: datetime, *, again: bool = False) -> list[Deadline]:
    """The steps to come of running clocks; those that fired in an earlier run are left out unless `again`."""
    old = [clock for clock in clocks if clock.run > 1]
    fired = set() if again or not old else fired_steps(old)
    return [
        row
        for clock in clocks
        for row in deadlines(clock, since, {step for pk, step in fired if pk == clock.pk})
    ]


_SWAP = """
WITH gone AS (
    DELETE FROM governance_deadline WHERE tenant_id = %(tenant)s AND id IN (
        SELECT id FROM governance_deadline
        WHERE tenant_id = %(tenant)s AND clock_id = ANY(%(ended)s::bigint[]) AND fired_at IS NULL
        FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO governance_deadline (tenant_id, clock_id, run, subject_type, subject_id, purpose, step, due_at,
                                 next_attempt_at, combined, attempts, last_error)
SELECT %(tenant)s, r.clock, r.run, %(label)s, %(pk)s, r.purpose, r.step, r.due, r.due, false, 0, ''
FROM unnest(%(clocks)s::bigint[], %(runs)s::int[], %(purposes)s::text[], %(steps)s::text[],
            %(dues)s::timestamptz[]) AS r(clock, run, purpose, step, due)
"""


def swap(subject: Subject, ended: Collection[Clock], rows: Collection[Deadline]) -> None:
    """Take the waiting steps of clocks that ended or stand still out of the timer loop and hand it new ones.

    One statement, none where there is nothing to do. A step being fired this moment is not waited for.
    """
    if not ended and not rows:
        return
    given = {
        "tenant": subject.tenant_id,
        "label": subject._meta.label_lower,
        "pk": subject.pk,
        "ended": [clock.pk for clock in ended],
        "clocks": [row.clock_id for row in rows],
        "runs": [row.run for row in rows],
        "purposes": [str(row.purpose) for row in rows],
        "steps": [str(row.step) for row in rows],
        "dues": [row.due_at for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SWAP, given)


def fired_steps(clocks: Iterable[Clock]) -> set[tuple[int, str]]:
    """(clock, step) of everything that has fired; one statement."""
    done = Deadline.objects.filter(clock__in=list(clocks), fired_at__isnull=False)
    return set(done.values_list("clock_id", "step"))
