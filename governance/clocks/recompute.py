"""Recompute open clocks after a calendar was edited. Ended clocks do not change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps

from governance import events
from governance.access import actors
from governance.clocks.actions import timetables
from governance.clocks.models import Clock, State
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope

BATCH = 500


@dataclass(frozen=True, slots=True)
class Move:
    """One clock whose due time changes under the present calendar."""

    clock_id: int
    subject_type: str
    subject_id: int
    purpose: str
    was_due: datetime
    due_at: datetime
    newly_breached: bool
    newly_saved: bool


@dataclass(slots=True)
class Recomputed:
    """The result of a recompute; of `settled` clocks only the marks changed, not the due time."""

    seen: int = 0
    settled: int = 0
    moves: list[Move] = field(default_factory=list)


def recompute(tenant: Tenant, *, at: datetime, apply: bool, after: int = 0) -> Recomputed:
    """Compare every running clock with the present calendar; with `apply`, move it, in batches.

    Each batch is one transaction, so the run may stop after any of them: a new run (or one `after` a clock
    id) continues, and a second complete run finds nothing. No notice is sent: a breach by the new times is
    only recorded, and only steps still to come are scheduled. Paused clocks are calculated when they resume.
    """
    found = Recomputed()
    for batch in _batches(tenant, after):
        with scope(tenant):
            locked = Clock.objects.filter(pk__in=batch, state=State.RUNNING).order_by("pk")
            _settle(list(locked.select_for_update(no_key=True) if apply else locked), at, apply, found)
    return found


def _batches(tenant: Tenant, after: int) -> Iterator[list[int]]:
    while True:
        with scope(tenant):
            waiting = Clock.objects.filter(ended_at__isnull=True, pk__gt=after, state=State.RUNNING)
            batch = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1]


def _settle(clocks: list[Clock], at: datetime, apply: bool, found: Recomputed) -> None:
    moved, marked = [], []
    by_id = {clock.pk: clock for clock in clocks}
    for clock in clocks:
        before, mark = clock.due_at, (clock.provisional, clock.calendar_version)
        timetables.recalculate(clock)
        if clock.due_at != before:
            moved.append(_move(clock, before, at))
        elif (clock.provisional, clock.calendar_version) != mark:
            marked.append(clock)
    found.seen += len(clocks)
    found.settled += len(marked)
    found.moves += moved
    if apply:
        _write(moved, by_id, marked, at)


def _move(clock: Clock, before: datetime, at: datetime) -> Move:
    return Move(
        clock_id=clock.pk,
        subject_type=clock.subject_type,
        subject_id=clock.subject_id,
        purpose=clock.purpose,
        was_due=before,
        due_at=clock.due_at,
        newly_breached=before >= at > clock.due_at,
        newly_saved=clock.due_at >= at > before,
    )


def _write(moved: list[Move], clocks: dict[int, Clock], marked: list[Clock], at: datetime) -> None:
    saved, breached, later = [], [], []
    for move in moved:
        clock = clocks[move.clock_id]
        clock.run += 1
        if (
            move.newly_saved and clock.breached_at == move.was_due
        ):  # and not breached under an earlier, shorter time limit
            clock.breached_at = None
            saved.append(clock)
        elif move.newly_breached and clock.breached_at is None:
            clock.breached_at = clock.due_at
            breached.append(clock)
        if clock not in saved:
            later.append(clock)
    changed = [*saved, *later]
    if changed:
        timetables.forget(changed)
    if changed or marked:
        fields = ["due_at", "provisional", "calendar_version", "run", "breached_at"]
        Clock.objects.bulk_update([*changed, *marked], fields)
    _reschedule(saved, later, at)
    for clock in breached:
        _record(clock, at)


def _reschedule(saved: list[Clock], later: list[Clock], at: datetime) -> None:
    """Schedule the coming steps: all of them for a clock that is no longer late, else those not yet fired."""
    fired = timetables.fired_steps(later) if later else set()
    rows = [row for clock in [*saved, *later] for row in timetables.deadlines(clock, at)]
    timetables.schedule([row for row in rows if row.due_at > at and (row.clock_id, row.step) not in fired])


def _record(clock: Clock, at: datetime) -> None:
    subject = apps.get_model(clock.subject_type)(pk=clock.subject_id, tenant_id=clock.tenant_id)
    events.record(
        "clock.breached",
        subject,
        by=actors.system(clock.tenant_id),
        at=at,
        clock=clock.pk,
        purpose=clock.purpose,
        step="due",
        unit=clock.unit_id,
        due_at=clock.due_at.isoformat(),
        combined=True,
        recomputed=True,
    )
