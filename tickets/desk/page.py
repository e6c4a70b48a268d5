"""Data of a ticket's page in six statements: ticket, people, conversation, history, clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from governance.access import secrets
from governance.access.actors import Actor
from governance.clocks.queries import by_urgency
from tickets.mediation import queries as mediation_queries
from tickets.questions import queries as question_queries
from tickets.states import Asking
from tickets.ticket import unmasking
from tickets.ticket.conversation import Said, conversation_of
from tickets.ticket.history import Line, Step, clocks_of, history, lines_of, steps_of
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Assistant, Ticket, outside
from tickets.ticket.rights import RuleFacts
from tickets.whistles import queries as whistle_queries

PERSON = ("id", "member_id", "name", "phone", "anonymous", "phone_verified_at")
ASKED = {
    "kind": "kind",
    "days": "days",
    "until": "until",
    "verdict": "verdict",
    "who": "asked_by__name",
    "who_id": "asked_by_id",
    "wanted": "wanted_unit__name",
    "reason": "reason__text",
    "answer": "answer__text",
}
JUDGED = ("round", "speed", "attitude", "result", "solved", "comment", "proven", "at")
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
class Judgement:
    """One reporter's rating of one round; `aloud` is the grid worker who took it at the door, if any, `proven` whether
    the phone was proven."""

    round: int
    stars: tuple[tuple[str, int, str], ...]
    solved: bool
    comment: str
    at: datetime
    aloud: str
    proven: bool


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
class TicketPage:
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
    unproven_ratings: list[Judgement]
    whistles: list[whistle_queries.Blown]
    meetings: list[mediation_queries.Meeting]
    agreements: list[mediation_queries.Agreed]
    answers: list[tuple[str, str]]
    facts: RuleFacts


def ticket_page(actor: Actor, number: str, at: datetime) -> TicketPage | None:
    """Everything about one ticket, or None if the actor may not see it."""
    ticket = (
        _with_related(Ticket.objects.visible_to(actor), actor)
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
    return TicketPage(
        ticket=ticket,
        reporters=[] if sealed else [_reporter(row) for row in ticket.people],
        sealed=sealed,
        talk=conversation_of(remarks),
        lines=lines_of(rows, remarks),
        steps=steps_of(ticket, rows),
        clocks=by_urgency(clocks_of(ticket, at, rows)),
        asked=[_asked(row) for row in ticket.asked],
        own_ratings=[one for one in judged if one.proven],
        read_ratings=[one for one in judged if one.aloud],
        unproven_ratings=[one for one in judged if not one.aloud and not one.proven],
        whistles=whistle_queries.whistles_of(ticket),
        meetings=mediation_queries.meetings_of(ticket),
        agreements=mediation_queries.agreements_of(ticket),
        answers=question_queries.answers_of(ticket),
        facts=RuleFacts(
            ticket,
            assistants=assistants,
            open_agreements=mediation_queries.has_open_agreement(ticket),
            asked_by=next((row["who_id"] for row in ticket.asked if not row["verdict"]), None),
            at=at,
        ),
    )


def _assistants(ticket: Ticket) -> list[Assistant]:
    """The assisting units as objects, from the ticket's own statement.

    Also sets `parts_of_units` on the ticket: (unit name, progress in words).
    """
    parts = [Assistant(ticket=ticket, **{key: row[key] for key in ASSISTS}) for row in ticket.helpers]
    ticket.parts_of_units = [
        (row["name"], _("已取消") if part.waived_at else _("已办完") if part.finished_at else _("办理中"))
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


def _with_related(found: QuerySet[Ticket], actor: Actor) -> QuerySet[Ticket]:
    """Annotate the tickets with their related rows, in the same statement.

    `photos`, `helpers` (assistants), `people` (reporters, also of merged tickets), `judged` (ratings),
    `asked` (requests), `pieces` (parts), `joined` (merged tickets) and `wholes` (the numbers of the ticket that it
    is a part of, or was merged into), as far as the actor may see them.
    """
    photos = Attachment.objects.filter(ticket=OuterRef("pk")).exclude(purpose="agreement").order_by("id")
    helpers = Assistant.objects.filter(ticket=OuterRef("pk")).order_by("id")
    whose = Q(ticket=OuterRef("pk")) | Q(ticket__merged_into=OuterRef("pk"))
    earlier = Reporter.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
    people = Reporter.objects.filter(whose, outside(actor, "ticket__"), left_at=None).order_by("id")
    people = people.annotate(author=~Exists(earlier))  # later reporters only follow
    asked = Approval.objects.filter(ticket=OuterRef("pk")).order_by("id")
    others = {"number": "number", "title": "title", "state": "state"}
    pieces = Ticket.objects.visible_to(actor).filter(parent=OuterRef("pk")).order_by("id")
    joined = Ticket.objects.visible_to(actor).filter(merged_into=OuterRef("pk")).order_by("id")
    wholes = Ticket.objects.visible_to(actor).filter(
        Q(pk=OuterRef("parent_id")) | Q(pk=OuterRef("merged_into_id"))
    )
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
        wholes=ArraySubquery(wholes.values("number")),
        people=ArraySubquery(people.values(one=JSONObject(**{key: key for key in (*PERSON, "author")}))),
        judged=ArraySubquery(judged.values(one=JSONObject(**given))),
        blown=whistle_queries.blown(),
        answered=question_queries.answered(),
        **mediation_queries.mediated(),
    )


def _judgement(row: dict[str, Any]) -> Judgement:
    labels = (_("办理结果"), row["result"]), (_("办理速度"), row["speed"]), (_("服务态度"), row["attitude"])
    return Judgement(
        round=row["round"],
        stars=tuple((label, count, "★" * count + "☆" * (5 - count)) for label, count in labels if count),
        solved=row["solved"],
        comment=row["comment"],
        at=datetime.fromisoformat(row["at"]),
        aloud=row["aloud"] or "",
        proven=row["proven"],
    )


def _reporter(row: dict[str, Any]) -> Reporter:
    """A reporter from an annotated row: decrypts name and phone; `author` says if it is not only a follower."""
    kept = {key: row[key] for key in PERSON}
    found = Reporter(**{**kept, "name": secrets.decrypt(row["name"]), "phone": secrets.decrypt(row["phone"])})
    found.author = row["author"]
    return found
