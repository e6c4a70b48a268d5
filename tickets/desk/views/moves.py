"""Make a move from the ticket's page."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.clocks import words
from governance.errors import Forbidden, IllegalMove, Missing
from governance.tenancy.scope import current
from governance.web import pages
from tickets.desk.forms import PageMoveForm
from tickets.desk.views.ticket import address_after, address_of, find_page, render_page
from tickets.duties import refusals
from tickets.orders import actions
from tickets.ticket import accused, kept_photos, photos, queries
from tickets.ticket import rights as ticket_rights
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES


@pages.takes(MOST_BODY)
@pages.desk
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Make one move. A refused form keeps what was typed."""
    if request.method != "POST":
        return HttpResponseRedirect(f"{address_of(request, number)}?move={verb}#move")
    at = timezone.now()
    ticket = queries.detail(request.actor, number)
    if ticket is None:
        raise Missing(_("工单不存在或您无权查看"))
    if verb not in actions.VERBS:
        raise Missing(_("该操作不存在"))
    files = kept_photos.files_of(request)
    form = PageMoveForm(request.POST, files, ticket=ticket, verb=verb, by=request.actor, at=at)
    if _made(form, request, at):
        kept_photos.done(request)
        messages.success(request, _told(ticket, verb, at))
        return HttpResponseRedirect(address_after(request, ticket))
    kept_photos.keep(request, form)
    return _again(request, number, form, at)


def _told(ticket: Ticket, verb: str, at: datetime) -> str:
    """Sentence on what happened and what comes next, with the ticket's number."""
    now = Ticket.objects.select_related("holder_unit", "pending_unit").get(pk=ticket.pk)
    zone = current().zone
    facts = {
        "unit": accused.acting(now.against_unit_id, now.holder_unit_id, now.holder_unit.name)
        if now.holder_unit
        else _("承办单位"),
        "approver": now.pending_unit.name if now.pending_unit else _("上级单位"),
        "due": words.moment(now.promised_at, at, zone) if now.promised_at else _("规定时限"),
    }
    sentence = str(MOVES[verb].sentence(now.state)) % facts
    return _("%(number)s：%(sentence)s") % {"number": now.number, "sentence": sentence}


def _made(form: PageMoveForm, request: HttpRequest, at: datetime) -> bool:
    """Make the move with its photos; on False, the form holds the reason.

    A changed state is reported before a missing field.
    """
    good, by = form.is_valid(), request.actor
    with pages.catching(form, Forbidden), refusals.count_refusals(request):
        ticket_rights.check(form.ticket, form.verb, by=by, expected=form.data.get("expected", ""))
        if not good:
            return False
        if uploads := form.cleaned_data.get("photos"):
            photos.add_all(form.ticket, uploads, by=by, at=at, purpose="evidence")
        actions.VERBS[form.verb](form.ticket, by=by, at=at, **form.given())
    return not form.errors


def _again(request: HttpRequest, number: str, form: PageMoveForm, at: datetime) -> HttpResponse:
    """The page with the form as it was sent; after a changed state it can be sent again for the new state."""
    found = find_page(request, number)
    status = getattr(form, "status", 400)
    if status == IllegalMove.status:
        form.data = form.data.copy()
        form.data["expected"] = found.ticket.state
    return render_page(request, found, at, move_form=form, status=status)
