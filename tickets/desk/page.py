"""Data of a ticket's page in six statements: ticket, people, conversation, history, clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from governance import events
from governance.access import secrets
from governance.access.actors import Actor
from governance.access.models import Member
from governance.clocks.models import Purpose
from governance.clocks.queries import Entry, Story, by_urgency
from governance.events.models import Event
from grids.models import Unit
from tickets.desk import related
from tickets.questions import rules as questions
from tickets.states import Asking, State
from tickets.ticket import queries, unmasking
from tickets.ticket.conversation import Said, talk_of
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.reporters import Attachment, Rating, Remark, Reporter
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.ticket.rights import RuleFacts

PERSON = ("id", "member_id", "name", "phone", "anonymous", "phone_verified_at")
ASKED = {
    "kind": "kind",
    "days": "days",
    "until": "until",
    "verdict": "verdict",
    "who": "asked_by__name",
    "wanted": "wanted_unit__name",
    "reason": "reason__text",
    "answer": "answer__text",
}
JUDGED = ("round", "speed", "attitude", "result", "solved", "comment", "at")
ASSISTS = ("id", "unit_id", "accepted_at", "finished_at", "waived_at")
RELATED = (
    "category",
    "area",
    "holder_unit",
    "lead_unit",
    "lead_section",
    "lead_member",
    "led_by",
    "dispatched_by",
    "pending_unit",
    "against_unit",
    "parent",
    "merged_into",
    "duty_item",
)


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


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reporter's rating of one round; `aloud` is the grid worker who took it at the door, if any."""

    round: int
    stars: tuple[tuple[str, int, str], ...]
    solved: bool
    comment: str
    at: datetime
    aloud: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and its answer, in words."""

    kind: str
    what: str
    who: str
    reason: str
    verdict: str
    answer: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data of a ticket's page."""

    ticket: Ticket
    reporters: list[Any]
    sealed: bool
    talk: list[Said]
    lines: list[Line]
    steps: list[Step]
    clocks: list[Any]
    asked: list[Asked]
    own_ratings: list[Judgement]
    read_ratings: list[Judgement]
    whistles: list[related.Blown]
    meetings: list[related.Meeting]
    agreements: list[related.Agreed]
    answers: list[tuple[str, str]]
    facts: RuleFacts


def sheet(actor: Actor, number: str, at: datetime) -> Sheet | None:
    """Everything about one ticket, or None if the actor may not see it."""
    ticket = (
        _illustrated(Ticket.objects.visible_to(actor), actor)
        .filter(number=number)
        .select_related(*RELATED)
        .first()
    )
    if ticket is None:
        return None
    assistants = _assistants(ticket)
    sealed = unmasking.sealed(ticket, actor)
    remarks = list(ticket.remarks.select_related("member", "unit"))
    rows = history(ticket)
    judged = [_judgement(row) for row in ticket.judged]
    return Sheet(
        ticket=ticket,
        reporters=[] if sealed else [_reporter(row) for row in ticket.people],
        sealed=sealed,
        talk=talk_of(remarks),
        lines=_lines(rows, remarks),
        steps=steps_of(ticket, rows),
        clocks=by_urgency(clocks_of(ticket, at, rows)),
        asked=[_asked(row) for row in ticket.asked],
        own_ratings=[one for one in judged if not one.aloud],
        read_ratings=[one for one in judged if one.aloud],
        whistles=related.whistles_of(ticket),
        meetings=related.meetings_of(ticket),
        agreements=related.agreements_of(ticket),
        answers=questions.answers_of(ticket),
        facts=RuleFacts(ticket, assistants=assistants, open_agreements=related.has_open_agreement(ticket)),
    )


def _assistants(ticket: Ticket) -> list[Assistant]:
    """The assisting units as objects, from the ticket's own statement.

    Also sets `parts_of_units` on the ticket: (unit name, progress in words).
    """
    parts = [Assistant(ticket=ticket, **{key: row[key] for key in ASSISTS}) for row in ticket.helpers]
    ticket.parts_of_units = [
        (row["name"], _("已免除") if part.waived_at else _("已办完") if part.finished_at else _("办理中"))
        if part.accepted_at or not part.is_open
        else (row["name"], _("待接单"))
        for row, part in zip(ticket.helpers, parts, strict=True)
    ]
    return parts


def _asked(row: dict[str, Any]) -> Asked:
    details = {
        Asking.EXTENSION: _("%(n)s 天") % {"n": row["days"]},
        Asking.DEFERRAL: _("至 %(day)s") % {"day": row["until"]},
        Asking.TRANSFER: row["wanted"] or "",
    }
    return Asked(
        kind=str(Asking(row["kind"]).label),
        what=details.get(Asking(row["kind"]), ""),
        who=row["who"] or "",
        reason=row["reason"] or "",
        verdict=str(Approval.Verdict(row["verdict"]).label) if row["verdict"] else "",
        answer=row["answer"] or "",
        is_open=not row["verdict"],
    )


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


def _illustrated(found: QuerySet[Ticket], actor: Actor) -> QuerySet[Ticket]:
    """Annotate the tickets with their related rows, in the same statement.

    `photos`, `helpers` (assistants), `people` (reporters, also of merged tickets), `judged` (ratings),
    `asked` (requests), `pieces` (parts) and `joined` (merged tickets), as far as the actor may see them.
    """
    photos = Attachment.objects.filter(ticket=OuterRef("pk")).exclude(purpose="agreement").order_by("id")
    helpers = Assistant.objects.filter(ticket=OuterRef("pk")).order_by("id")
    whose = Q(ticket=OuterRef("pk")) | Q(ticket__merged_into=OuterRef("pk"))
    people = Reporter.objects.filter(whose, left_at=None).order_by("id")
    asked = Approval.objects.filter(ticket=OuterRef("pk")).order_by("id")
    others = {"number": "number", "title": "title", "state": "state"}
    pieces = Ticket.objects.visible_to(actor).filter(parent=OuterRef("pk")).order_by("id")
    joined = Ticket.objects.visible_to(actor).filter(merged_into=OuterRef("pk")).order_by("id")
    judged = Rating.objects.filter(ticket=OuterRef("pk")).order_by("round", "id")
    given = {**{key: key for key in JUDGED}, "aloud": "aloud_by__name"}
    keys = ("id", "purpose", "width", "height")
    return found.annotate(
        photos=ArraySubquery(photos.values(one=JSONObject(**{key: key for key in keys}))),
        helpers=ArraySubquery(
            helpers.values(one=JSONObject(**{key: key for key in ASSISTS}, name="unit__name"))
        ),
        asked=ArraySubquery(asked.values(one=JSONObject(**ASKED))),
        pieces=ArraySubquery(pieces.values(one=JSONObject(**others))),
        joined=ArraySubquery(joined.values(one=JSONObject(**others))),
        people=ArraySubquery(people.values(one=JSONObject(**{key: key for key in PERSON}))),
        judged=ArraySubquery(judged.values(one=JSONObject(**given))),
        **related.annotations(),
    )


def _judgement(row: dict[str, Any]) -> Judgement:
    labels = (_("办理速度"), row["speed"]), (_("服务态度"), row["attitude"]), (_("办理结果"), row["result"])
    return Judgement(
        round=row["round"],
        stars=tuple((label, count, "★" * count + "☆" * (5 - count)) for label, count in labels),
        solved=row["solved"],
        comment=row["comment"],
        at=datetime.fromisoformat(row["at"]),
        aloud=row["aloud"] or "",
    )


def _reporter(row: dict[str, Any]) -> Reporter:
    """A reporter from an annotated row: decrypts name and phone."""
    return Reporter(**{**row, "name": secrets.decrypt(row["name"]), "phone": secrets.decrypt(row["phone"])})


def history(ticket: Ticket) -> list[Event]:
    """The events with the names of the actor (`who`, `unit_name`) and of the receiver (`to_unit`,
    `to_person`)."""
    units, members = Unit.objects.values("name"), Member.objects.values("name")
    return list(
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


def _lines(rows: list[Event], remarks: list[Remark]) -> list[Line]:
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


def steps_of(ticket: Ticket, rows: list[Event], *, standing: str = "") -> list[Step]:
    """The five orders, each with actor and time; an order that the ticket bypassed is marked as skipped.

    `standing`: the state in words for residents, instead of the state's label.
    """
    current = _CURRENT.get(State(ticket.state), 1)
    found = []
    for place, (label, verbs) in enumerate(_ORDERS):
        made = next((row for row in reversed(rows) if row.kind.removeprefix("ticket.") in verbs), None)
        if place > current or (place == current and place < 5):
            status, made = ("current", None) if place == current else ("coming", None)
        else:
            status = "done" if made else "skipped"
        note = (standing or str(ticket.get_state_display())) if status == "current" else ""
        who = (made.unit_name or _ACTORS().get(made.actor_kind, "")) if made else ""
        found.append(Step(_(label), status, made.at if made else None, who, note))
    return found


def _mark() -> tuple[str, ...]:
    """List the labels of the five orders, so that makemessages finds them."""
    return _("点单"), _("分单"), _("派单"), _("接单"), _("评单")
