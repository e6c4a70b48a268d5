"""A ticket on paper, and the letter of answer to the resident."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.web import pages
from grids import choices as territory
from tickets.desk.letter import letter_of
from tickets.desk.views.ticket import address_of, find_page


@pages.desk
def print_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The ticket on paper (纸质工单); the reporter stays masked for every member."""
    found = find_page(request, number)
    context = {
        "ticket": found.ticket,
        "sheet": found,
        "place_names": territory.way_to(found.ticket.area_path),
        "now": timezone.now(),
    }
    return pages.respond(request, "tickets/desk/print.html", context)


@pages.desk
def print_letter(request: HttpRequest, number: str) -> HttpResponse:
    """The letter of answer (答复函) on paper, with a place for the seal."""
    found = find_page(request, number)
    letter = letter_of(found, request.actor)
    if letter is None:
        messages.info(request, _("该工单暂无可答复的办理结果。"))
        return HttpResponseRedirect(address_of(request, number))
    return pages.respond(request, "tickets/desk/letter.html", {"letter": letter, "ticket": found.ticket})
