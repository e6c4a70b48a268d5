"""Open tickets that may be duplicates of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.errors import Missing
from governance.web import pages
from tickets.intake import similar
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket


@pages.desk
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Open tickets that may be duplicates of this one, each with the reason and a link to merge."""
    ticket = Ticket.objects.visible_to(request.actor).filter(number=number).first()
    if ticket is None:
        raise Missing(_("工单不存在或您无权查看"))
    context = {
        "ticket": ticket,
        "found": similar.to_ticket(ticket, request.actor, timezone.now()),
        "may_merge": "merge" in {move.verb for move in ticket_rights.available(ticket, request.actor)},
    }
    return render(request, "tickets/desk/_similar.html", context)
