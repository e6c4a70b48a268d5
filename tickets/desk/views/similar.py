"""Similar tickets: shown while reporting, at triage and at dispatch, so that duplicates are avoided."""

from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access import actors
from governance.access.permissions import Permission
from governance.errors import Conflict, Missing, TooOften
from governance.text.telephones import PhoneField
from governance.web import limits, pages
from governance.web.limits import HOUR
from governance.web.pages import unkept
from grids.models import Area
from tickets.catalog.models import Category
from tickets.intake import similar
from tickets.intake.forms import NoticeForm
from tickets.orders.actions import merging
from tickets.public import queries as public
from tickets.states import OPEN, State
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket

LONGEST = 2000  # compared characters of a draft


@require_POST
@pages.page
def while_reporting(request: HttpRequest) -> HttpResponse:
    """Similar reports nearby for the form being filled in: category, place and age, never the text."""
    given = request.POST
    codes = [code for code in (given.get("spot", ""), given.get("area", "")) if code]
    paths = dict(Area.objects.filter(code__in=codes, valid_to=None).values_list("code", "path"))
    path = next((paths[code] for code in codes if code in paths), "")
    found: list[similar.Likeness] = []
    if path and (given.get("category") or len(given.get("text", "")) >= 4):
        category = (
            Category.objects.filter(code=given.get("category", "")).values_list("id", flat=True).first()
        )
        matter = similar.Matter(given.get("text", "")[:LONGEST], path, category)
        staff = request.actor if request.actor.grants_with(Permission.TICKET_READ) else None
        found = similar.to_report(matter, timezone.now(), staff)
        grids = {} if staff else public.grids_of(one.row["area_path"] for one in found)
        for one in found:
            one.row["place"] = grids.get(one.row["area_path"], one.row["area__name"])
    context = {"found": found, "staff": bool(request.actor.grants_with(Permission.TICKET_READ))}
    return unkept(render(request, "tickets/intake/_similar.html", context))


@pages.desk
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Open tickets that may be duplicates of this one, each with the reason and a link to merge."""
    ticket = Ticket.objects.visible_to(request.actor).filter(number=number).first()
    if ticket is None:
        raise Missing(_("没有这张工单，或者您看不到它"))
    context = {
        "ticket": ticket,
        "found": similar.to_ticket(ticket, request.actor, timezone.now()),
        "may_merge": "merge" in {move.verb for move in ticket_rights.available(ticket, request.actor)},
    }
    return render(request, "tickets/desk/_similar.html", context)


class FollowMatterForm(NoticeForm):
    """Name and phone of a resident who wants to follow a ticket."""

    number = forms.CharField(max_length=32, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    phone = PhoneField(label=gettext_lazy("联系电话"), required=False)


@pages.page
def follow(request: HttpRequest) -> HttpResponse:
    """Follow an open public ticket instead of reporting it again; the follower gets a code of their own."""
    form = FollowMatterForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    number = request.POST.get("number") or request.GET.get("number", "")
    ticket = _public_matter(number)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form, TooOften):
            reporter = _followed(request, ticket, form)
            query = urlencode({"number": ticket.number, "code": reporter.code})
            address = reverse("portal:receipt", kwargs={"tenant": request.tenant.slug})
            return HttpResponseRedirect(f"{address}?{query}")
    context = {"form": form, "ticket": ticket, "grid": public.grid_of(ticket.area_path)}
    return unkept(pages.respond(request, "tickets/portal/follow.html", context))


def _public_matter(number: str) -> Ticket:
    found = public.matters(timezone.now()).filter(number=number.strip().upper())
    ticket = found.select_related("category").first()
    if ticket is None:
        raise Missing(_("没有这件公开事项"))
    if ticket.state not in OPEN - {State.DIVIDED}:
        raise Conflict(_("这件事项已经销号，请重新反映"))
    return ticket


def _followed(request: HttpRequest, ticket: Ticket, form: FollowMatterForm) -> Any:
    tenant, given = request.tenant, form.cleaned_data
    keys = {f"report:{tenant.pk}:{get_client_ip_address(request)}": tenant.setting("reports_per_address")}
    if limits.reached(keys):
        raise TooOften(_("一小时内提交的件数已到上限，请稍后再提交。"))
    by = actors.public(tenant.pk)
    told = {"name": given["name"], "phone": given["phone"], "notice_version": form.accepted_version()}
    reporter = merging.follow(ticket, by=by, at=timezone.now(), **told)
    limits.count(keys, HOUR)
    return reporter
