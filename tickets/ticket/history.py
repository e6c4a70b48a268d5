"""A ticket's history in words, its five orders, and its clocks with the moves behind them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from governance import events
from governance.access.models import Member
from governance.clocks.models import Purpose
from governance.clocks.queries import Entry, Story
from governance.events.models import Event
from grids.models import Unit
from tickets.states import State
from tickets.ticket import accused, queries
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    kind: str
    what: str
    who: str
    unit: str
    to: str
    texts: list[Remark]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five orders: done, current, skipped or still to come."""

    label: str
    status: str
    at: datetime | None = None
    who: str = ""
    note: str = ""


def clocks_of(ticket: Ticket, at: datetime, rows: list[Event] | None = None) -> list[Story]:
    """Every clock of the ticket; each segment has the move that began it and the actor of that move.

    Two statements, and one for the history if the caller does not pass it.
    """
    rows = history(ticket) if rows is None else rows
    moves = [row for row in rows if not row.kind.startswith("clock.")]
    timed = [row for row in rows if row.kind.startswith("clock.")]
    log = [Entry(row.at, events.sentence(row.kind), _who(row)) for row in [*timed, *moves]]
    return queries.explain_clocks(ticket, at, log)


def _who(row: Event) -> str:
    """Name and unit, such as "卫经办（水务局）"; if the actor is no member, the label of its kind."""
    if not row.who:
        return _ACTORS().get(row.actor_kind, "")
    return _("%(who)s（%(unit)s）") % {"who": row.who, "unit": row.unit_name} if row.unit_name else row.who


def history(ticket: Ticket) -> list[Event]:
    """The events with the names of the actor (`who`, `unit_name`) and of the receiver (`to_unit`,
    `to_person`)."""
    units, members = Unit.objects.values("name"), Member.objects.values("name")
    found = list(
        Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk)
        .annotate(
            given_unit=Cast(KeyTextTransform("unit", "facts"), BigIntegerField()),
            given_person=Cast(KeyTextTransform("member", "facts"), BigIntegerField()),
            who=Subquery(members.filter(pk=OuterRef("actor_id"))[:1]),
            unit_name=Subquery(units.filter(pk=OuterRef("unit_id"))[:1]),
            to_unit=Subquery(units.filter(pk=OuterRef("given_unit"))[:1]),
            to_person=Subquery(members.filter(pk=OuterRef("given_person"))[:1]),
        )
        .order_by("seq")
    )
    for row in found:
        row.unit_name = accused.acting(ticket.against_unit_id, row.unit_id, row.unit_name)
        row.to_unit = accused.acting(ticket.against_unit_id, row.given_unit, row.to_unit)
    return found


def lines_of(rows: list[Event], remarks: list[Remark]) -> list[Line]:
    by_id = {remark.pk: remark for remark in remarks}
    return [
        Line(
            at=row.at,
            kind=row.kind,
            what=_what(row),
            who=row.who or _ACTORS().get(row.actor_kind, ""),
            unit=row.unit_name or "",
            to=row.to_person or row.to_unit or "",
            texts=[
                by_id[pk]
                for name in ("remark", "evidence", "no_agreement")
                if (pk := row.facts.get(name)) in by_id
            ],
        )
        for row in rows
    ]


def _what(row: Event) -> str:
    """The event in words; an event of a clock also names the time limit."""
    purpose = row.facts.get("purpose") if row.kind.startswith("clock.") else None
    if purpose not in Purpose.values:
        return events.sentence(row.kind)
    return _("%(what)s（%(promise)s）") % {
        "what": events.sentence(row.kind),
        "promise": Purpose(purpose).label,
    }


def _ACTORS() -> dict[str, str]:
    return {"system": _("平台自动"), "public": _("居民"), "reporter": _("反映人"), "token": _("系统对接")}


#: The verbs that make up each of the five orders (design 5.2).
_ORDERS = (
    ("点单", {"report"}),
    ("分单", {"triage_minor", "triage_major", "self_resolve", "rise"}),
    ("派单", {"dispatch", "take_up", "triage_minor"}),
    ("接单", {"accept", "take_up", "triage_minor", "self_resolve"}),
    ("评单", {"rate", "close"}),
)


_CURRENT = {
    State.REPORTED: 1,
    State.ESCALATED: 2,
    State.REFERRED: 2,
    State.DISPATCHED: 3,
    State.HANDLING: 3,
    State.IN_REVIEW: 3,
    State.AWAITING_RESIDENT: 3,
    State.DEFERRED: 3,
    State.RESOLVED: 4,
    State.RATING: 4,
    State.CLOSED: 5,
}


#: The same way in five words for residents.
_FOR_RESIDENTS = (
    ("提交", {"report"}),
    (
        "分派",
        {"triage_minor", "triage_major", "self_resolve", "dispatch", "take_up", "arbitrate", "reassign"},
    ),
    ("受理", {"accept", "take_up", "triage_minor", "self_resolve"}),
    ("办理", {"resolve", "self_resolve", "approve_closing", "verify"}),
    ("评价", {"rate", "close"}),
)
_CURRENT_FOR_RESIDENTS = {
    **dict.fromkeys((State.REPORTED, State.ESCALATED, State.REFERRED), 1),
    State.DISPATCHED: 2,
    State.RESOLVED: 3,
    State.RATING: 4,
    State.CLOSED: 5,
}


def steps_of(ticket: Ticket, rows: list[Event], *, standing: str = "") -> list[Step]:
    """The five orders, each with actor and time; an order that the ticket bypassed is marked as skipped.

    `standing`: the state in words for residents, instead of the state's label; the steps have their words too.
    """
    orders, current = _ORDERS, _CURRENT.get(State(ticket.state), 1)
    if standing:
        orders, current = _FOR_RESIDENTS, _CURRENT_FOR_RESIDENTS.get(State(ticket.state), 3)
    found = []
    for place, (label, verbs) in enumerate(orders):
        made = next((row for row in reversed(rows) if row.kind.removeprefix("ticket.") in verbs), None)
        if place > current or (place == current and place < 5):
            status, made = ("current", None) if place == current else ("coming", None)
        else:
            status = "done" if made else "skipped"
        note = (standing or str(ticket.get_state_display())) if status == "current" else ""
        who = (made.unit_name or _ACTORS().get(made.actor_kind, "")) if made else ""
        label = pgettext("步骤", label) if standing else _(label)
        found.append(Step(label, status, made.at if made else None, who, note))
    return found


def _mark() -> tuple[str, ...]:
    """List the labels of the steps, so that makemessages finds them."""
    residents = (
        pgettext("步骤", "提交"),
        pgettext("步骤", "分派"),
        pgettext("步骤", "受理"),
        pgettext("步骤", "办理"),
        pgettext("步骤", "评价"),
    )
    return _("点单"), _("分单"), _("派单"), _("接单"), _("评单"), *residents
