"""Reading clocks: the list of a page, and the explanation that accounts for every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat

from django.utils.translation import gettext as _

from governance.clocks import timeline, words
from governance.clocks.actions.promises import Subject, calendar_of_clock
from governance.clocks.calendar import Calendar
from governance.clocks.models import Clock, Deadline, Outcome, Purpose, State
from governance.clocks.policies import Policy


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment of a clock: what it did, from when to when, why, and what it used."""

    state: str
    start: datetime
    end: datetime | None
    reason: str
    by: int | None
    used: int


@dataclass(frozen=True, slots=True)
class Fired:
    """One step of a clock that has fired or will."""

    step: str
    due_at: datetime
    fired_at: datetime | None
    combined: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One promise accounted for. `used` is the sum of the passages, in `unit`."""

    clock_id: int
    purpose: str
    purpose_label: str
    unit_id: int | None
    state: str
    outcome: str
    outcome_label: str
    budget: int
    unit: str
    budget_words: str
    used: int
    used_words: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    breached_at: datetime | None
    provisional: bool
    zone: str
    calendar_version: int
    remaining: words.Remaining | None
    phrase: str
    segments: tuple[Passage, ...]
    steps: tuple[Fired, ...]


def explain(subject: Subject, *, at: datetime) -> list[Story]:
    """Every clock of a subject with its segments, causes and steps, oldest first; two statements."""
    label, pk = subject._meta.label_lower, subject.pk
    clocks = Clock.objects.filter(subject_type=label, subject_id=pk).order_by("started_at", "pk")
    steps: dict[int, list[Fired]] = {}
    rows = Deadline.objects.filter(subject_type=label, subject_id=pk, clock__isnull=False).order_by(
        "due_at", "pk"
    )
    for clock_id, *facts in rows.values_list("clock_id", "step", "due_at", "fired_at", "combined"):
        steps.setdefault(clock_id, []).append(Fired(*facts))
    return [tell(clock, steps.get(clock.pk, []), at=at) for clock in clocks]


def tell(clock: Clock, steps: list[Fired], *, at: datetime) -> Story:
    """One clock's story at an instant; no statement."""
    calendar = calendar_of_clock(clock)
    now = clock.ended_at or at
    passages = tuple(_passages(clock, calendar, now))
    used = sum(passage.used for passage in passages)
    remaining = None if clock.state == State.ENDED else remaining_of(clock, calendar, at)
    return Story(
        clock_id=clock.pk,
        purpose=clock.purpose,
        purpose_label=str(Purpose(clock.purpose).label),
        unit_id=clock.unit_id,
        state=clock.state,
        outcome=clock.outcome,
        outcome_label=str(Outcome(clock.outcome).label) if clock.outcome else "",
        budget=clock.budget,
        unit=clock.budget_unit,
        budget_words=words.amount(clock.budget, clock.budget_unit),
        used=used,
        used_words=words.amount(used, clock.budget_unit),
        started_at=clock.started_at,
        due_at=clock.due_at,
        ended_at=clock.ended_at,
        breached_at=clock.breached_at,
        provisional=clock.provisional,
        zone=clock.zone,
        calendar_version=clock.calendar_version,
        remaining=remaining,
        phrase=_phrase(clock, remaining),
        segments=passages,
        steps=tuple(steps),
    )


def _phrase(clock: Clock, remaining: words.Remaining | None) -> str:
    if remaining is None:
        return str(Outcome(clock.outcome).label)
    if clock.state == State.PAUSED:
        return _("已暂停，%(rest)s") % {"rest": remaining.phrase()}
    return remaining.phrase()


def remaining_of(clock: Clock, calendar: Calendar, at: datetime) -> words.Remaining:
    """Time left to an open clock; frozen at the pause while it stands still.

    Past due, a pause stops the count only where the policy says so.
    """
    late = clock.due_at < at and clock.breached_at is not None
    frozen = clock.state == State.PAUSED and not (
        late and not Policy.from_json(clock.policy).pause_stops_overdue
    )
    when = datetime.fromisoformat(clock.segments[-1]["from"]) if frozen else at
    return words.describe_remaining(calendar, when, clock.due_at, clock.term.unit)


def _passages(clock: Clock, calendar: Calendar, now: datetime) -> list[Passage]:
    """The use of joined stretches is told with the last segment of each, so that nothing is counted twice."""
    runs = timeline.stretches(clock.segments)
    shares = dict(
        zip(
            (run.end.isoformat() if run.end else None for run in runs),
            chain(timeline.usage(calendar, runs, clock.budget, clock.term, now), repeat(0)),
            strict=False,
        )
    )
    found = []
    for segment in clock.segments:
        ran = segment["state"] == State.RUNNING
        end = datetime.fromisoformat(segment["to"]) if segment["to"] else None
        key = end.isoformat() if end else None
        found.append(
            Passage(
                state=segment["state"],
                start=datetime.fromisoformat(segment["from"]),
                end=end,
                reason=segment["reason"],
                by=segment["by"],
                used=shares.get(key, 0) if ran else 0,
            )
        )
    return found
