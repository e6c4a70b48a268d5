"""Change a clock: more time, another policy, or a restart after its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.clocks.actions import start_stop, timetables
from governance.clocks.models import Clock, Outcome, State
from governance.clocks.policies import Policy
from governance.errors import Forbidden, Missing

CHANGED = [
    "budget",
    "budget_unit",
    "policy",
    "due_at",
    "provisional",
    "calendar_version",
    "run",
    "breached_at",
]
REVIVED = ["state", "segments", "ended_at", "outcome", "closings"]


def extend(
    subject: start_stop.Subject,
    purpose: str,
    *,
    by: Actor,
    at: datetime,
    amount: int,
    unit_id: int | None = None,
    again: bool = False,
    level: int | None = None,
) -> Clock:
    """Add time to a clock, in the clock's own unit.

    A breach stays recorded, but is excused if the policy allows that. Steps still to come move; steps already
    fired repeat only with `again`.

    `level` is the approver's level: the n-th extension needs the n-th level (None: the caller has checked
    it). Raises Missing without such an open clock, Invalid for an amount that adds nothing or too much,
    Forbidden for an approver whose level is too low.
    """
    clock = _one(subject, purpose, unit_id)
    if level is not None and level <= clock.extensions:
        raise Forbidden(_("再次延期须由上一级批准"), code="higher_approver")
    before = clock.due_at
    start_stop.lengthen(clock, amount, at)
    timetables.forget([clock])
    Clock.objects.bulk_update([clock], [*CHANGED, *start_stop.EXTENDED])
    timetables.reschedule([clock], at, again=again)
    events.record(
        "clock.extended",
        subject,
        by=by,
        at=at,
        clock=clock.pk,
        purpose=purpose,
        amount=amount,
        measure=clock.budget_unit,  # "unit" in facts is always the id of one
        was_due=before.isoformat(),
        due_at=clock.due_at.isoformat(),
        excused=(clock.excused_at == at) or None,
    )
    return clock


def change_policy(
    subject: start_stop.Subject,
    purpose: str,
    *,
    policy: Policy,
    at: datetime,
    unit_id: int | None = None,
) -> Clock | None:
    """Put a clock under another policy: same start and pauses, new time limit, all in the new unit.

    If the new due time has already passed, the clock is breached at once, as a breach by change; an old
    breach stays. A policy without a time limit withdraws the clock (returns None).
    """
    clock = _one(subject, purpose, unit_id)
    if not policy.budget:
        start_stop.stop(subject, [(purpose, unit_id)], at=at, outcome=Outcome.WITHDRAWN)
        return None
    _put_under(clock, policy, at)
    _replan([clock], at)
    return clock


def _put_under(clock: Clock, policy: Policy, at: datetime) -> None:
    clock.budget, clock.budget_unit = policy.budget, policy.unit
    clock.policy = policy.changed(at).to_json()


def restore(
    subject: start_stop.Subject, purposes: Collection[str], *, at: datetime, counted: bool
) -> list[Clock]:
    """Open ended clocks again, the last one of each purpose.

    With `counted`, as if they had never ended (a merge is undone); else the time in between counts as a pause
    (work is taken up again).
    """
    revived = [_revive(clock, at, counted) for clock in _last_ended(subject, purposes)]
    if revived:
        _replan(revived, at, also=REVIVED)
    return revived


def _last_ended(subject: start_stop.Subject, purposes: Collection[str]) -> list[Clock]:
    """The clocks of each purpose that ended last, locked; two statements.

    A clock is left out if its unit has an open one of that purpose. Clocks that ended earlier stay ended:
    only those that ended together are restored together.
    """
    ended = Clock.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        purpose__in=purposes,
        ended_at__isnull=False,
    )
    taken = {(clock.purpose, clock.unit_id) for clock in start_stop.lock(subject)}
    found: list[Clock] = []
    ends: dict[str, datetime | None] = {}
    for clock in ended.select_for_update(no_key=True).order_by("-ended_at", "-pk"):
        last = ends.setdefault(clock.purpose, clock.ended_at) == clock.ended_at
        if last and (clock.purpose, clock.unit_id) not in taken:
            taken.add((clock.purpose, clock.unit_id))
            found.append(clock)
    return found


def begin_earlier(subject: start_stop.Subject, began: Mapping[str, datetime], *, at: datetime) -> list[Clock]:
    """Let open clocks count from an earlier start of the same purpose (of a merged ticket, S47).

    `began` gives a start per purpose. If its new due time has passed, a clock is breached by change. Returns
    the subject's open clocks, or an empty list if nothing began earlier.
    """
    held = start_stop.lock(subject)
    older = [c for c in held if c.purpose in began and began[c.purpose] < c.started_at]
    for clock in older:
        clock.started_at = began[clock.purpose]
        clock.segments[0]["from"] = clock.started_at.isoformat()
        clock.policy = Policy.from_json(clock.policy).changed(at).to_json()
    if older:
        _replan(older, at, also=["started_at", "segments"])
    return held if older else []


def _revive(clock: Clock, at: datetime, counted: bool) -> Clock:
    last = clock.segments[-1]
    if counted:
        last["to"] = None
        clock.closings = clock.closings[:-1]
    else:
        clock.segments.append({**start_stop.segment(State.PAUSED, at, "ended"), "from": last["to"]})
        clock.segments[-1]["to"] = at.isoformat()
        clock.segments.append(start_stop.segment(State.RUNNING, at))
    clock.state, clock.ended_at, clock.outcome = clock.segments[-1]["state"], None, ""
    return clock


def _one(subject: start_stop.Subject, purpose: str, unit_id: int | None) -> Clock:
    for clock in start_stop.lock(subject):
        if (clock.purpose, clock.unit_id) == (purpose, unit_id):
            return clock
    raise Missing("no such promise is open", code="no_open_clock")


def _replan(clocks: list[Clock], at: datetime, *, also: Collection[str] = ()) -> None:
    """Write new due times and steps, and delete the old steps; at most four statements."""
    for clock in clocks:
        timetables.recalculate(clock)
        clock.run += 1
    timetables.forget(clocks)
    Clock.objects.bulk_update(clocks, [*CHANGED, *also])
    timetables.reschedule(clocks, at)
