"""Pause and resume clocks. During a pause no step fires and nothing becomes late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from governance.access.actors import Actor
from governance.clocks.actions import start_stop
from governance.clocks.models import Clock


def pause(
    subject: start_stop.Subject,
    purposes: Collection[str] = start_stop.EVERY,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    until: datetime | None = None,
) -> list[Clock]:
    """Pause running clocks if their policy allows it; a clock already paused does not change.

    `reason` is a code. The pause ends automatically at `until`, or after the longest pause that the policy
    allows; then the limit is recorded as the reason. Records clock.paused for each; returns the clocks that
    were paused.
    """
    return start_stop.change_clocks(subject, pause=purposes, by=by, at=at, reason=reason, until=until).paused


def resume(
    subject: start_stop.Subject,
    purposes: Collection[str | tuple[str, int | None]] = start_stop.EVERY,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> list[Clock]:
    """Resume paused clocks with the time they had left.

    A name means that purpose for every unit, (name, unit) means one clock. Steps that fired before the pause
    do not fire again. Records clock.resumed for each; returns the clocks that were resumed.
    """
    return start_stop.change_clocks(subject, resume=purposes, by=by, at=at, reason=reason).resumed
