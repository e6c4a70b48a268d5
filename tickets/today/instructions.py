"""The instructions (批示) of a leader: what was asked, and what the unit answered."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from governance.access.actors import Actor
from governance.access.permissions import Permission
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket

ROWS = 20


def instructions_of(actor: Actor) -> list[dict[str, Any]]:
    """The newest instructions of the member on tickets that the member may see, each with the first answer after it.

    One statement; none for a member who may not instruct.
    """
    if not actor.grants_with(Permission.TICKET_INSTRUCT):
        return []
    answers = Remark.objects.filter(
        ticket=OuterRef("whole"), verb="answer_supervision", at__gte=OuterRef("at")
    ).order_by("at", "id")
    given = Remark.objects.filter(
        verb="instruct", member_id=actor.member_id, ticket__in=Ticket.objects.visible_to(actor)
    )
    found = given.annotate(whole=Coalesce("ticket__merged_into_id", "ticket_id")).annotate(
        answer=Subquery(answers.values("text")[:1]), answered_at=Subquery(answers.values("at")[:1])
    )
    columns = ("ticket__number", "ticket__title", "ticket__state", "ticket__outcome", "text", "at", "answer")
    return list(found.order_by("-at", "-id").values(*columns, "answered_at")[:ROWS])
