"""Time left to the nearest clock, as every page says it: its words, and its colour by the clock's own warnings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from governance.clocks import compiled_calendars, words
from governance.clocks.calendar import Unit
from governance.clocks.models import Clock, Deadline
from governance.clocks.queries import Story
from governance.tenancy.scope import current
from tickets.states import State, Tier
from tickets.ticket.worklist import WARNINGS

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


@dataclass(frozen=True, slots=True)
class Nearest:
    """The open clock whose due time is the ticket's; `warned_at` is its first warning, None without one."""

    purpose: str
    unit_id: int | None
    budget: int
    unit: str
    began: datetime
    warned_at: datetime | None

    @classmethod
    def of_row(cls, row: dict[str, Any] | None) -> "Nearest | None":
        """From the annotation `nearest_clock`."""
        if row is None:
            return None
        times = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("began", "warned_at")}
        return cls(**{**row, **times})

    @classmethod
    def of_stories(cls, stories: Iterable[Story], due: datetime | None) -> "Nearest | None":
        """The same from the clocks of a ticket's page."""
        for one in stories:
            if one.ended_at is None and one.due_at == due:
                warned = min((step.due_at for step in one.steps if step.step in WARNINGS), default=None)
                return cls(one.purpose, one.unit_id, one.budget, one.unit, one.started_at, warned)
        return None


def nearest_clock() -> Subquery:
    """Annotation of tickets: the clock of the ticket's due time as JSON, None if no clock runs."""
    warned = Deadline.objects.filter(clock=OuterRef("pk"), run=OuterRef("run"), step__in=WARNINGS)
    open_ones = Clock.objects.filter(
        subject_type="tickets.ticket", subject_id=OuterRef("pk"), ended_at=None, due_at=OuterRef("due_at")
    )
    as_json = JSONObject(
        purpose=F("purpose"),
        unit_id=F("unit_id"),
        budget=F("budget"),
        unit=F("budget_unit"),
        began=F("started_at"),
        warned_at=Subquery(warned.order_by("due_at").values("due_at")[:1]),
    )
    return Subquery(open_ones.order_by("id").values(one=as_json)[:1])


def left(
    due: datetime | None, at: datetime, *, tier: str, state: str, unit_id: int | None, clock: Nearest | None
) -> Left:
    """The time until the nearest due time, or since it; in work time unless the time limit runs day and
    night. Amber (near) from the clock's first warning on."""
    if state == State.CLOSED:
        return Left("none", "")
    if due is None:
        return Left("paused", _("暂停计时"))
    if clock is None:
        unit, budget = Unit.NATURAL_MINUTES if _by_clock(tier, state) else Unit.WORKDAYS, None
    else:
        unit, budget, unit_id = Unit(clock.unit), clock.budget, clock.unit_id
    calendar = compiled_calendars.calendar_for(current(), unit_id, at)
    rest = words.describe_remaining(calendar, at, due, unit, budget)
    warned = clock is not None and clock.warned_at is not None and clock.warned_at <= at
    tone = "late" if rest.overdue else "near" if warned else "ok"
    return Left(tone, rest.phrase(words.due_moment(due, at, current().zone)))


def _by_clock(tier: str, state: str) -> bool:
    """Does the time limit run day and night, if its clock is not known?"""
    if tier == Tier.EMERGENCY or state == State.RATING:
        return True
    return tier == Tier.URGENT and state in {State.HANDLING, State.IN_REVIEW}


def gone(row: dict[str, Any], at: datetime) -> int | None:
    """The used part of the time of a row of `with_left` in percent, 100 at most; None if no clock runs."""
    clock, due = row["clock"], row["due_at"]
    if clock is None or due is None:
        return None
    calendar = compiled_calendars.calendar_for(current(), clock.unit_id, at)
    unit = Unit.NATURAL_MINUTES if clock.unit == Unit.NATURAL_MINUTES else Unit.WORK_MINUTES
    whole = calendar.used(clock.began, due, unit)
    return 100 if at >= due or not whole else 100 * calendar.used(clock.began, at, unit) // whole


def with_left(rows: Iterable[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """The rows of a list, each with its nearest clock under `clock` and its time left under `left`.

    The rows have `nearest`, the annotation `nearest_clock`.
    """
    return [_row(row, Nearest.of_row(row["nearest"]), at) for row in rows]


def _row(row: dict[str, Any], clock: Nearest | None, at: datetime) -> dict[str, Any]:
    given = {"tier": row["tier"], "state": row["state"], "unit_id": row["holder_unit_id"]}
    return row | {"clock": clock, "left": left(row["due_at"], at, clock=clock, **given)}
