"""A report taken at the counter (窗口代录)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.access.permissions import Permission
from governance.errors import Forbidden
from governance.web import pages
from tickets.desk.views.ticket import address_after
from tickets.intake import actions as intake
from tickets.intake.faults import add_faults, checks_of
from tickets.intake.forms import CounterForm
from tickets.orders.actions import with_photos
from tickets.ticket import kept_photos
from tickets.ticket.decoding import MOST_BODY


@pages.takes(MOST_BODY)
@pages.desk_with(Permission.TICKET_REPORT)
def new(request: HttpRequest) -> HttpResponse:
    """A report taken at the counter (窗口代录), or a grid worker's own finding."""
    place, filling = request.GET.get("area", ""), "fill" in request.POST
    typed = {"initial": request.POST.dict(), "category": request.POST.get("category", "")} if filling else {}
    given = None if filling else request.POST or None
    form = CounterForm(given, kept_photos.files_of(request) or None, place=place, by=request.actor, **typed)
    if form.is_bound and form.is_valid():
        with pages.catching(form, Forbidden):
            receipt = with_photos.report_with_photos(
                form.draft(),
                form.cleaned_data["photos"],
                by=request.actor,
                at=timezone.now(),
                solved=form.settled(request.POST.get("step", "")),
            )
            kept_photos.done(request)
            return _kept(request, receipt)
    if form.is_bound and getattr(form, "status", 400) == 400:
        add_faults(form, checks_of(form, by=request.actor, at=timezone.now()))
    _renewed(form)
    kept_photos.keep(request, form)
    lines = request.tenant.setting("emergency_lines")
    on_site = "solved" in form.fields
    context = {"form": form, "lines": lines, "on_site": on_site}
    page = "tickets/desk/report_on_site.html" if on_site else "tickets/desk/report.html"
    return pages.respond(request, page, context)


def _kept(request: HttpRequest, receipt: intake.Receipt) -> HttpResponse:
    facts = {"number": receipt.ticket.number}
    if receipt.reporter.member_id:  # a member's own finding needs no code
        messages.success(request, _("已登记 %(number)s。") % facts)
    else:
        words = _("已登记 %(number)s，查询码 %(code)s，请告诉反映人。")
        messages.success(request, words % {**facts, "code": receipt.reporter.code})
    return HttpResponseRedirect(address_after(request, receipt.ticket))


def _renewed(form: CounterForm) -> None:
    """After client_id_reused, give the form a new client id: the next attempt is another ticket."""
    if form.is_bound and "client_id" in form.errors:
        form.renew()
