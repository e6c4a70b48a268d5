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
    until: datetime | None = None,
) -> list[Clock]:
    """Let running clocks stand still where their policy allows it; a clock already paused stays as it is.

    `reason` is a code. The pause ends by itself at `until`, or after as long as the policy allows, and then says that
    it was the limit. Records clock.paused for each; returns those that were paused.
    """
    return promises.turn(subject, pause=purposes, by=by, at=at, reason=reason, until=until).paused


def resume(
    subject: promises.Subject,
    purposes: Collection[str | tuple[str, int | None]] = promises.EVERY,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> list[Clock]:
    """Let paused clocks run on with what they had left: a name means that kind for every unit, (name, unit) one.

    Steps that fired before the pause do not fire again. Records clock.resumed for each."""
    return promises.turn(subject, resume=purposes, by=by, at=at, reason=reason).resumed
