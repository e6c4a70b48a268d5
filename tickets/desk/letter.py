"""The letter of answer (答复函) to the resident who reported: what it says, and whether there is one."""

from dataclasses import dataclass
from datetime import datetime

from tickets.desk.page import TicketPage
from tickets.ticket import accused
from tickets.ticket.models.remarks import Remark

#: The moves whose public text answers the resident.
ANSWERS = ("resolve", "self_resolve", "decline", "defer")


@dataclass(frozen=True, slots=True)
class Letter:
    """The last answer that residents may read, its unit, and the reporter with a masked name (empty without one)."""

    to: str
    unit: str
    text: str
    at: datetime


def letter_of(sheet: TicketPage) -> Letter | None:
    """The letter of a ticket, or None if nothing was answered. One statement."""
    found = sheet.ticket.remarks.filter(verb__in=ANSWERS, visibility=Remark.Visibility.PUBLIC)
    answer = found.select_related("unit").order_by("at", "id").last()
    if answer is None:
        return None
    author = next((one for one in sheet.reporters if one.author and not one.member_id), None)
    to = "" if author is None or author.anonymous else author.masked_name
    name = answer.unit.name if answer.unit else ""
    return Letter(
        to, accused.acting(sheet.ticket.against_unit_id, answer.unit_id, name), answer.text, answer.at
    )
