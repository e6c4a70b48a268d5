"""The portal: a resident reports, follows and rates, without a log-in."""

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from governance import limits, pages
from governance.access import actors
from governance.access.secrets import keyed_hash
from governance.clocks import words
from governance.clocks.models import Purpose
from governance.errors import Conflict, TooOften
from grids import choices as territory
from tickets import actions
from tickets.actions import illustrated, links
from tickets.levels import policy_of
from tickets.models import Ticket
from tickets.report_forms import FollowForm, RateForm, ReportForm
from tickets.sheet import history, steps_of
from tickets.views.following import followed, undo_of, unkept

HOUR = 3600  # seconds


@pages.page
def home(request: HttpRequest) -> HttpResponse:
    """What a resident can do here."""
    return render(request, "tickets/portal_home.html", {"lines": request.tenant.setting("emergency_lines")})


@pages.page
def report(request: HttpRequest) -> HttpResponse:
    """Report a matter; sent twice, it is one."""
    if "fill" in request.POST:
        return _filled(request)
    form = ReportForm(request.POST or None, request.FILES or None, place=request.GET.get("area", ""))
    if request.method == "POST" and form.is_valid():
        with pages.catching(form, TooOften):
            receipt = _reported(request, form)
            return HttpResponseRedirect(_receipt_address(request, receipt))
    if form.is_bound and "client_id" in form.errors:
        form.renew()
    return _form(request, form)


def _form(request: HttpRequest, form: ReportForm) -> HttpResponse:
    context = {"form": form, "lines": request.tenant.setting("emergency_lines")}
    return pages.respond(request, "tickets/portal_report.html", context)


def _filled(request: HttpRequest) -> HttpResponse:
    """The form with what is typed so far and the questions of its category, for browsers without scripts."""
    return _form(request, ReportForm(initial=request.POST.dict(), category=request.POST.get("category", "")))


def _reported(request: HttpRequest, form: ReportForm) -> actions.Receipt:
    """Make the report unless the address or the phone has made too many this hour; a repeat does not count."""
    tenant, draft = request.tenant, form.draft()
    keys = {f"report:{tenant.pk}:{get_client_ip_address(request)}": tenant.setting("reports_per_address")}
    if draft.phone:
        phone = keyed_hash(draft.phone, "limit")
        keys[f"report:{tenant.pk}:{phone}"] = tenant.setting("reports_per_phone")
    known = Ticket.objects.filter(client_id=draft.client_id)
    if limits.reached(keys) and not known.exists():
        raise TooOften(
            _("一小时内提交的件数已到上限，请稍后再提交。您填写的内容仍在下方；紧急情况请直接拨打电话。")
        )
    by = actors.public(tenant.pk)
    receipt = illustrated.report(draft, form.cleaned_data["photos"], by=by, at=timezone.now())
    if receipt.created:
        limits.count(keys, HOUR)
    return receipt


def _receipt_address(request: HttpRequest, receipt: actions.Receipt) -> str:
    address = reverse("portal:receipt", kwargs={"tenant": request.tenant.slug})
    return f"{address}?{urlencode({'number': receipt.ticket.number, 'code': receipt.reporter.code})}"


@pages.page
def spots(request: HttpRequest) -> HttpResponse:
    """The grids and buildings of a community, as options."""
    found = territory.spots(request.GET.get("area", ""))
    response = render(request, "tickets/_spot_options.html", {"spots": found})
    response["Cache-Control"] = "private, max-age=300"
    return response


@pages.page
def receipt(request: HttpRequest) -> HttpResponse:
    """What the reporter takes home: number, code, who is responsible, what happens next."""
    form = FollowForm(request.GET)
    found = followed(request, form)
    if found is None:
        return pages.respond(request, "tickets/portal_track.html", {"form": form})
    ticket, reporter = found
    promise = policy_of(request.tenant, Purpose.RESOLVE, ticket.tier, ticket.category_id)
    context = {
        "ticket": ticket,
        "reporter": reporter,
        "steps": steps_of(ticket, history(ticket)),
        "undo": undo_of(ticket, reporter, timezone.now()),
        "promise": words.amount(promise.budget, promise.unit),
    }
    return unkept(render(request, "tickets/portal_receipt.html", context))


@pages.page
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """评单 by a one-use link: used says 409, expired 410, unknown 404."""
    link, at = links.of_token(token), timezone.now()
    try:
        links.require_open(link, link.ticket, at)
    except Conflict as error:
        return pages.refusal(request, 410 if error.code == "link_expired" else 409, str(error))
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            actions.rate_by_link(link, actions.Stars(**form.cleaned_data), at=at)
            return HttpResponseRedirect(reverse("portal:rated", kwargs={"tenant": request.tenant.slug}))
    context = {"form": form, "ticket": link.ticket, "rework": request.tenant.setting("rework_rating")}
    return unkept(pages.respond(request, "tickets/portal_rate.html", context))


@pages.page
def rated(request: HttpRequest) -> HttpResponse:
    """Thanks."""
    return render(request, "tickets/portal_rated.html")
