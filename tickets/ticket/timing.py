"""Time left as a list shows it: exact for the nearest clock, without reading that clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.clocks import compiled_calendars, words
from governance.clocks.calendar import Unit
from governance.tenancy.scope import current
from tickets.states import State, Tier
from tickets.ticket.worklist import NEAR

SIGNS = {"ok": "●", "near": "◆", "late": "▲", "paused": "‖", "none": ""}


@dataclass(frozen=True, slots=True)
class Left:
    """The time left; `tone` is ok, near, late, paused or none, `phrase` is the text."""

    tone: str
    phrase: str

    @property
    def sign(self) -> str:
        """The sign for the tone."""
        return SIGNS[self.tone]


def left(due: datetime | None, at: datetime, *, tier: str, state: str, unit_id: int | None = None) -> Left:
    """The time until the nearest due time, or since it; in work time unless the time limit runs day and
    night."""
    if state == State.CLOSED:
        return Left("none", "")
    if due is None:
        return Left("paused", _("暂停计时"))
    unit = Unit.NATURAL_MINUTES if _by_clock(tier, state) else Unit.WORKDAYS
    rest = words.describe_remaining(compiled_calendars.calendar_for(current(), unit_id, at), at, due, unit)
    tone = "late" if rest.overdue else "near" if due - at < NEAR else "ok"
    return Left(tone, (replace(rest, minutes=0) if rest.days else rest).phrase())


def _by_clock(tier: str, state: str) -> bool:
    """Does the time limit run day and night?"""
    if tier == Tier.EMERGENCY or state == State.RATING:
        return True
    return tier == Tier.URGENT and state in {State.HANDLING, State.IN_REVIEW}


def gone(row: dict[str, Any], at: datetime) -> int | None:
    """The used part of the time in percent, 100 at most; None if no clock runs.

    `began` is the start of the clock.
    """
    began, due = row["began"], row["due_at"]
    if began is None or due is None:
        return None
    calendar = compiled_calendars.calendar_for(current(), row["holder_unit_id"], at)
    unit = Unit.NATURAL_MINUTES if _by_clock(row["tier"], row["state"]) else Unit.WORK_MINUTES
    whole = calendar.used(began, due, unit)
    return 100 if at >= due or not whole else 100 * calendar.used(began, at, unit) // whole


def with_left(rows: Iterable[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """The rows of a list, each with its time left under `left`."""
    return [
        row
        | {
            "left": left(
                row["due_at"], at, tier=row["tier"], state=row["state"], unit_id=row["holder_unit_id"]
            )
        }
        for row in rows
    ]
