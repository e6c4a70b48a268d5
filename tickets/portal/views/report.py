"""The portal: residents report, follow and rate without a log-in."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.access import actors
from governance.access.secrets import keyed_hash
from governance.clocks import words
from governance.clocks.models import Purpose
from governance.errors import Invalid, TooOften
from governance.text import telephones
from governance.web import limits, pages
from governance.web.client_address import client_address
from governance.web.limits import HOUR
from governance.web.pages import unkept
from grids import choices as territory
from grids.areas import bounds, outlines
from grids.models import Unit
from grids.units import initials as pinyin
from grids.units import queries as unit_queries
from tickets.catalog import tree as category_tree
from tickets.catalog.service_levels import policy_of
from tickets.intake import actions as intake
from tickets.intake.faults import add_faults, checks_of
from tickets.intake.forms import ReportForm
from tickets.orders.actions import with_photos
from tickets.phones import session
from tickets.phones import views as phones
from tickets.portal import reporter_view
from tickets.portal.access import open_by_code
from tickets.portal.forms import FollowForm
from tickets.portal.sayings import undo_of
from tickets.public import figures, state_words
from tickets.ticket import kept_photos
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.history import history, steps_of
from tickets.ticket.models.ticket import Ticket


@pages.page
def home(request: HttpRequest) -> HttpResponse:
    """The entry page of the portal."""
    setting = request.tenant.setting
    context = {
        "lines": setting("emergency_lines"),
        "hotline": setting("hotline"),
        "figures": figures.of_district(timezone.now()),
    }
    return render(request, "tickets/portal/home.html", context)


@pages.takes(MOST_BODY)
@pages.page
def report(request: HttpRequest) -> HttpResponse:
    """Report a case; a form that is sent twice makes one ticket."""
    if {"fill", "send_code"} & set(request.POST):
        return _filled(request)
    files = kept_photos.files_of(request)
    form = ReportForm(request.POST or None, files or None, place=request.GET.get("area", ""))
    if form.is_bound and (response := send(request, form)):
        return response
    kept_photos.keep(request, form)
    return _form(request, form)


def send(request: HttpRequest, form: ReportForm) -> HttpResponse | None:
    """Make the report of a form that was sent, and lead to its receipt; None if it is refused, with all faults named."""
    if form.is_valid():
        with pages.catching(form, TooOften):
            receipt, secret = _reported(request, form)
            kept_photos.done(request)
            response = HttpResponseRedirect(_receipt_address(request, receipt))
            if secret:
                session.remember(request, response, secret)
            return response
    if getattr(form, "status", 400) == 400:
        by, at = actors.public(request.tenant.pk), timezone.now()
        add_faults(form, [partial(_proven, request, form), *checks_of(form, by=by, at=at)])
    if "client_id" in form.errors:
        form.renew()
    return None


def _form(request: HttpRequest, form: ReportForm, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "lines": request.tenant.setting("emergency_lines"),
        "proof": session.proven(request),
        "must_prove": request.tenant.setting("phone_proof"),
        **more,
    }
    return pages.respond(request, "tickets/portal/report.html", context)


def _filled(request: HttpRequest) -> HttpResponse:
    """The form as typed, with the questions of its category, for browsers without scripts.

    Sends a code to the phone if that button was pressed.
    """
    typed = ReportForm(initial=request.POST.dict(), category=request.POST.get("category", ""))
    kept_photos.files_of(request)
    kept_photos.keep(request, typed)
    if "send_code" not in request.POST:
        return _form(request, typed)
    asked, proof = phones.send_code(request)
    response = _form(request, typed, asked=asked)
    session.remember_asked(request, response, proof)
    return response


def _proven(request: HttpRequest, form: ReportForm) -> tuple[datetime | None, str]:
    """The time when the phone in the form was proven, and the secret of a pass if it was proven just now.

    Raises Invalid for a wrong code, and without a code if the district requires one.
    """
    phone, code = form.cleaned_data.get("phone"), form.cleaned_data.get("code")
    if not phone or "code" in form.errors:
        return None, ""
    kept = session.proven(request)
    if kept and telephones.hash_of(phone) == kept.phone_hash:
        return kept.proven_at, ""
    if code:
        proof, secret = session.prove(request, phone, code)
        return proof.proven_at, secret
    if request.tenant.setting("phone_proof"):
        raise Invalid(_("请先获取并填写短信验证码；也可以不填电话"), code="unproven", field="code")
    return None, ""


def _reported(request: HttpRequest, form: ReportForm) -> tuple[intake.Receipt, str]:
    """Make the report; raises TooOften past the hourly limits of the address or the phone.

    Repeats do not count. Returns the receipt, and the secret of a pass if the phone was proven with this
    form.
    """
    tenant, draft = request.tenant, form.draft()
    keys = {f"report:{tenant.pk}:{client_address(request)}": tenant.setting("reports_per_address")}
    if draft.phone:
        phone = keyed_hash(draft.phone, "limit")
        keys[f"report:{tenant.pk}:{phone}"] = tenant.setting("reports_per_phone")
    known = Ticket.objects.filter(client_id=draft.client_id).exists()
    if limits.reached(keys) and not known:
        raise TooOften(
            _("一小时内提交的件数已到上限，请稍后再提交。您填写的内容仍在下方；紧急情况请直接拨打电话。")
        )
    proven_at, secret = (None, "") if known else _proven(request, form)
    draft = replace(draft, proven_at=proven_at)
    by = actors.public(tenant.pk)
    receipt = with_photos.report_with_photos(draft, form.cleaned_data["photos"], by=by, at=timezone.now())
    if receipt.created:
        limits.count(keys, HOUR)
    return receipt, secret


def _receipt_address(request: HttpRequest, receipt: intake.Receipt) -> str:
    address = reverse("portal:receipt", kwargs={"tenant": request.tenant.slug})
    return f"{address}?{urlencode({'number': receipt.ticket.number, 'code': receipt.reporter.code})}"


@pages.page
def spots(request: HttpRequest) -> HttpResponse:
    """The grids and buildings of a community, as options."""
    found = territory.spots(request.GET.get("area", ""))
    response = render(request, "tickets/intake/_spot_options.html", {"spots": found})
    response["Cache-Control"] = "private, max-age=300"
    return response


@pages.page
def initials(request: HttpRequest) -> HttpResponse:
    """The first letters (pinyin) of the characters in the names of communities and categories, to filter selects."""
    response = JsonResponse(pinyin.place_letters() | category_tree.letters())
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@pages.page
def foreseen(request: HttpRequest) -> HttpResponse:
    """Preview of the first unit and its due time, as a fragment of the form; empty if no unit is found."""
    given = request.POST
    area = given.get("area", "")
    about = unit_queries.holder(area, given.get("against", "")) if given.get("against") else ""
    form = ReportForm(initial=given.dict(), category=given.get("category", ""))
    draft = intake.Draft(
        text="", area=area, category=given.get("category", ""), against=about, answers=form.answers()
    )
    context: dict[str, Any] = {}
    try:
        found = intake.foreseen(draft, at=timezone.now())
    except Invalid:
        pass
    else:
        unit = Unit.objects.filter(pk=found.unit_id).values_list("name", flat=True).first()
        promise = words.amount(found.resolve.budget, found.resolve.unit) if found.resolve.budget else ""
        context = {"unit": unit, "due_at": found.due_at, "promise": promise}
    return unkept(render(request, "tickets/intake/_preview.html", context))


@require_POST
@pages.page
def place(request: HttpRequest) -> HttpResponse:
    """The community around a point on the map, or why the point is refused.

    The point is not stored; it is sent by POST, not in the address.
    """
    try:
        lat, lng = (float(request.POST.get(name, "")) for name in ("lat", "lng"))
    except ValueError as error:
        raise Invalid(_("经度和纬度要一起给"), code="half_a_place", field="lat") from error
    if not bounds.contains(lat, lng):
        return unkept(JsonResponse({"code": "", "name": "", "outside": bounds.refusal()}))
    found = outlines.community_at(lat, lng)
    return unkept(JsonResponse({"code": found.code if found else "", "name": found.name if found else ""}))


@pages.page
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of a report: number, code, responsible unit, next steps."""
    form = FollowForm(request.GET)
    found = open_by_code(request, form)
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": form})
    ticket, reporter = found
    at, view = timezone.now(), reporter_view.view_of(reporter, ticket)
    promise = policy_of(request.tenant, Purpose.RESOLVE, ticket.tier, ticket.category_id)
    asked = ticket.pk == view.subject.pk and view.asked()
    stands = state_words.state_in_plain_words(ticket.state, ticket.outcome, asked=asked)
    context = {
        "asked": asked,
        "ticket": ticket,
        "reporter": reporter,
        "steps": steps_of(ticket, history(ticket), standing=stands),
        "author": view.author,
        "step_due": view.step_due(),
        "undo": undo_of(ticket, reporter, at, author=view.author),
        "promise": words.amount(promise.budget, promise.unit),
    }
    return unkept(render(request, "tickets/portal/receipt.html", context))
