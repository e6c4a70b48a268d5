"""Pages of the address by which a reporter rates (评单)."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.errors import Conflict, Missing
from governance.templatetags.pages import when
from governance.web import pages
from governance.web.pages import unkept
from tickets.orders.actions import judging, rating_links
from tickets.portal import reporter_view
from tickets.portal.forms import RateForm
from tickets.states import State
from tickets.ticket.models.ticket import Ticket


@pages.page
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """评单 by a link for one use: 409 if it was used, 410 if it has expired, 404 if it is unknown."""
    link, at = rating_links.of_token(token), timezone.now()
    try:
        rating_links.require_open(link, link.ticket, at)
    except Conflict as error:
        return pages.refusal(request, 410 if error.code == "link_expired" else 409, str(error))
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            ticket = judging.rate_by_link(link, judging.Stars(**form.cleaned_data), at=at)
            messages.success(request, _after_rating(ticket))
            return HttpResponseRedirect(reverse("portal:rated", kwargs={"tenant": request.tenant.slug}))
    view = reporter_view.view_of(link.reporter, link.reporter.ticket)
    context = {
        "form": form,
        "own": view.own,
        "author": view.author,
        "answer": reporter_view.answer_of(view.remarks()),
        "rework": request.tenant.setting("rework_rating"),
        "results": view.results(),
        "token": token,
    }
    return unkept(pages.respond(request, "tickets/portal/rate.html", context))


def _after_rating(ticket: Ticket) -> str:
    """Words for what follows from a rating."""
    if ticket.state == State.CLOSED:
        return _("您的评价已提交，该事项已办结。")
    if ticket.state != State.HANDLING:
        return _("您的评价已提交。还有其他居民关注此事，待全部评价或评价期满后办结。")
    told = {"unit": ticket.lead_unit.name if ticket.lead_unit else ""}
    if ticket.due_at is None:
        return _("您的评价已提交，该事项已退回%(unit)s重新办理。") % told
    return _("您的评价已提交，该事项已退回%(unit)s重新办理，最迟 %(at)s。") % {
        **told,
        "at": when(ticket.due_at),
    }


@pages.page
def result_photo(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """A photo of the finished work on the page of a rating link, as long as the link is open."""
    link = rating_links.of_token(token)
    rating_links.require_open(link, link.ticket, timezone.now())
    shown = reporter_view.view_of(link.reporter, link.reporter.ticket).results()
    kept = next((one for one in shown if one.pk == pk), None)
    if kept is None:
        raise Missing(_("该照片不存在"))
    return unkept(pages.picture(settings.MEDIA_ROOT / kept.path))


@pages.page
def rated(request: HttpRequest) -> HttpResponse:
    """Thank the resident for the rating."""
    return render(request, "tickets/portal/rated.html")
