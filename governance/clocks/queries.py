"""Query clocks: lists for pages, and an explanation that accounts for every minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from governance.clocks import timeline, words
from governance.clocks.calendar import Calendar
from governance.clocks.compiled_calendars import calendar_of_clock, scope_tenant
from governance.clocks.models import Clock, Deadline, Outcome, Purpose, State, Step
from governance.clocks.policies import Policy
from governance.clocks.subjects import Subject


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment of a clock: its state, start, end, reason, actor, and the time it used.

    `cause` and `who` are texts: the move that began the segment, and the person with the unit that made the
    move.
    """

    state: str
    state_label: str
    start: datetime
    end: datetime | None
    reason: str
    cause: str
    by: int | None
    who: str
    used: int
    used_words: str


@dataclass(frozen=True, slots=True)
class Fired:
    """One step of a clock, fired or still to come."""

    step: str
    label: str
    due_at: datetime
    fired_at: datetime | None
    combined: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """The event at a moment, in words: which move, and by whom."""

    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Story:
    """The full account of one clock.

    `used` is the sum of the segments, in `unit`; `phrase` is the clock's state in words.
    """

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
    policy_words: str
    used: int
    used_words: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    breached_at: datetime | None
    excused_at: datetime | None
    claimed_at: datetime | None
    first_ended_at: datetime | None
    extensions: int
    provisional: bool
    provisional_words: str
    zone: str
    calendar_version: int
    remaining: words.Remaining | None
    phrase: str
    segments: tuple[Passage, ...]
    steps: tuple[Fired, ...]


def explain(subject: Subject, *, at: datetime, log: Iterable[Entry] = ()) -> list[Story]:
    """Every clock of a subject with its segments, causes and steps, oldest first; two statements.

    `log` is the subject's history in words; it gives the cause and the person of each segment.
    """
    entries = {entry.at: entry for entry in log}
    label, pk = subject._meta.label_lower, subject.pk
    clocks = Clock.objects.filter(subject_type=label, subject_id=pk).order_by("started_at", "pk")
    steps: dict[int, list[Fired]] = {}
    rows = Deadline.objects.filter(subject_type=label, subject_id=pk, clock__isnull=False).order_by(
        "due_at", "pk"
    )
    for clock_id, step, *facts in rows.values_list("clock_id", "step", "due_at", "fired_at", "combined"):
        steps.setdefault(clock_id, []).append(Fired(step, str(Step(step).label), *facts))
    return [tell(clock, steps.get(clock.pk, []), at=at, entries=entries) for clock in clocks]


def tell(
    clock: Clock, steps: list[Fired], *, at: datetime, entries: Mapping[datetime, Entry] | None = None
) -> Story:
    """The account of one clock at a moment; no statement."""
    calendar = calendar_of_clock(clock)
    now = clock.ended_at or at
    passages = tuple(_passages(clock, calendar, now, entries or {}))
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
        policy_words=words.policy_words(Policy.from_json(clock.policy)),
        used=used,
        used_words=words.amount(used, clock.budget_unit),
        started_at=clock.started_at,
        due_at=clock.due_at,
        ended_at=clock.ended_at,
        breached_at=clock.breached_at,
        excused_at=clock.excused_at,
        claimed_at=clock.claimed_at,
        first_ended_at=clock.first_ended_at,
        extensions=clock.extensions,
        provisional=clock.provisional,
        provisional_words=_provisional(clock),
        zone=clock.zone,
        calendar_version=clock.calendar_version,
        remaining=remaining,
        phrase=_phrase(clock, remaining, at),
        segments=passages,
        steps=tuple(steps),
    )


def _phrase(clock: Clock, remaining: words.Remaining | None, at: datetime) -> str:
    zone = scope_tenant().zone
    if remaining is None:
        given = {
            "outcome": Outcome(clock.outcome).label,
            "end": words.moment(clock.ended_at, at, zone),
            "due": words.moment(clock.due_at, at, zone),
        }
        return _("%(outcome)s，%(end)s 结束（%(due)s 到期）") % given
    if clock.state == State.PAUSED:
        return remaining.while_paused(words.cause(clock.segments[-1]["reason"]))
    told = words.due_moment if remaining.overdue else words.moment
    return remaining.sentence(told(clock.due_at, at, zone))


def _provisional(clock: Clock) -> str:
    if not clock.provisional:
        return ""
    year = clock.due_at.astimezone(ZoneInfo(clock.zone)).year
    return _("%(year)s 年放假安排尚未公布，到期时间为暂定") % {"year": year}


def remaining_of(clock: Clock, calendar: Calendar, at: datetime) -> words.Remaining:
    """The time left to an open clock; while paused, the time left at the start of the pause.

    After the due time, a pause stops the count only if the policy says so. The time left is never more than
    the budget.
    """
    late = clock.due_at < at and clock.breached_at is not None
    frozen = clock.state == State.PAUSED and not (
        late and not Policy.from_json(clock.policy).pause_stops_overdue
    )
    when = datetime.fromisoformat(clock.segments[-1]["from"]) if frozen else at
    return words.describe_remaining(calendar, when, clock.due_at, clock.term.unit, clock.budget)


def _passages(
    clock: Clock, calendar: Calendar, now: datetime, entries: Mapping[datetime, Entry]
) -> list[Passage]:
    """The segments; the time used by adjoining segments is given on the last one, so it counts once."""
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
        start, used = datetime.fromisoformat(segment["from"]), 0
        if ran:
            used = shares.get(end.isoformat() if end else None, 0)
        entry = entries.get(start)
        found.append(
            Passage(
                state=segment["state"],
                state_label=str(State(segment["state"]).label),
                start=start,
                end=end,
                reason=segment["reason"],
                cause=words.cause(segment["reason"]) or (entry.what if entry else ""),
                by=segment["by"],
                who=entry.who if entry else "",
                used=used,
                used_words=words.amount(used, clock.budget_unit),
            )
        )
    return found


def by_urgency(stories: Iterable[Story]) -> list[Story]:
    """Running clocks, the nearest due time first; then paused ones; then ended ones, the latest first."""
    rows = list(stories)
    running = sorted((one for one in rows if one.state == State.RUNNING), key=lambda one: one.due_at)
    still = sorted((one for one in rows if one.state == State.PAUSED), key=lambda one: one.due_at)
    over = sorted((one for one in rows if one.ended_at), key=lambda one: one.ended_at, reverse=True)
    return [*running, *still, *over]
