"""Time stands still and runs on. During a pause nothing fires and nothing becomes late."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from governance import events
from governance.access.actors import Actor
from governance.clocks import timeline
from governance.clocks.actions import promises
from governance.clocks.models import Clock, Deadline, State
from governance.clocks.policies import Policy


def pause(
    subject: promises.Subject,
    purposes: Collection[str] = promises.EVERY,
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> list[Clock]:
    """Let running clocks stand still where their policy allows it; a clock already paused stays as it is.

    `reason` is a code. Records clock.paused for each; returns those that were paused.
    """
    held = [clock for clock in promises.lock(subject) if clock.purpose in purposes]
    stilled = [c for c in held if c.state == State.RUNNING and Policy.from_json(c.policy).pausable]
    for clock in stilled:
        promises.settle(clock, at)
        clock.state = State.PAUSED
        clock.segments.append(promises.segment(State.PAUSED, at, reason, by.member_id))
    if stilled:
        Clock.objects.bulk_update(stilled, ["state", "segments", "used", "breached_at"])
        promises.forget(stilled)
    for clock in stilled:
        events.record(
            "clock.paused", subject, by=by, at=at, clock=clock.pk, purpose=clock.purpose, reason=reason
        )
    return stilled


def resume(
    subject: promises.Subject,
    purposes: Collection[str] = promises.EVERY,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> list[Clock]:
    """Let paused clocks run on with what they had left. Steps that fired before the pause do not fire
    again."""
    held = [c for c in promises.lock(subject) if c.purpose in purposes and c.state == State.PAUSED]
    for clock in held:
        clock.segments[-1]["to"] = at.isoformat()
        clock.segments.append(promises.segment(State.RUNNING, at, reason, by.member_id))
        clock.state = State.RUNNING
        reckon(clock)
        clock.run += 1
    if held:
        Clock.objects.bulk_update(
            held, ["state", "segments", "due_at", "provisional", "calendar_version", "run"]
        )
        reschedule(held, at)
    for clock in held:
        events.record(
            "clock.resumed",
            subject,
            by=by,
            at=at,
            clock=clock.pk,
            purpose=clock.purpose,
            due_at=clock.due_at.isoformat(),
        )
    return held


def reckon(clock: Clock) -> None:
    """Set the due time of a running clock from its whole life, on the calendar of today."""
    calendar, runs = promises.calendar_of_clock(clock), timeline.stretches(clock.segments)
    due = timeline.replay(calendar, runs, clock.term.of(clock.budget), clock.term).due
    if due is not None:  # a clock that stands still keeps the due time it had
        clock.due_at, clock.provisional = due.at, due.provisional
        clock.calendar_version = calendar.spec.version


def reschedule(clocks: Collection[Clock], since: datetime, *, again: bool = False) -> None:
    """Insert the timetable of running clocks anew, without the steps that fired already unless `again`."""
    fired = set() if again else fired_steps(clocks)
    promises.schedule(
        [
            row
            for clock in clocks
            for row in promises.deadlines(clock, since, {step for pk, step in fired if pk == clock.pk})
        ]
    )


def fired_steps(clocks: Iterable[Clock]) -> set[tuple[int, str]]:
    """(clock, step) of everything that has fired; one statement."""
    done = Deadline.objects.filter(clock__in=list(clocks), fired_at__isnull=False)
    return set(done.values_list("clock_id", "step"))
