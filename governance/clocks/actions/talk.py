"""Somebody waits for an answer: the promise between what a reporter says and what is said to them."""

from __future__ import annotations

from datetime import datetime

from governance.clocks.actions import promises
from governance.clocks.models import Clock, Purpose
from governance.clocks.policies import Policy


def heard(
    subject: promises.Subject, *, policy: Policy, at: datetime, unit_id: int | None = None
) -> Clock | None:
    """The reporter has spoken: an answer is owed from now on, unless one is owed already (None). The promise of the
    first contact keeps its own time beside it."""
    begin = promises.Begin(purpose=Purpose.UPDATE, policy=policy, unit_id=unit_id)
    if any(clock.purpose == Purpose.UPDATE for clock in promises.lock(subject)):
        return None
    return next(iter(promises.start_all(subject, [begin], at=at)), None)


def answered(subject: promises.Subject, *, at: datetime) -> list[Clock]:
    """The reporter has been spoken to: nothing is owed until they speak again."""
    return promises.stop(subject, [Purpose.UPDATE, Purpose.CONTACT], at=at)
