"""Time stands still and runs on. During a pause nothing fires and nothing becomes late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from governance.access.actors import Actor
from governance.clocks.actions import promises
from governance.clocks.models import Clock


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
    return promises.turn(subject, pause=purposes, by=by, at=at, reason=reason).paused


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
    return promises.turn(subject, resume=purposes, by=by, at=at, reason=reason).resumed
