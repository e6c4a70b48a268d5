"""Residents' moves on a reported ticket: answer a question, add a remark, withdraw, have it done again."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.errors import Missing, TooOften
from governance.web import limits, pages
from governance.web.limits import HOUR
from governance.web.pages import unkept
from tickets.orders import actions
from tickets.orders.actions import rating_links, with_photos
from tickets.portal import reporter_view
from tickets.portal.access import open_by_code, reporter_of
from tickets.portal.forms import FollowForm
from tickets.portal.sayings import (
    SAYINGS,
    SayForm,
    as_follower,
    available_moves,
    in_residents_words,
    saying_of,
)
from tickets.public import state_words
from tickets.questions import queries as question_queries
from tickets.states import State
from tickets.ticket import kept_photos
from tickets.ticket import queries as ticket_queries
from tickets.ticket.decoding import MOST_BODY
from tickets.ticket.history import history, steps_of
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

ADDED_AN_HOUR = 10

#: The message on the next page, by verb.
SAID = {
    "reply": gettext_lazy("补充情况已提交承办单位，谢谢！"),
    "add": gettext_lazy("补充情况已提交承办单位，谢谢！"),
    "withdraw": gettext_lazy("已撤回，不再办理。"),
    "reopen": gettext_lazy("已要求重新办理。"),
}
LEFT = gettext_lazy("已不再关注，反映人的事项照常办理。")


@pages.page
def track(request: HttpRequest) -> HttpResponse:
    """Follow a ticket by number and code."""
    form = FollowForm(request.GET if "number" in request.GET else None)
    found = open_by_code(request, form) if form.is_bound else None
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": form})
    return status(request, *found)


def status(
    request: HttpRequest, ticket: Ticket, reporter: Reporter, *, refused: dict[str, Any] | None = None
) -> HttpResponse:
    """The ticket as its reporter sees it; for a merged one, the progress of the ticket it was merged into."""
    told = history(ticket.merged_into or ticket)
    view = reporter_view.view_of(reporter, ticket, told)
    sayings = available_moves(ticket, reporter, timezone.now())
    stale = refused and refused["verb"] == "withdraw" and getattr(refused["form"], "status", 400) == 409
    if refused and not stale:  # show the form again as typed, even if the move is no longer possible
        sayings = [one for one in sayings if one["verb"] != refused["verb"]]
        sayings.insert(0, saying_of(refused["verb"], refused["form"]))
    if not view.author:
        sayings = [as_follower(one) for one in sayings]
    remarks, asked = view.remarks(), view.asked()
    stands = state_words.state_in_plain_words(view.subject.state, view.subject.outcome, asked=asked)
    context = {
        "asked": asked,
        "author": view.author,
        "answers": question_queries.read_answers(ticket) if view.author else [],
        "ticket": view.subject,
        "own": ticket,
        "reporter": reporter,
        "steps": steps_of(view.subject, told, standing=stands),
        "step_due": view.step_due(),
        "remarks": remarks,
        "photos": view.photos(),
        "results": view.results(),
        "question": reporter_view.question_of(remarks),
        "rated": view.rated(),
        "rate_link": _rate_link(request, view.subject, reporter),
        "sayings": sayings,
        "stale": stale,
        "form": refused and refused["form"],
    }
    return unkept(pages.respond(request, "tickets/portal/track.html", context))


@pages.page
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo that this reporter sent, or one of the finished work, opened by number and code."""
    found = open_by_code(request, FollowForm(request.GET))
    view = reporter_view.view_of(found[1], found[0]) if found else None
    shown = [*view.photos(), *view.results()] if view else []
    kept = next((one for one in shown if one.pk == pk), None)
    if kept is None:
        raise Missing(_("该照片不存在"))
    return unkept(pages.picture(settings.MEDIA_ROOT / kept.path))


@pages.takes(MOST_BODY)
@require_POST
@pages.page
def say(request: HttpRequest, verb: str) -> HttpResponse:
    """Make one of the reporter's moves, by number and code; a refused form keeps what was typed."""
    if verb not in SAYINGS:
        raise Missing(_("该操作不存在"))
    form = SayForm(request.POST, kept_photos.files_of(request), verb=verb)
    if {"number", "code"} & set(form.errors):
        raise Missing(_("请从“查进度”打开要办的事项"))
    found = open_by_code(request, form)
    if found is None and {"text", "photos"} & set(form.errors):
        keys = FollowForm(request.POST)
        if found := open_by_code(request, keys):
            kept_photos.keep(request, form)
            return status(request, *found, refused={"verb": verb, "form": form})
    if found is None:
        return pages.respond(request, "tickets/portal/find.html", {"form": form})
    ticket, reporter = found
    if reporter.left_at is not None:
        raise Missing(_("您已取消关注该事项"))
    with pages.catching(form, TooOften):
        keys = {f"add:{request.tenant.pk}:{reporter.pk}": ADDED_AN_HOUR}
        if verb == "add" and limits.reached(keys):
            raise TooOften(_("一小时内补充的次数已到上限，请稍后再提交。"))
        with in_residents_words(verb, ticket):
            _said(ticket, verb, form, by=reporter_of(ticket, reporter))
        kept_photos.done(request)
        if verb == "add":
            limits.count(keys, HOUR)
        left = verb == "withdraw" and not reporter_view.view_of(reporter, ticket).author
        messages.success(request, LEFT if left else SAID[verb])
        address = reverse("portal:track", kwargs={"tenant": request.tenant.slug})
        query = urlencode({"number": ticket.number, "code": reporter.code})
        return HttpResponseRedirect(f"{address}?{query}")
    kept_photos.keep(request, form)
    return status(request, ticket, reporter, refused={"verb": verb, "form": form})


def _said(ticket: Ticket, verb: str, form: SayForm, *, by: Actor) -> None:
    text, at = form.cleaned_data["text"], timezone.now()
    if verb in with_photos.WITH_PHOTOS:
        whole = ticket.merged_into or ticket
        with_photos.add_with_photos(whole, verb, form.cleaned_data["photos"], by=by, at=at, text=text)
    else:
        actions.VERBS[verb](ticket, by=by, at=at, **{SAYINGS[verb][3]: text})


def _rate_link(request: HttpRequest, ticket: Ticket, reporter: Reporter) -> str:
    """The address at which this reporter can rate, or empty if there is nothing to rate."""
    if (
        ticket.state != State.RATING
        or not ticket_queries.raters(ticket).filter(pk=reporter.pk).exists()
        or Rating.objects.filter(reporter=reporter, round=ticket.reworks).exists()
    ):
        return ""
    token = rating_links.token_of(reporter, ticket.reworks)
    return reverse("portal:rate", kwargs={"tenant": request.tenant.slug, "token": token})
