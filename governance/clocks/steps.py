"""Fire a deadline: check it again, mark it as fired, record the event, and call its handler."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps

from governance import events
from governance.access import actors
from governance.clocks.actions import pauses
from governance.clocks.handlers import HANDLERS, NotYet
from governance.clocks.models import Clock, Deadline, State, Step

KINDS = {
    Step.WARN_1: "clock.warned",
    Step.WARN_2: "clock.warned",
    Step.WARN_3: "clock.warned",
    Step.DUE: "clock.breached",
    Step.ESCALATE_1: "clock.escalated",
    Step.ESCALATE_2: "clock.escalated",
}


def fire(deadline: Deadline, *, at: datetime) -> None:
    """Fire one claimed deadline in the open scope; raises what the handler raises.

    Locks are taken in the same order as in actions: subject before clock. A deadline is deleted if its clock
    has stopped, is paused or has a newer set of deadlines: it was already obsolete when claimed.
    """
    subject = _locked_subject(deadline)
    if subject is None:
        deadline.delete()
    elif deadline.clock_id is None:
        _stamp(deadline, at)
        _handler(deadline)(deadline, subject, at=at)
    else:
        clock = Clock.objects.select_for_update(no_key=True).get(pk=deadline.clock_id)
        wanted = State.PAUSED if deadline.step == Step.LIMIT else State.RUNNING
        if clock.state != wanted or clock.run != deadline.run:
            deadline.delete()
        elif deadline.step == Step.LIMIT:
            _end_pause(deadline, clock, subject, at)
        else:
            _fire_step(deadline, clock, subject, at)


def _fire_step(deadline: Deadline, clock: Clock, subject: Any, at: datetime) -> None:
    deadline.combined = _combined(deadline, at)
    _stamp(deadline, at)
    deadline.clock = clock
    if deadline.step == Step.DUE and clock.breached_at is None:
        clock.breached_at = deadline.due_at
        clock.save(update_fields=["breached_at"])
    if deadline.step in KINDS:
        _record(deadline, clock, subject, at)
    if deadline.subject_type in HANDLERS:
        HANDLERS[deadline.subject_type](deadline, subject, at=at)


def _end_pause(deadline: Deadline, clock: Clock, subject: Any, at: datetime) -> None:
    """End a pause at its limit; the clock resumes from that moment, even if the loop fires this later."""
    _stamp(deadline, at)
    by, kind = actors.system(deadline.tenant_id), (clock.purpose, clock.unit_id)
    pauses.resume(subject, [kind], by=by, at=deadline.due_at, reason=Step.LIMIT)
    if deadline.subject_type in HANDLERS:
        HANDLERS[deadline.subject_type](deadline, subject, at=at)


def _combined(deadline: Deadline, at: datetime) -> bool:
    """True if a later step of the clock is due as well (after an outage).

    Then the later step sends the notice, and this one is only recorded. Steps fire in order, except after one
    that keeps failing. Raises NotYet if an earlier step is still waiting.
    """
    siblings = Deadline.objects.filter(clock=deadline.clock_id, run=deadline.run).exclude(pk=deadline.pk)
    rest = list(siblings.filter(due_at__lte=at).values_list("due_at", "pk", "fired_at", "attempts"))
    mine = (deadline.due_at, deadline.pk)
    if any((due, pk) < mine and fired is None and not attempts for due, pk, fired, attempts in rest):
        raise NotYet
    return any((due, pk) > mine for due, pk, _, _ in rest)


def _record(deadline: Deadline, clock: Clock, subject: Any, at: datetime) -> None:
    changed_at = clock.policy.get("changed_at") or ""
    by_change = bool(changed_at) and deadline.due_at <= datetime.fromisoformat(changed_at)
    events.record(
        KINDS[deadline.step],
        subject,
        by=actors.system(deadline.tenant_id),
        at=at,
        clock=clock.pk,
        purpose=clock.purpose,
        step=deadline.step,
        unit=clock.unit_id,
        due_at=clock.due_at.isoformat(),
        combined=deadline.combined or None,
        by_change=by_change or None,
    )


def _stamp(deadline: Deadline, at: datetime) -> None:
    deadline.fired_at = at
    deadline.save(update_fields=["fired_at", "combined"])


def _locked_subject(deadline: Deadline) -> Any:
    model = apps.get_model(deadline.subject_type)
    return model.objects.select_for_update(no_key=True, of=("self",)).filter(pk=deadline.subject_id).first()


def _handler(deadline: Deadline) -> Any:
    if deadline.subject_type not in HANDLERS:
        raise LookupError(f"nobody handles the deadlines of {deadline.subject_type}")
    return HANDLERS[deadline.subject_type]
