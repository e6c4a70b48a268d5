"""Similar tickets, shown while reporting, and following one of them."""

import math
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.access import actors
from governance.access.permissions import Permission
from governance.errors import Conflict, Missing, TooOften
from governance.text import telephones
from governance.web import limits, pages
from governance.web.client_address import client_address
from governance.web.limits import HOUR
from governance.web.pages import unkept
from grids.models import Area
from tickets.catalog.models import Category
from tickets.intake import similar
from tickets.intake.faults import acceptance_of, add_faults
from tickets.orders.actions import merging
from tickets.phones import session
from tickets.portal.forms import FollowMatterForm
from tickets.public import queries as public
from tickets.states import OPEN, State
from tickets.ticket import numbers
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
        point = (_degrees(given.get(name, "")) for name in ("lat", "lng"))
        matter = similar.Case(given.get("text", "")[:LONGEST], path, category, *point)
        staff = request.actor if request.actor.grants_with(Permission.TICKET_READ) else None
        found = similar.to_report(matter, timezone.now(), staff)
    context = {"found": found, "staff": bool(request.actor.grants_with(Permission.TICKET_READ))}
    return unkept(render(request, "tickets/intake/_similar.html", context))


def _degrees(text: str) -> float | None:
    """The coordinate in a field, None if it holds no finite number."""
    try:
        found = float(text[:20])
    except ValueError:
        return None
    return found if math.isfinite(found) else None


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
    if form.is_bound and getattr(form, "status", 400) == 400:
        add_faults(form, [acceptance_of(form, by=actors.public(request.tenant.pk), at=timezone.now())])
    lines = public.summaries([{"id": ticket.pk, "summary": ticket.summary}])
    context = {
        "form": form,
        "ticket": ticket,
        "summary": lines.get(ticket.pk, ""),
        "grid": public.grid_of(ticket.area_path),
    }
    return unkept(pages.respond(request, "tickets/portal/follow.html", context))


def _public_matter(number: str) -> Ticket:
    found = public.matters(timezone.now()).filter(number=numbers.number_in(number))
    ticket = found.select_related("category", "holder_unit", "lead_unit").first()
    if ticket is None:
        raise Missing(_("该公开事项不存在"))
    if ticket.state not in OPEN - {State.DIVIDED}:
        raise Conflict(_("该事项已办结，不能再关注。仍有问题的，请重新反映"))
    return ticket


def _followed(request: HttpRequest, ticket: Ticket, form: FollowMatterForm) -> Any:
    tenant, given = request.tenant, form.cleaned_data
    keys = {f"report:{tenant.pk}:{client_address(request)}": tenant.setting("reports_per_address")}
    if limits.reached(keys):
        raise TooOften(_("一小时内提交的件数已到上限，请稍后再提交。"))
    by = actors.public(tenant.pk)
    kept = session.proven(request)
    proven_at = kept.proven_at if kept and kept.phone_hash == telephones.hash_of(given["phone"]) else None
    told = {
        "name": given["name"],
        "phone": given["phone"],
        "notice_version": form.accepted_version(),
        "proven_at": proven_at,
    }
    reporter = merging.follow(ticket, by=by, at=timezone.now(), **told)
    limits.count(keys, HOUR)
    return reporter
