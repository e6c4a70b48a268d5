"""A report in the elder version: one question on each screen, without scripts; the form carries what was given before."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.web import pages
from grids.models import Unit, UnitKind
from grids.units import queries as unit_queries
from tickets.intake.forms import ReportForm
from tickets.phones import session
from tickets.phones import views as phones
from tickets.portal.views.report import send
from tickets.ticket import kept_photos
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.forms import PHOTOS

#: The screens in their order, with the fields that each asks for.
SCREENS = {
    "what": ("text",),
    "where": ("area", "address"),
    "photo": ("photos",),
    "send": ("name", "phone", "code", "accepted"),
}
TITLES = {
    "what": gettext_lazy("出了什么事"),
    "where": gettext_lazy("在什么地方"),
    "photo": gettext_lazy("有照片吗"),
    "send": gettext_lazy("核对并提交"),
}
CARRIED = ("text", "area", "spot", "address", "name", "phone", "accepted")


@pages.takes(MOST_BODY)
@pages.page
def report(request: HttpRequest) -> HttpResponse:
    """One screen of the report; the button `go` names the next screen, or `done` to send the report."""
    files, go = kept_photos.files_of(request), request.POST.get("go", "what")
    if go == "done":
        form = ReportForm(request.POST, files or None)
        if response := send(request, form):
            return response
        screen = next((name for name, fields in SCREENS.items() if set(fields) & set(form.errors)), "send")
        kept_photos.keep(request, form)
        return _screen(request, form, screen)
    place = request.GET.get("area", "")
    form = ReportForm(initial=request.POST.dict(), place="" if request.POST else place)
    form.nothing_said = bool(request.POST) and go != "what" and not request.POST.get("text", "").strip()
    screen = "what" if form.nothing_said or go not in SCREENS else go
    kept_photos.keep(request, form)
    if "send_code" not in request.POST:
        return _screen(request, form, screen)
    asked, proof = phones.send_code(request)
    response = _screen(request, form, "send", asked=asked)
    session.remember_asked(request, response, proof)
    return response


def _screen(request: HttpRequest, form: ReportForm, screen: str, **more: Any) -> HttpResponse:
    setting, names = request.tenant.setting, list(SCREENS)
    at = names.index(screen)
    context = {
        "form": form,
        "screen": screen,
        "title": TITLES[screen],
        "step": at + 1,
        "steps": len(names),
        "next": names[at + 1] if at + 1 < len(names) else "",
        "before": names[at - 1] if at else "",
        "carried": [
            form[name] for name in ("client_id", "notice_version", *CARRIED) if name not in SCREENS[screen]
        ],
        "kept": form.fields[PHOTOS].widget.kept,
        "place": _place(form),
        "call": _number_to_call(form["area"].value() or "", setting("hotline"))
        if screen == "where"
        else None,
        "lines": setting("emergency_lines"),
        "proof": session.proven(request),
        "must_prove": setting("phone_proof"),
        **more,
    }
    return pages.respond(request, "tickets/portal/elder_report.html", context)


def _place(form: ReportForm) -> str:
    """The chosen community and building, and the address, as words."""
    area, spot = form["area"].value() or "", form["spot"].value() or ""
    communities = {code: name for _street, group in form.fields["area"].choices[1:] for code, name in group}
    spots = dict(form.fields["spot"].choices)
    words = (communities.get(area, ""), spots.get(spot, "") if spot else "", form["address"].value() or "")
    return " ".join(word for word in words if word)


def _number_to_call(community: str, hotline: str) -> tuple[str, str] | None:
    """(who answers, number): the community if it is known and has a telephone, else the hotline; None without both."""
    code = unit_queries.holder(community, UnitKind.COMMUNITY) if community else ""
    unit = Unit.objects.filter(code=code).values_list("name", "phone").first() if code else None
    if unit and unit[1]:
        return unit
    return (_("热线"), hotline) if hotline else None
