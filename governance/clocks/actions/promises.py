"""Promises made and ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from governance.clocks import shelf, timeline
from governance.clocks.calendar import Calendar
from governance.clocks.models import Clock, Deadline, Outcome, Purpose, State
from governance.clocks.policies import Policy, timetable
from governance.errors import Invalid
from governance.tenancy import scope
from governance.tenancy.models import Tenant

EVERY: tuple[str, ...] = tuple(Purpose.values)


class Subject(Protocol):
    """What a promise can be about: any stored row of a tenant."""

    tenant_id: int
    pk: int
    _meta: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """One promise to be made."""

    purpose: str
    policy: Policy
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """What a turn has done, and when the next promise of the subject is due (None: none is running)."""

    stopped: list[Clock]
    started: list[Clock]
    due_at: datetime | None


def start(
    subject: Subject, purpose: str, *, policy: Policy, at: datetime, unit_id: int | None = None
) -> Clock | None:
    """Make one promise from `at` on; None where the policy promises nothing. Two statements.

    An open clock of the same kind and unit is a mistake of the caller (IntegrityError): `turn` looks first.
    """
    started = _start(subject, [Begin(purpose=purpose, policy=policy, unit_id=unit_id)], at)
    return started[0] if started else None


def start_all(subject: Subject, begins: list[Begin], *, at: datetime) -> list[Clock]:
    """Make the first promises of a new subject. Two statements, none where nothing is promised."""
    return _start(subject, begins, at)


def due_of(begin: Begin, at: datetime) -> datetime | None:
    """When a promise made at an instant would be due; None where its policy promises nothing. No statement."""
    due = calendar_of(begin.unit_id, at).add(at, begin.policy.budget, begin.policy.term)
    return due.at if due else None


def stop(
    subject: Subject,
    purposes: Collection[str | tuple[str, int | None]],
    *,
    at: datetime,
    outcome: str = "",
) -> list[Clock]:
    """End open clocks: met or late by the time, unless `outcome` says how. Three statements, one if none is
    open."""
    return turn(subject, stop=purposes, at=at, outcome=outcome).stopped


def withdraw(subject: Subject, purposes: Collection[str], *, at: datetime) -> list[Clock]:
    """End clocks whose policy is gone: nothing was kept or broken, and nothing fires any more."""
    return stop(subject, purposes, at=at, outcome=Outcome.WITHDRAWN)


def turn(
    subject: Subject,
    *,
    at: datetime,
    stop: Collection[str | tuple[str, int | None]] = (),
    start: Iterable[Begin] = (),
    outcome: str = "",
) -> Turned:
    """Stop some promises and make others in five statements: select, update, delete, insert, insert.

    A name in `stop` stops that kind for every unit, (name, unit) for one. A kind that stays open is not
    started twice.
    """
    held = lock(subject)
    ending = [clock for clock in held if clock.purpose in stop or (clock.purpose, clock.unit_id) in stop]
    _end(ending, at, outcome)
    running = [clock for clock in held if clock not in ending]
    taken = {(clock.purpose, clock.unit_id) for clock in running}
    started = _start(subject, [b for b in start if (b.purpose, b.unit_id) not in taken], at)
    return Turned(ending, started, _earliest([*running, *started]))


def lock(subject: Subject) -> list[Clock]:
    """The subject's open clocks, locked; one statement."""
    return list(_open(subject).select_for_update(no_key=True).order_by("pk"))


def earliest_due(subject: Subject) -> datetime | None:
    """When the next running promise of the subject is due; None where none runs."""
    return _earliest(_open(subject).filter(state=State.RUNNING))


def _earliest(clocks: Iterable[Clock]) -> datetime | None:
    return min((clock.due_at for clock in clocks if clock.state == State.RUNNING), default=None)


def _open(subject: Subject) -> Any:
    return Clock.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, ended_at__isnull=True
    )


# -- starting and ending


def _start(subject: Subject, begins: list[Begin], at: datetime) -> list[Clock]:
    made = [_clock(subject, begin, at) for begin in begins if begin.policy.budget]
    if not made:
        return []
    Clock.objects.bulk_create(made)
    schedule([row for clock in made for row in deadlines(clock, at)])
    return made


def _clock(subject: Subject, begin: Begin, at: datetime) -> Clock:
    policy, calendar = begin.policy, calendar_of(begin.unit_id, at)
    due = calendar.add(at, policy.budget, policy.term)
    if due is None:
        raise Invalid("a promise needs a budget", code="no_budget")
    return Clock(
        tenant_id=subject.tenant_id,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        purpose=begin.purpose,
        unit_id=begin.unit_id,
        budget=policy.budget,
        budget_unit=policy.unit,
        policy=policy.to_json(),
        calendar_version=calendar.spec.version,
        zone=calendar.spec.zone,
        started_at=at,
        due_at=due.at,
        provisional=due.provisional,
        segments=[segment(State.RUNNING, at)],
    )


def segment(state: str, at: datetime, reason: str = "", by: int | None = None) -> dict[str, Any]:
    """A new last segment: why (a code) and by whom (a member's id)."""
    return {"state": str(state), "from": at.isoformat(), "to": None, "reason": reason, "by": by}


def _end(clocks: list[Clock], at: datetime, outcome: str) -> None:
    for clock in clocks:
        settle(clock, at)
        clock.outcome = outcome or (Outcome.LATE if clock.breached_at else Outcome.MET)
        clock.state, clock.ended_at = State.ENDED, at
    if clocks:
        fields = ["state", "ended_at", "outcome", "segments", "used", "breached_at"]
        Clock.objects.bulk_update(clocks, fields)
        forget(clocks)


def settle(clock: Clock, at: datetime) -> None:
    """Close the clock's last segment at an instant and count what was used; a missed due time is a breach."""
    if clock.state == State.RUNNING and clock.breached_at is None and clock.due_at < at:
        clock.breached_at = clock.due_at
    clock.segments[-1]["to"] = at.isoformat()
    clock.used = used_until(clock, at)


def used_until(clock: Clock, at: datetime) -> int:
    """Whole units of the clock's own unit used up to an instant."""
    runs = timeline.stretches(clock.segments)
    return sum(timeline.usage(calendar_of_clock(clock), runs, clock.budget, clock.term, at))


def forget(clocks: Collection[Clock]) -> None:
    """Delete the deadlines not fired yet, without waiting for one that is being fired this moment."""
    waiting = Deadline.objects.filter(clock__in=clocks, fired_at__isnull=True)
    free = waiting.select_for_update(skip_locked=True).values("pk")
    Deadline.objects.filter(pk__in=free)._raw_delete("default")


# -- calendars and deadlines


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
    """The rows of a running clock's timetable, without the steps that fired before."""
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
