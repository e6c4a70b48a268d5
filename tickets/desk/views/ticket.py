"""The page of one ticket: its moves, its photos, and its reporter in clear."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.errors import Forbidden, IllegalMove, Missing
from governance.web import pages
from grids import choices as territory
from tickets.desk.page import Sheet, sheet
from tickets.duties import proposals, refusals
from tickets.intake import actions as intake
from tickets.intake.forms import CounterForm
from tickets.mediation import actions as mediation
from tickets.orders import actions
from tickets.orders.actions import with_photos
from tickets.orders.forms import MoveForm
from tickets.replies import queries as replies
from tickets.replies.models import FIELDS as REPLY_FIELDS
from tickets.states import State
from tickets.ticket import photos, promises, queries, timing, unmasking
from tickets.ticket import rights as ticket_rights
from tickets.ticket.forms import PhotosField
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES, Move

#: Verbs whose form takes photos as evidence.
WITH_PHOTOS = {"resolve", "self_resolve", "verify"}
SHOWN = 5  # visible moves; the others are behind one button
#: The usual next moves, listed first.
NEXT = {"triage_minor", "dispatch", "accept", "resolve", "approve_closing", "verify", "rate"}
#: The state after a move, if the page shows the clock that starts there.
LEADS_TO = {
    **dict.fromkeys(("accept", "triage_minor", "take_up"), State.HANDLING),
    **dict.fromkeys(("dispatch", "arbitrate", "reassign"), State.DISPATCHED),
    **dict.fromkeys(("triage_major", "upgrade"), State.ESCALATED),
    "refer": State.REFERRED,
}
#: The clocks shown before a move is made.
FORESEEN = ("resolve", "accept", "dispatch")


class PageMoveForm(MoveForm):
    """A move on the page: the same fields with useful defaults, and photos for some verbs."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files=files, **kwargs)
        ticket = self.ticket
        self.initial["expected"] = ticket.state
        if self.verb in {"dispatch", "arbitrate"}:
            self._propose()
        if self.verb in WITH_PHOTOS:
            self.fields["photos"] = PhotosField(label=_("现场照片"), required=False)
        self._choices()

    def _propose(self) -> None:
        """Fill in the unit proposed by the duty list and earlier tickets, with the reason.

        It can be changed.
        """
        found = proposals.propose(self.ticket, self.at, self.fields["unit"].queryset)
        if found:
            self.initial |= {"unit": found[0].unit.code, "assistants": [u.code for u in found[0].assistants]}
        self.fields["unit"].help_text = "；".join(f"{one.unit.name}：{one.why}" for one in found)

    def _choices(self) -> None:
        """Set widgets and labels for the page: several units as checkboxes, a label for the empty choice."""
        fields = self.fields
        if "assistants" in fields:
            fields["assistants"].widget = forms.CheckboxSelectMultiple()
            fields["assistants"].widget.choices = fields["assistants"].choices
        for name in {"unit", "person"} & set(fields):
            fields[name].empty_label = _("本社区自办") if self.verb == "triage_minor" else _("请选择")
        if "units" in fields:
            fields["units"].widget = forms.CheckboxSelectMultiple()
            fields["units"].widget.choices = fields["units"].choices
        for name in {"assistants", "units", "kept", "done", "solved", "speed", "attitude", "result"} & set(
            fields
        ):
            fields[name].widget.attrs["class"] = "form-check-input"

    def typed(self) -> list[tuple[str, str]]:
        """The typed texts as (label, text): worth keeping when the move is no longer possible."""
        written = [bound for bound in self if isinstance(bound.field.widget, forms.Textarea)]
        return [(str(bound.label), text) for bound in written if (text := (bound.value() or "").strip())]

    def given(self) -> dict[str, Any]:
        """The arguments for the action; photos are stored separately."""
        return {name: value for name, value in super().given().items() if name != "photos"}


@pages.desk
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a ticket; `?move=` opens the form of one verb."""
    found, at = _sheet(request, number), timezone.now()
    verb = request.GET.get("move", "")
    form = None
    if verb in {move.verb for move in ticket_rights.available(found.ticket, request.actor, found.facts)}:
        given = {name: request.GET[name] for name in ("into",) if name in request.GET}
        given |= _template(found.ticket, verb, request.GET.get("template", ""))
        form = PageMoveForm(ticket=found.ticket, verb=verb, by=request.actor, at=at, initial=given)
    return _page(request, found, at, move_form=form)


def _template(ticket: Ticket, verb: str, wanted: str) -> dict[str, str]:
    """The initial value from a chosen reply template, by form field."""
    chosen = next((one for one in replies.fitting(ticket, verb) if str(one.id) == wanted), None)
    return {REPLY_FIELDS[verb]: chosen.text} if chosen else {}


def _sheet(request: HttpRequest, number: str) -> Sheet:
    found = sheet(request.actor, number, timezone.now())
    if found is None:
        raise Missing(_("没有这张工单，或者您看不到它"))
    return found


def _page(
    request: HttpRequest, found: Sheet, at: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    ticket, form, moves = found.ticket, more.get("move_form"), _moves(found, request.actor)
    live = form is not None and form.verb in {move.verb for move in moves}
    context = {
        "ticket": ticket,
        "tiles": settings.MAP_TILES,
        "place_names": territory.way_to(ticket.area_path),
        "sheet": found,
        "left": timing.left(
            ticket.due_at, at, tier=ticket.tier, state=ticket.state, unit_id=ticket.holder_unit_id
        ),
        "works": bool(request.actor.grants_with(Permission.TICKET_HANDLE)),
        "promise": _promise(found),
        "photo_purposes": photos.may_add(ticket, request.actor),
        "moves": moves[:SHOWN],
        "more_moves": moves[SHOWN:],
        "primary": moves[0].verb if moves and moves[0].verb in NEXT else "",
        "composer": _composer(ticket, moves, request.actor, at),
        "may_unmask": unmasking.may_unmask(ticket, request.actor),
        "may_see_scan": any(one.scan_id for one in found.agreements)
        and mediation.may_see_scan(ticket, request.actor),
        "move_gone": form is not None and not live,
        "consequence": _consequence(ticket, form.verb, at) if live else None,
        "open_move": MOVES[form.verb] if form else None,
        "replies": replies.fitting(ticket, form.verb) if live else [],
        **more,
    }
    return pages.respond(
        request, "tickets/desk/ticket.html", context, fragment="tickets/desk/_move_form.html", status=status
    )


def _promise(found: Sheet) -> str:
    """The label of the clock that is due next."""
    due = found.ticket.due_at
    named = (one.purpose_label for one in found.clocks if one.ended_at is None and one.due_at == due)
    return next(named, "") if due else ""


def _composer(ticket: Ticket, moves: list[Move], by: Actor, at: datetime) -> PageMoveForm | None:
    """The form for a note below the conversation, for an actor that may write one; else None."""
    if not any(move.verb == "note" for move in moves):
        return None
    return PageMoveForm(ticket=ticket, verb="note", by=by, at=at, auto_id="say-%s")


def _moves(found: Sheet, by: Actor) -> list[Move]:
    """The moves that the actor may make now, with the usual next ones first."""
    return sorted(
        ticket_rights.available(found.ticket, by, found.facts), key=lambda move: move.verb not in NEXT
    )


@pages.desk
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The ticket on paper (纸质工单); the reporter stays masked for every member."""
    found = _sheet(request, number)
    context = {
        "ticket": found.ticket,
        "sheet": found,
        "place_names": territory.way_to(found.ticket.area_path),
        "now": timezone.now(),
    }
    return pages.respond(request, "tickets/desk/print.html", context)


def _consequence(ticket: Ticket, verb: str, at: datetime) -> tuple[str, datetime] | None:
    """The clock that would start if the move was made now, and its due time; None if none.

    For another unit the due time is computed with the district's working hours.
    """
    if verb not in LEADS_TO:
        return None
    after = Ticket(
        tier=ticket.tier, category_id=ticket.category_id, channel=ticket.channel, state=LEADS_TO[verb]
    )
    if after.state == State.HANDLING:
        after.holder_unit_id = ticket.lead_unit_id or ticket.holder_unit_id
    begin = next((b for b in promises.promises(after) if b.purpose in FORESEEN), None)
    due = clocks.due_of(begin, at) if begin else None
    return (str(begin.purpose), due) if due else None


@pages.desk
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Make one move. A refused form keeps what was typed."""
    if request.method != "POST":
        return HttpResponseRedirect(f"{_address(request, number)}?move={verb}#move")
    at = timezone.now()
    ticket = queries.detail(request.actor, number)
    if ticket is None:
        raise Missing(_("没有这张工单，或者您看不到它"))
    if verb not in actions.VERBS:
        raise Missing(_("没有这个动作"))
    form = PageMoveForm(request.POST, request.FILES, ticket=ticket, verb=verb, by=request.actor, at=at)
    if _made(form, request, at):
        messages.success(
            request, _("%(number)s：%(label)s已完成。") % {"number": number, "label": MOVES[verb].label}
        )
        return HttpResponseRedirect(_after(request, ticket))
    return _again(request, number, form, at)


def _made(form: PageMoveForm, request: HttpRequest, at: datetime) -> bool:
    """Make the move with its photos; on False, the form holds the reason.

    A changed state is reported before a missing field.
    """
    good, by = form.is_valid(), request.actor
    with pages.catching(form), refusals.counting(request):
        ticket_rights.check(form.ticket, form.verb, by=by, expected=form.data.get("expected", ""))
        if not good:
            return False
        for upload in form.cleaned_data.get("photos", ()):
            photos.add(form.ticket, upload, by=by, at=at, purpose="evidence")
        actions.VERBS[form.verb](form.ticket, by=by, at=at, **form.given())
    return not form.errors


def _again(request: HttpRequest, number: str, form: PageMoveForm, at: datetime) -> HttpResponse:
    """The page with the form as it was sent; after a changed state it can be sent again for the new state."""
    found = _sheet(request, number)
    status = getattr(form, "status", 400)
    if status == IllegalMove.status:
        form.data = form.data.copy()
        form.data["expected"] = found.ticket.state
    return _page(request, found, at, move_form=form, status=status)


def _after(request: HttpRequest, ticket: Ticket) -> str:
    """The ticket's page, or the list if the member can no longer see the ticket."""
    if Ticket.objects.visible_to(request.actor).filter(pk=ticket.pk).exists():
        return _address(request, ticket.number)
    return reverse("desk:tickets", kwargs={"tenant": request.tenant.slug})


def _address(request: HttpRequest, number: str) -> str:
    return reverse("desk:ticket", kwargs={"tenant": request.tenant.slug, "number": number})


class PhotoForm(forms.Form):
    """Photos that are added later."""

    photos = PhotosField(label=gettext_lazy("照片"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=[("report", gettext_lazy("反映情况")), ("evidence", gettext_lazy("办理结果"))],
    )


@require_POST
@pages.desk
def add_photos(request: HttpRequest, number: str) -> HttpResponse:
    """Add photos to a ticket."""
    found, at = _sheet(request, number), timezone.now()
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with pages.catching(form):
            for upload in form.cleaned_data["photos"]:
                photos.add(
                    found.ticket, upload, by=request.actor, at=at, purpose=form.cleaned_data["purpose"]
                )
            messages.success(request, _("照片已添加。"))
            return HttpResponseRedirect(_address(request, number) + "#photos")
    return _page(request, found, at, photo_form=form, status=getattr(form, "status", 400))


class UnmaskForm(forms.Form):
    """The reason to see a reporter in clear."""

    reporter = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)
    reason = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)


@require_POST
@pages.desk
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Show one reporter in clear, once."""
    found, at = _sheet(request, number), timezone.now()
    form = UnmaskForm(request.POST)
    seen = None
    if form.is_valid():
        with pages.catching(form):
            chosen = form.cleaned_data
            seen = unmasking.unmask(
                found.ticket, chosen["reporter"], by=request.actor, at=at, reason=chosen["reason"]
            )
    status = getattr(form, "status", 400) if form.errors else 200
    response = _page(request, found, at, unmasked=seen, unmask_form=form, status=status)
    response["Cache-Control"] = "no-store"
    return response


class ReasonForm(forms.Form):
    """The reason to see the names of the parties."""

    reason = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)


@require_POST
@pages.desk
def unmask_parties(request: HttpRequest, number: str) -> HttpResponse:
    """Show the parties of a mediation in clear, once."""
    found, at = _sheet(request, number), timezone.now()
    form = ReasonForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            mediation.unmask(found.ticket, by=request.actor, at=at, reason=form.cleaned_data["reason"])
    status = getattr(form, "status", 400) if form.errors else 200
    more = {"parties_unmasked": not form.errors, "parties_form": form}
    response = _page(request, found, at, status=status, **more)
    response["Cache-Control"] = "no-store"
    return response


@pages.desk_with(Permission.TICKET_REPORT)
def new(request: HttpRequest) -> HttpResponse:
    """A report taken at the counter (窗口代录), or a grid worker's own finding."""
    place, filling = request.GET.get("area", ""), "fill" in request.POST
    typed = {"initial": request.POST.dict(), "category": request.POST.get("category", "")} if filling else {}
    given = None if filling else request.POST or None
    form = CounterForm(given, request.FILES or None, place=place, by=request.actor, **typed)
    if form.is_bound and form.is_valid():
        with pages.catching(form, Forbidden):
            receipt = with_photos.report(
                form.draft(),
                form.cleaned_data["photos"],
                by=request.actor,
                at=timezone.now(),
                solved=form.cleaned_data.get("solved", "").strip(),
            )
            return _kept(request, receipt)
    _renewed(form)
    lines = request.tenant.setting("emergency_lines")
    context = {"form": form, "lines": lines, "tiles": settings.MAP_TILES}
    return pages.respond(request, "tickets/desk/report.html", context)


def _kept(request: HttpRequest, receipt: intake.Receipt) -> HttpResponse:
    facts = {"number": receipt.ticket.number}
    if receipt.reporter.member_id:  # a member's own finding needs no code
        messages.success(request, _("已登记 %(number)s。") % facts)
    else:
        words = _("已登记 %(number)s，查询码 %(code)s，请告诉反映人。")
        messages.success(request, words % {**facts, "code": receipt.reporter.code})
    return HttpResponseRedirect(_after(request, receipt.ticket))


def _renewed(form: CounterForm) -> None:
    """After client_id_reused, give the form a new client id: the next attempt is another ticket."""
    if form.is_bound and "client_id" in form.errors:
        form.renew()
