"""Whistles (吹哨) at the desk: lists, the page of a whistle with its moves, blowing one, monthly figures."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access import policy
from governance.access.permissions import Permission
from governance.clocks.models import Purpose
from governance.clocks.queries import Story
from governance.errors import Forbidden, IllegalMove, Missing, TooOften
from governance.web import pages
from tickets.ticket import kept_photos
from tickets.ticket import queries as ticket_queries
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.forms import PhotosField
from tickets.whistles import actions, queries, rights
from tickets.whistles.actions import blowing
from tickets.whistles.actions import photos as whistle_photos
from tickets.whistles.forms import BlowForm, WhistleMoveForm, name_of
from tickets.whistles.models import Whistle, WhistlePhoto
from tickets.whistles.workflow import MOVES, WhistleKind


class PageMoveForm(WhistleMoveForm):
    """A move on the page, with photos for some verbs."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files=files, **kwargs)
        if self.verb in whistle_photos.WITH_PHOTOS:
            self.fields["photos"] = PhotosField(label=_("现场照片"), required=False)

    def given(self) -> dict[str, Any]:
        """The arguments for the action; photos are passed separately."""
        return {name: value for name, value in super().given().items() if name != "photos"}


TABS = {
    "answer": gettext_lazy("待我单位应哨、到场"),
    "run": gettext_lazy("本街道的哨"),
    "open": gettext_lazy("进行中"),
    "all": gettext_lazy("全部"),
}
NEXT = ("arrive", "answer", "uphold", "overrule", "confirm", "rate_unit", "rate_whistle")


@pages.desk
def page(request: HttpRequest) -> HttpResponse:
    """The whistles that the member answers, runs or oversees; the first tab that fits the posts is open."""
    actor = request.actor
    tabs = ["open", "all"]
    if actor.grants_with(Permission.TICKET_STREET):
        tabs.insert(0, "run")
    if actor.grants_with(Permission.TICKET_ACCEPT):
        tabs.insert(1 if tabs[0] == "run" else 0, "answer")
    scope = request.GET.get("show", tabs[0])
    before = request.GET.get("before", "")
    found = queries.page(
        actor,
        scope if scope in TABS else "all",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    context = {
        "rows": found.rows,
        "next": found.next,
        "tabs": [(key, TABS[key], key == scope) for key in tabs],
        "scope": scope,
        "may_blow": bool(actor.grants_with(Permission.TICKET_STREET)),
        "may_count": any(actor.grants_with(permission) for permission in queries.BY_PLACE),
    }
    return pages.respond(request, "tickets/whistles/list.html", context)


@pages.desk_with(Permission.TICKET_STREET)
def new(request: HttpRequest) -> HttpResponse:
    """Blow a whistle: on its own, or with `?ticket=` on a ticket."""
    at, number = timezone.now(), request.GET.get("ticket", "")
    ticket = ticket_queries.detail(request.actor, number) if number else None
    if number and ticket is None:
        raise Missing(_("工单不存在或您无权查看"))
    form = BlowForm(request.POST or None, by=request.actor, at=at, ticket=ticket)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form, Forbidden):
            if ticket is None:
                made = blowing.blow(form.summons(), by=request.actor, at=at)
            else:
                made = blowing.blow_on(ticket, form.summons(), by=request.actor, at=at)
            messages.success(request, _("已吹哨 %(number)s，通知已发出。") % {"number": made.number})
            return HttpResponseRedirect(_address(request, made.number))
    dues = [(label, *blowing.foreseen(kind, ticket, at)) for kind, label in WhistleKind.choices]
    context = {"form": form, "ticket": ticket, "dues": dues}
    return pages.respond(request, "tickets/whistles/new.html", context)


def _found(request: HttpRequest, number: str) -> Whistle:
    found = queries.find(request.actor, number)
    if found is None:
        raise Missing(_("吹哨不存在或您无权查看"))
    return found


def _address(request: HttpRequest, number: str) -> str:
    return reverse("desk:whistle", kwargs={"tenant": request.tenant.slug, "number": number})


@pages.desk
def whistle(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a whistle; `?move=` opens the form of one verb."""
    found, at = _found(request, number), timezone.now()
    return _page(request, found, at, verb=request.GET.get("move", ""))


def _page(
    request: HttpRequest,
    found: Whistle,
    at: datetime,
    *,
    verb: str = "",
    form: WhistleMoveForm | None = None,
    photo_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = queries.sheet(found, at)
    offers = {offer.move.verb: offer for offer in rights.available(found, request.actor)}
    if form is None and verb in offers:
        form = PageMoveForm(whistle=found, offer=offers[verb])
    shown = [offer.move for offer in offers.values() if offer.move.verb != "tick"]
    commands = bool(policy.can(request.actor, Permission.TICKET_STREET, found))
    names = {party.unit_id: party.unit.name for party in sheet.parties}
    clocks = [replace(clock, purpose_label=_promised(clock, names)) for clock in sheet.clocks]
    for party in sheet.parties:
        party.label = name_of(party)
        party.promises = [clock for clock in sheet.clocks if clock.unit_id == party.unit_id]
        party.judged = [_judged(row) for row in party.stars]
    context = {
        "whistle": found,
        "sheet": sheet,
        "clocks": clocks,
        "ticket": found.ticket if found.sees_ticket else None,
        "moves": sorted(shown, key=lambda move: move.verb not in NEXT),
        "may_tick": "tick" in offers,
        "commands": commands,
        "move_form": form,
        "open_move": form and MOVES[form.verb],
        "may_add_photos": whistle_photos.may_add(found, request.actor),
        "photo_form": photo_form,
    }
    template, fragment = "tickets/whistles/page.html", "tickets/whistles/_move_form.html"
    return pages.respond(request, template, context, fragment=fragment, status=status)


def _promised(clock: Story, names: dict[int, str]) -> str:
    """The label of a clock, with the name of its unit."""
    what = _("评哨") if clock.purpose == Purpose.RATE else clock.purpose_label
    return f"{what} {names.get(clock.unit_id, '')}".strip()


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    """One side's rating as labels and stars."""
    labels = {
        "in_time": _("到场及时"),
        "together": _("配合"),
        "solved": _("解决问题"),
        "needed": _("吹得准"),
        "clear": _("任务清楚"),
    }
    stars = [
        (label, row[name], "★" * row[name] + "☆" * (5 - row[name]))
        for name, label in labels.items()
        if row[name]
    ]
    return {"by_street": row["by_street"], "text": row["text"], "stars": stars}


@pages.takes(MOST_BODY)
@pages.desk
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Make one move; a refused form keeps what was typed."""
    if request.method != "POST":
        return HttpResponseRedirect(f"{_address(request, number)}?move={verb}#move")
    found, at = _found(request, number), timezone.now()
    if verb not in actions.VERBS:
        raise Missing(_("该操作不存在"))
    offers = {offer.move.verb: offer for offer in rights.available(found, request.actor)}
    if verb not in offers:
        rights.check(found, verb, by=request.actor, expected=request.POST.get("expected", ""))
        raise IllegalMove(_("当前状态不能执行该操作"))
    form = PageMoveForm(request.POST, kept_photos.files_of(request), whistle=found, offer=offers[verb])
    if form.is_valid():
        with pages.catching(form, TooOften):
            uploads = form.cleaned_data.get("photos", ())
            whistle_photos.move(found, verb, uploads, by=request.actor, at=at, **form.given())
            kept_photos.done(request)
            words = {"number": found.number, "sentence": MOVES[verb].done}
            messages.success(request, _("%(number)s：%(sentence)s") % words)
            return HttpResponseRedirect(_address(request, number))
    kept_photos.keep(request, form)
    fresh = _found(request, number)
    form.data = form.data.copy()
    form.data["expected"] = fresh.state
    return _page(request, fresh, at, form=form, status=getattr(form, "status", 400))


class PhotoForm(forms.Form):
    """Photos that are added later."""

    photos = PhotosField(label=gettext_lazy("照片"))
    shows = forms.ChoiceField(label=gettext_lazy("内容"), choices=WhistlePhoto.Shows.choices)


@pages.takes(MOST_BODY)
@require_POST
@pages.desk
def add_photos(request: HttpRequest, number: str) -> HttpResponse:
    """Add photos to a whistle."""
    found, at = _found(request, number), timezone.now()
    form = PhotoForm(request.POST, kept_photos.files_of(request))
    if form.is_valid():
        with pages.catching(form):
            given = form.cleaned_data
            whistle_photos.add_all(found, given["photos"], by=request.actor, at=at, shows=given["shows"])
            kept_photos.done(request)
            messages.success(request, _("照片已添加。"))
            return HttpResponseRedirect(_address(request, number) + "#photos")
    kept_photos.keep(request, form)
    return _page(request, found, at, photo_form=form, status=getattr(form, "status", 400))


@pages.desk
def photo(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A photo of a whistle, for members that can see the whistle."""
    kept = queries.photo(request.actor, number, pk)
    if kept is None:
        raise Missing(_("该照片不存在"))
    return pages.picture(settings.MEDIA_ROOT / kept.path)


@pages.desk_with(*queries.BY_PLACE)
def figures(request: HttpRequest) -> HttpResponse:
    """吹哨情况 of one month: number of whistles, punctual arrivals, and the ratings of both sides."""
    at = timezone.now()
    offered = list(queries.months(at))
    asked = request.GET.get("month", "")
    month = next((one for one in offered if f"{one:%Y-%m}" == asked), offered[0])
    context = {
        "months": [(f"{one:%Y-%m}", one == month) for one in offered],
        "month": month,
        "streets": queries.by_street(request.actor, month),
        "units": queries.by_unit(request.actor, month),
    }
    return pages.respond(request, "tickets/whistles/figures.html", context)
