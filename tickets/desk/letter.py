"""The letter of answer (答复函) to the resident who reported: what it says, and whether there is one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden
from tickets.desk.page import TicketPage
from tickets.states import UNANSWERED, State
from tickets.ticket import accused
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket

#: The moves whose public text answers the resident, by the states in which the answer holds.
ANSWERS = {
    **dict.fromkeys((State.RATING, State.CLOSED), ("resolve", "self_resolve", "decline")),
    State.DEFERRED: ("defer",),
}
#: Over the area of a ticket, one of these lets a member answer for it.
OVERSEES = (Permission.TICKET_TRIAGE, Permission.TICKET_SUPERVISE)


@dataclass(frozen=True, slots=True)
class Letter:
    """The last answer that residents may read, its unit, and the reporter with a masked name (empty without one)."""

    to: str
    unit: str
    text: str
    at: datetime


def _holds(ticket: Ticket) -> bool:
    return ticket.state in ANSWERS and ticket.outcome not in UNANSWERED


def may_print(ticket: Ticket, actor: Actor) -> bool:
    """Is there an answer that holds, and is the actor of the lead, the community or a centre, which answer for it?"""
    over = [path for each in OVERSEES for path in actor.area_paths(each)]
    answers_for = ticket.lead_unit_id in actor.unit_ids or any(map(ticket.area_path.startswith, over))
    return _holds(ticket) and answers_for


def letter_of(sheet: TicketPage, actor: Actor) -> Letter | None:
    """The letter of a ticket, or None if nothing was answered. One statement. Raises Forbidden."""
    if not _holds(sheet.ticket):
        return None
    if not may_print(sheet.ticket, actor):
        raise Forbidden(_("答复函由承办单位、所在社区或指挥中心打印"))
    verbs = ANSWERS[State(sheet.ticket.state)]
    found = sheet.ticket.remarks.filter(verb__in=verbs, visibility=Remark.Visibility.PUBLIC)
    answer = found.select_related("unit").order_by("at", "id").last()
    if answer is None:
        return None
    author = next((one for one in sheet.reporters if one.author and not one.member_id), None)
    to = "" if author is None or author.anonymous else author.masked_name
    name = answer.unit.name if answer.unit else ""
    return Letter(
        to, accused.acting(sheet.ticket.against_unit_id, answer.unit_id, name), answer.text, answer.at
    )
