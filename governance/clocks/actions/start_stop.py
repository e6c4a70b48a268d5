"""Start, change and stop clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from governance import events
from governance.access.actors import Actor
from governance.clocks import timeline
from governance.clocks.actions.timetables import deadlines, recalculate, replace_deadlines, schedule, steps_of
from governance.clocks.calendar import Term, Unit
from governance.clocks.compiled_calendars import calendar_of, calendar_of_clock
from governance.clocks.models import Clock, Deadline, Outcome, Purpose, State
from governance.clocks.policies import LONGEST, Policy, Scoring
from governance.clocks.subjects import Subject
from governance.errors import Invalid

#: One day in each unit; a workday has seven hours (domain.md B5, the default shift).
A_DAY = {Unit.WORKDAYS: 1, Unit.WORK_MINUTES: 7 * 60, Unit.NATURAL_MINUTES: 24 * 60}
EVERY: tuple[str, ...] = tuple(Purpose.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClock:
    """A clock to be started.

    `said_at` is when the resident reported, by the caller's device or a clerk's entry. If `trusted`, the
    clock starts at that time; else the time is only stored, because a device's clock may be wrong. With
    `kept`, the clock ends as met at once, such as the first contact with a person who is on the telephone.
    """

    purpose: str
    policy: Policy
    unit_id: int | None = None
    said_at: datetime | None = None
    trusted: bool = False
    kept: bool = False

    def start_at(self, at: datetime) -> datetime:
        """The start of a clock that is created at `at`; never in the future."""
        return min(self.said_at, at) if self.said_at and self.trusted else at


@dataclass(frozen=True, slots=True)
class Turned:
    """The result of `change_clocks`; `due_at` is the subject's next due time (None: no clock is running)."""

    stopped: list[Clock]
    started: list[Clock]
    due_at: datetime | None
    paused: list[Clock] = field(default_factory=list)
    resumed: list[Clock] = field(default_factory=list)
    open: list[Clock] = field(default_factory=list)


def start(
    subject: Subject, purpose: str, *, policy: Policy, at: datetime, unit_id: int | None = None
) -> Clock | None:
    """Start one clock at `at`; None if the policy has no time limit. Two statements.

    If a clock of the same purpose and unit is open, that is a mistake of the caller (IntegrityError);
    `change_clocks` checks it.
    """
    started = _start(subject, [NewClock(purpose=purpose, policy=policy, unit_id=unit_id)], at)
    return started[0] if started else None


def start_all(
    subject: Subject, begins: list[NewClock], *, at: datetime, excused_before: datetime | None = None
) -> list[Clock]:
    """Start the first clocks of a new subject. Two statements, none if no policy has a time limit.

    A clock that starts in the past and was due before `excused_before` is late from the start, and excused:
    another subject is responsible for that breach.
    """
    made = [_clock(subject, begin, at) for begin in begins if begin.policy.budget]
    for clock in made:
        if excused_before and clock.due_at < excused_before:
            clock.excused_at = excused_before
    return _begin(made)


def due_of(begin: NewClock, at: datetime) -> datetime | None:
    """The due time of a clock if it started at this moment; None if it has none. No statement."""
    if begin.kept:
        return None
    start = begin.start_at(at)
    due = calendar_of(begin.unit_id, start).add(start, begin.policy.budget, begin.policy.term)
    return due.at if due else None


def stop(
    subject: Subject,
    purposes: Collection[str | tuple[str, int | None]],
    *,
    at: datetime,
    outcome: str = "",
) -> list[Clock]:
    """End open clocks: as met or late by the time, unless `outcome` is given.

    Three statements, or one if none is open.
    """
    return change_clocks(subject, stop=purposes, at=at, outcome=outcome).stopped


def withdraw(subject: Subject, purposes: Collection[str], *, at: datetime) -> list[Clock]:
    """End clocks whose policy no longer applies: neither met nor late, and no step fires any more."""
    return stop(subject, purposes, at=at, outcome=Outcome.WITHDRAWN)


def change_clocks(
    subject: Subject,
    *,
    at: datetime,
    stop: Collection[str | tuple[str, int | None]] = (),
    start: Iterable[NewClock] = (),
    outcome: str | Mapping[str, str] = "",
    pause: Collection[str | tuple[str, int | None]] = (),
    resume: Collection[str | tuple[str, int | None]] = (),
    by: Actor | None = None,
    reason: str = "",
    until: datetime | None = None,
    hand_over: Mapping[str, int] | None = None,
    add_days: Mapping[str, int] | None = None,
    undone: Collection[str] = (),
) -> Turned:
    """Stop, start, pause and resume clocks of a subject: select, update, insert and steps, four statements.

    A name in `stop` stops that purpose for every unit, (name, unit) one clock; `outcome`, also per purpose, is the
    outcome, else met or late by the time; for purposes in `undone` cancelled or late. A purpose that stays open is not
    started again. Clocks in `pause` pause if their policy allows it, those in `resume` continue with the time left;
    `by` and `reason` (a code) are recorded. A pause ends automatically at `until`, or after the longest pause its
    policy allows. `hand_over` gives the new responsible unit per purpose, `add_days` extra days.
    """
    held = lock(subject)
    ending = _named(held, stop)
    _end(ending, at, outcome, undone)
    running = [clock for clock in held if clock not in ending]
    who = by.member_id if by else None
    limited = [clock for clock in running if clock.segments[-1].get("limit")]
    stilled = [c for c in _named(running, pause) if _stand_still(c, at, reason, who, until)]
    revived = [clock for clock in _named(running, resume) if _run_on(clock, at, reason, who)]
    owed = hand_over or {}
    passed = [c for c in running if c.unit_id != owed.get(c.purpose, c.unit_id)]
    for clock in passed:
        clock.unit_id = owed[clock.purpose]
    longer = [c for c in running if add_days and c.purpose in add_days]
    for clock in longer:
        lengthen(clock, add_days[clock.purpose] * A_DAY[clock.term.unit], at)
    again = [*revived, *longer]
    _write(ending, {id(c): c for c in (*stilled, *again, *passed)}.values())
    if by is not None:
        _record_pauses(subject, stilled, revived, by, at, reason)
    taken = {(clock.purpose, clock.unit_id) for clock in running}
    started = _make(subject, [b for b in start if (b.purpose, b.unit_id) not in taken], at)
    gone = [*ending, *stilled, *longer, *(clock for clock in limited if clock in revived)]
    limits = steps_of(stilled, at, again=True)  # while paused, only the limit of the pause can fire
    replace_deadlines(subject, gone, [*steps_of(again, at), *limits, *_beginning(started)])
    left = [*running, *started]
    return Turned(ending, started, _earliest(left), stilled, revived, left)


def _named(held: Iterable[Clock], names: Collection[str | tuple[str, int | None]]) -> list[Clock]:
    return [clock for clock in held if clock.purpose in names or (clock.purpose, clock.unit_id) in names]


def _write(ended: Collection[Clock], changed: Collection[Clock]) -> None:
    if ended or changed:
        Clock.objects.bulk_update([*ended, *changed], _TURNED if changed else _TURNED[:7])


_TURNED = [
    "state",
    "segments",
    "used",
    "breached_at",
    "ended_at",
    "outcome",
    "closings",
    "unit_id",
    "budget",
    "policy",
    "due_at",
    "provisional",
    "calendar_version",
    "run",
    "extensions",
    "excused_at",
]
EXTENDED = _TURNED[-2:]


def lengthen(clock: Clock, amount: int, at: datetime) -> None:
    """Add time to a clock in memory, in its own unit. Raises Invalid if the amount is too small or too large.

    An extension after the due time leaves the breach, even one that the timer has not recorded yet, and
    excuses it if the policy says so.
    """
    if amount <= 0 or clock.budget + amount > LONGEST[clock.term.unit]:
        raise Invalid(
            "the extension is not between one unit and ten years", code="bad_extension", field="amount"
        )
    if clock.breached_at is None and clock.state == State.RUNNING and clock.due_at < at:
        clock.breached_at = clock.due_at
    if clock.breached_at is not None and Policy.from_json(clock.policy).excuse_late:
        clock.excused_at = at
    clock.extensions += 1
    clock.budget += amount
    clock.policy = {**clock.policy, "budget": clock.budget}
    recalculate(clock)
    clock.run += 1


def _stand_still(
    clock: Clock, at: datetime, reason: str, who: int | None, until: datetime | None = None
) -> bool:
    if clock.state != State.RUNNING or not Policy.from_json(clock.policy).pausable:
        return False
    close_segment(clock, at)
    clock.state = State.PAUSED
    clock.segments.append(segment(State.PAUSED, at, reason, who))
    if limit := until or _limit(clock, at):
        clock.segments[-1]["limit"] = limit.isoformat()
    return True


def _limit(clock: Clock, at: datetime) -> datetime | None:
    """The end of a pause that begins now, if the policy limits pauses; else None."""
    span = Policy.from_json(clock.policy).pause_limit
    if span is None:
        return None
    due = calendar_of_clock(clock).add(at, span[0], Term(span[1]))
    return due.at if due else None


def _run_on(clock: Clock, at: datetime, reason: str, who: int | None) -> bool:
    if clock.state != State.PAUSED:
        return False
    clock.segments[-1]["to"] = at.isoformat()
    clock.segments.append(segment(State.RUNNING, at, reason, who))
    clock.state = State.RUNNING
    recalculate(clock)
    clock.run += 1
    return True


def _record_pauses(
    subject: Subject,
    stilled: list[Clock],
    revived: list[Clock],
    by: Actor,
    at: datetime,
    reason: str,
) -> None:
    for clock in stilled:
        events.record(
            "clock.paused", subject, by=by, at=at, clock=clock.pk, purpose=clock.purpose, reason=reason
        )
    for clock in revived:
        events.record(
            "clock.resumed",
            subject,
            by=by,
            at=at,
            clock=clock.pk,
            purpose=clock.purpose,
            unit=clock.unit_id,
            reason=reason or None,
            due_at=clock.due_at.isoformat(),
        )


def lock(subject: Subject) -> list[Clock]:
    """The subject's open clocks, locked; one statement."""
    return list(_open(subject).select_for_update(no_key=True).order_by("pk"))


def earliest_due(subject: Subject) -> datetime | None:
    """The earliest due time of the subject's running clocks; None if none runs."""
    return _earliest(_open(subject).filter(state=State.RUNNING))


def _earliest(clocks: Iterable[Clock]) -> datetime | None:
    return min((clock.due_at for clock in clocks if clock.state == State.RUNNING), default=None)


def _open(subject: Subject) -> Any:
    return Clock.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, ended_at__isnull=True
    )


# -- starting and ending


def _start(subject: Subject, begins: list[NewClock], at: datetime) -> list[Clock]:
    return _begin([_clock(subject, begin, at) for begin in begins if begin.policy.budget])


def _begin(made: list[Clock]) -> list[Clock]:
    schedule(_beginning(_kept(made)))
    return made


def _make(subject: Subject, begins: list[NewClock], at: datetime) -> list[Clock]:
    return _kept([_clock(subject, begin, at) for begin in begins if begin.policy.budget])


def _kept(made: list[Clock]) -> list[Clock]:
    if made:
        Clock.objects.bulk_create(made)
    return made


def _beginning(made: list[Clock]) -> list[Deadline]:
    """The first steps of new clocks.

    A clock that starts in the past also gets the steps it has missed: they fire at once, with one combined
    notice.
    """
    running = [clock for clock in made if clock.state == State.RUNNING]
    return [row for clock in running for row in deadlines(clock, clock.started_at)]


def _clock(subject: Subject, begin: NewClock, at: datetime) -> Clock:
    policy, start = begin.policy, begin.start_at(at)
    calendar = calendar_of(begin.unit_id, start)
    due = calendar.add(start, policy.budget, policy.term)
    if due is None:
        raise Invalid("a promise needs a budget", code="no_budget")
    clock = Clock(
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
        started_at=start,
        claimed_at=begin.said_at,
        due_at=due.at,
        provisional=due.provisional,
        segments=[segment(State.RUNNING, start)],
    )
    if begin.kept:
        _close(clock, at, Outcome.MET)
    return clock


def segment(state: str, at: datetime, reason: str = "", by: int | None = None) -> dict[str, Any]:
    """A new last segment, with the reason (a code) and the actor (a member's id)."""
    return {"state": str(state), "from": at.isoformat(), "to": None, "reason": reason, "by": by}


def _end(
    clocks: list[Clock], at: datetime, outcome: str | Mapping[str, str], undone: Collection[str] = ()
) -> None:
    for clock in clocks:
        given = outcome if isinstance(outcome, str) else outcome.get(clock.purpose, "")
        _close(clock, at, given, in_time=Outcome.CANCELLED if clock.purpose in undone else Outcome.MET)


def _close(clock: Clock, at: datetime, outcome: str, in_time: Outcome = Outcome.MET) -> None:
    close_segment(clock, at)
    clock.outcome = outcome or (Outcome.LATE if _is_late(clock, at) else in_time)
    clock.state, clock.ended_at = State.ENDED, at
    end = {"at": at.isoformat(), "used": clock.used, "minutes": minutes_until(clock, at)}
    clock.closings = [*clock.closings, {**end, "outcome": str(clock.outcome)}]


def _is_late(clock: Clock, at: datetime) -> bool:
    """True if the clock is late by its worst or its latest due time, as the policy says; not while paused."""
    if Policy.from_json(clock.policy).scoring == Scoring.WORST:
        return clock.breached_at is not None
    point = at if clock.state == State.RUNNING else datetime.fromisoformat(clock.segments[-1]["from"])
    return clock.due_at < point


def minutes_until(clock: Clock, at: datetime) -> int:
    """Minutes of running time up to a moment: natural minutes for a natural time limit, else work minutes."""
    unit = Unit.NATURAL_MINUTES if clock.term.unit == Unit.NATURAL_MINUTES else Unit.WORK_MINUTES
    runs = timeline.stretches(clock.segments)
    return sum(timeline.usage(calendar_of_clock(clock), runs, clock.budget, Term(unit), at))


def close_segment(clock: Clock, at: datetime) -> None:
    """Close the clock's last segment at a moment and count the time used; a missed due time is a breach."""
    if clock.state == State.RUNNING and clock.breached_at is None and clock.due_at < at:
        clock.breached_at = clock.due_at
    clock.segments[-1]["to"] = at.isoformat()
    clock.used = used_until(clock, at)


def used_until(clock: Clock, at: datetime) -> int:
    """Whole units used up to a moment, in the clock's own unit."""
    runs = timeline.stretches(clock.segments)
    return sum(timeline.usage(calendar_of_clock(clock), runs, clock.budget, clock.term, at))
