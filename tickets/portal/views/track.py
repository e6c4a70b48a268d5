"""Residents' moves on a reported ticket: answer a question, add a remark, withdraw, have it done again."""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.errors import Missing, TooOften
from governance.tenancy.scope import current
from governance.web import limits, pages
from governance.web.pages import unkept
from tickets.orders import actions
from tickets.orders.actions import rating_links, resident_questions, with_photos
from tickets.portal import reporter_view
from tickets.portal.forms import FollowForm
from tickets.public import state_words
from tickets.questions import queries as question_queries
from tickets.states import State
from tickets.ticket import rights as ticket_rights
from tickets.ticket.forms import PhotosField, lost_photos
from tickets.ticket.history import history, steps_of
from tickets.ticket.models.reporters import Rating, Reporter
from tickets.ticket.models.ticket import Ticket

GUESSES, WINDOW = 10, 15 * 60  # wrong codes per network address and number, in seconds
GUESSES_IN_ALL = 60
ADDED_AN_HOUR, HOUR = 10, 3600
UNDO_FOR = timedelta(minutes=10)  # to withdraw a mistaken report at once (domain.md B10)

#: verb -> (heading, label of the text, button, name of the action's field)
SAYINGS: dict[str, tuple[Any, Any, Any, str]] = {
    "reply": (gettext_lazy("补充说明"), gettext_lazy("补充内容"), gettext_lazy("提交补充"), "text"),
    "add": (gettext_lazy("补充情况"), gettext_lazy("补充内容"), gettext_lazy("提交补充"), "text"),
    "withdraw": (gettext_lazy("撤回这件事"), gettext_lazy("撤回原因"), gettext_lazy("确认撤回"), "reason"),
    "reopen": (gettext_lazy("要求重办"), gettext_lazy("哪里没有办好"), gettext_lazy("提交重办"), "reason"),
}
#: (heading, label of the text, button) for a follower that withdraws
LEAVING = (gettext_lazy("不再关注"), gettext_lazy("不再关注的原因"), gettext_lazy("不再关注"))

#: The message on the next page, by verb.
SAID = {
    "reply": gettext_lazy("补充已交给承办单位，谢谢。"),
    "add": gettext_lazy("补充已交给承办单位，谢谢。"),
    "withdraw": gettext_lazy("已撤回，不再办理。"),
    "reopen": gettext_lazy("已要求重新办理。"),
}
LEFT = gettext_lazy("已不再关注，反映人的事项照常办理。")


class SayForm(FollowForm):
    """Number and code, and the resident's text."""

    text = forms.CharField(max_length=settings.MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(
        label=gettext_lazy("照片"), required=False, help_text=gettext_lazy("最多 20 张，每张不超过 15 MB")
    )

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{verb}-%s"  # one page shows several of these forms
        if verb not in with_photos.SAID:
            del self.fields["photos"]
        self.fields["text"].label = SAYINGS[verb][1]
        for name in ("number", "code"):
            self.fields[name].widget = forms.HiddenInput()

    def lost_photos(self) -> int:
        """How many photos were sent with a form that was not stored."""
        return lost_photos(self)


def reporter_of(ticket: Ticket, reporter: Reporter) -> Actor:
    """The reporter as an actor."""
    return Actor(kind="reporter", tenant_id=ticket.tenant_id, reporter_id=reporter.pk)


def offered(ticket: Ticket, reporter: Reporter, at: datetime) -> list[dict[str, Any]]:
    """The moves that this reporter can make now, each with its form.

    The author answers an open question with `reply`; `add` is for followers, and for the author while no
    question is open.
    """
    if reporter.left_at is not None:
        return []
    by = reporter_of(ticket, reporter)
    verbs = {move.verb for move in ticket_rights.available(ticket, by)}
    if whole := ticket.merged_into:
        verbs |= {move.verb for move in ticket_rights.available(whole, by)} & set(with_photos.SAID)
    if "reply" in verbs:
        unread = whole and whole.private  # a question on another reporter's private ticket
        answers = not unread and resident_questions.raised(whole or ticket, reporter.pk)
        verbs.discard("add" if answers else "reply")
    window = timedelta(days=current().setting("reopen_days"))
    if ticket.closed_at and at > ticket.closed_at + window:
        verbs.discard("reopen")
    initial = {"number": ticket.number, "code": reporter.code}
    return [_saying(verb, SayForm(initial=initial, verb=verb)) for verb in SAYINGS if verb in verbs]


def undo_of(ticket: Ticket, reporter: Reporter, at: datetime, *, author: bool) -> SayForm | None:
    """The form to withdraw a fresh report, with the reason filled in; None if that is not possible."""
    fresh = at <= reporter.created_at + UNDO_FOR
    if not fresh or all(one["verb"] != "withdraw" for one in offered(ticket, reporter, at)):
        return None
    reason = _("提交后随即撤回") if author else _("关注后随即取消")
    initial = {"number": ticket.number, "code": reporter.code, "text": reason}
    return SayForm(initial=initial, verb="withdraw")


def _saying(verb: str, form: SayForm) -> dict[str, Any]:
    heading, _asked, button, _field = SAYINGS[verb]
    return {"verb": verb, "heading": heading, "button": button, "form": form}


def _as_follower(saying: dict[str, Any]) -> dict[str, Any]:
    """The same move in the wording for a follower."""
    if saying["verb"] != "withdraw":
        return saying
    heading, asked, button = LEAVING
    saying["form"].fields["text"].label = asked
    return saying | {"heading": heading, "button": button}


@pages.page
def track(request: HttpRequest) -> HttpResponse:
    """Follow a ticket by number and code."""
    form = FollowForm(request.GET if "number" in request.GET else None)
    found = opened(request, form) if form.is_bound else None
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": form})
    return status(request, *found)


def status(
    request: HttpRequest, ticket: Ticket, reporter: Reporter, *, refused: dict[str, Any] | None = None
) -> HttpResponse:
    """The ticket as its reporter sees it; for a merged one, the progress of the ticket it was merged into."""
    told = history(ticket.merged_into or ticket)
    view = reporter_view.of_reporter(reporter, ticket, told)
    sayings = offered(ticket, reporter, timezone.now())
    if refused:  # show the form again as typed, even if the move is no longer possible
        sayings = [one for one in sayings if one["verb"] != refused["verb"]]
        sayings.insert(0, _saying(refused["verb"], refused["form"]))
    if not view.author:
        sayings = [_as_follower(one) for one in sayings]
    remarks, asked = view.remarks(), view.asked()
    stands = state_words.standing(view.subject.state, view.subject.outcome, asked=asked)
    context = {
        "asked": asked,
        "author": view.author,
        "answers": question_queries.read(ticket) if view.author else [],
        "ticket": view.subject,
        "own": ticket,
        "reporter": reporter,
        "steps": steps_of(view.subject, told, standing=stands),
        "step_due": view.step_due(),
        "remarks": remarks,
        "photos": view.photos(),
        "question": reporter_view.question_of(remarks),
        "rated": view.rated(),
        "rate_link": _rate_link(request, view.subject, reporter),
        "sayings": sayings,
        "form": refused and refused["form"],
    }
    return unkept(pages.respond(request, "tickets/portal/track.html", context))


@pages.page
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo that this reporter sent, opened by number and code."""
    found = opened(request, FollowForm(request.GET))
    sent = reporter_view.of_reporter(found[1], found[0]).photos() if found else []
    kept = next((one for one in sent if one.pk == pk), None)
    if kept is None:
        raise Missing(_("没有这张照片"))
    return unkept(pages.picture(settings.MEDIA_ROOT / kept.path))


@require_POST
@pages.page
def say(request: HttpRequest, verb: str) -> HttpResponse:
    """Make one of the reporter's moves, by number and code; a refused form keeps what was typed."""
    if verb not in SAYINGS:
        raise Missing(_("没有这个动作"))
    form = SayForm(request.POST, request.FILES, verb=verb)
    if {"number", "code"} & set(form.errors):
        raise Missing(_("请从“查进度”打开要办的事项"))
    found = opened(request, form)
    if found is None and {"text", "photos"} & set(form.errors):
        keys = FollowForm(request.POST)
        if found := opened(request, keys):
            return status(request, *found, refused={"verb": verb, "form": form})
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": form})
    ticket, reporter = found
    if reporter.left_at is not None:
        raise Missing(_("您已不再关注这件事项"))
    with pages.catching(form, TooOften):
        keys = {f"add:{request.tenant.pk}:{reporter.pk}": ADDED_AN_HOUR}
        if verb == "add" and limits.reached(keys):
            raise TooOften(_("一小时内补充的次数已到上限，请稍后再提交。"))
        _said(ticket, verb, form, by=reporter_of(ticket, reporter))
        if verb == "add":
            limits.count(keys, HOUR)
        left = verb == "withdraw" and not reporter_view.of_reporter(reporter, ticket).author
        messages.success(request, LEFT if left else SAID[verb])
        address = reverse("portal:track", kwargs={"tenant": request.tenant.slug})
        query = urlencode({"number": ticket.number, "code": reporter.code})
        return HttpResponseRedirect(f"{address}?{query}")
    return status(request, ticket, reporter, refused={"verb": verb, "form": form})


def _said(ticket: Ticket, verb: str, form: SayForm, *, by: Actor) -> None:
    text, at = form.cleaned_data["text"], timezone.now()
    if verb in with_photos.SAID:
        whole = ticket.merged_into or ticket
        with_photos.say(whole, verb, form.cleaned_data["photos"], by=by, at=at, text=text)
    else:
        actions.VERBS[verb](ticket, by=by, at=at, **{SAYINGS[verb][3]: text})


def opened(request: HttpRequest, form: FollowForm) -> tuple[Ticket, Reporter] | None:
    """The ticket and the reporter for number and code, or None with the reason in the form."""
    if not form.is_valid():
        return None
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    address = get_client_ip_address(request)
    keys = {
        f"follow:{request.tenant.pk}:{address}:{number}": GUESSES,
        f"follow:{request.tenant.pk}:{address}": GUESSES_IN_ALL,
    }
    if limits.reached(keys):
        form.add_error(None, _("查询码输错次数太多，请 15 分钟后再试。"))
        form.status = 429
        return None
    found = _of_code(number, code)
    if found is None:
        limits.count(keys, WINDOW)
        form.add_error(None, _("编号与查询码对不上，请核对回执。"))
        form.status = 404
    return found


def _of_code(number: str, code: str) -> tuple[Ticket, Reporter] | None:
    related = ("category", "area", "holder_unit", "lead_unit", "merged_into")
    ticket = Ticket.objects.filter(number=number).select_related(*related).first()
    if ticket is None:
        return None
    for reporter in ticket.reporters.filter(member=None).order_by("id"):
        if constant_time_compare(reporter.code, code):
            return ticket, reporter
    return None


def _rate_link(request: HttpRequest, ticket: Ticket, reporter: Reporter) -> str:
    """The address at which this reporter can rate, or empty if there is nothing to rate."""
    if (
        ticket.state != State.RATING
        or Rating.objects.filter(reporter=reporter, round=ticket.reworks).exists()
    ):
        return ""
    token = rating_links.token_of(reporter, ticket.reworks)
    return reverse("portal:rate", kwargs={"tenant": request.tenant.slug, "token": token})
