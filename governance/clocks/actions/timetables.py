"""Timetables of clocks: the calendar of a clock, and its steps as deadlines of the timer loop."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from governance.clocks import timeline
from governance.clocks.compiled_calendars import calendar_of_clock
from governance.clocks.models import Clock, Deadline, State, Step
from governance.clocks.policies import Policy, timetable
from governance.clocks.subjects import Subject


def forget(clocks: Collection[Clock]) -> None:
    """Delete the clocks' deadlines that have not fired; one that is being fired right now is skipped."""
    waiting = Deadline.objects.filter(clock__in=clocks, fired_at__isnull=True)
    free = waiting.select_for_update(skip_locked=True).values("pk")
    Deadline.objects.filter(pk__in=free)._raw_delete("default")


def deadlines(clock: Clock, since: datetime, fired: Collection[str] = ()) -> list[Deadline]:
    """The steps of a running clock as unsaved rows, without those already fired.

    For a paused clock, the end of the pause.
    """
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
    """Insert deadlines for the timer loop; one statement, none without rows."""
    if rows:
        Deadline.objects.bulk_create(rows)


def recalculate(clock: Clock) -> None:
    """Calculate the due time of a running clock from all its segments, with the present calendar."""
    calendar, runs = calendar_of_clock(clock), timeline.stretches(clock.segments)
    due = timeline.replay(calendar, runs, clock.term.of(clock.budget), clock.term).due
    if due is not None:  # a paused clock keeps its due time
        clock.due_at, clock.provisional = due.at, due.provisional
        clock.calendar_version = calendar.spec.version


def reschedule(clocks: Collection[Clock], since: datetime, *, again: bool = False) -> None:
    """Insert the steps of running clocks again, without those already fired unless `again`."""
    schedule(steps_of(clocks, since, again=again))


def steps_of(clocks: Collection[Clock], since: datetime, *, again: bool = False) -> list[Deadline]:
    """The coming steps of running clocks, without those that fired in an earlier run unless `again`."""
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


def replace_deadlines(subject: Subject, ended: Collection[Clock], rows: Collection[Deadline]) -> None:
    """Delete the waiting steps of ended or paused clocks and insert new ones.

    One statement, none if there is nothing to do. A step that is being fired right now is skipped.
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
    """(clock id, step) of all steps that have fired; one statement."""
    done = Deadline.objects.filter(clock__in=list(clocks), fired_at__isnull=False)
    return set(done.values_list("clock_id", "step"))
