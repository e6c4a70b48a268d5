"""The list of tickets, and their files."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import pages
from governance.access.actors import Actor
from governance.access.secrets import keyed_hash
from governance.errors import Missing
from grids import choices as territory
from tickets import choices, columns, fresh, queries, saved, timing
from tickets.listing import address_of, filters_of
from tickets.models import Attachment, Reporter, Ticket
from tickets.queries import Filters
from tickets.states import Channel, State, Tier

FOUND = 500  # tickets of one phone number, the latest


@pages.desk
def tickets(request: HttpRequest) -> HttpResponse:
    """The list; its filters are its address."""
    return shown(request)


def shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The list of the request's own address, in the reader's columns."""
    at, given, by = timezone.now(), request.GET, request.actor
    filters = _by_phone(filters_of(given), by)
    found = queries.page(by, filters, at=at, cursor=given.get("cursor"))
    options, views = _options(), saved.seen_by(by)
    view = saved.open_one(views, given.get("view", ""), by)
    chosen = columns.chosen(view.columns if view else "")
    context = {
        "rows": timing.with_left(found.rows, at),
        "next": found.next,
        "options": options,
        "chips": _chips(given, options),
        "given": given,
        "query_now": address_of(given),
        "views": [one for one in views if one.name],
        "view": view if view and view.name else None,
        "columns": chosen,
        "columns_shown": {column.code for column in chosen},
        "columns_every": list(columns.EVERY.values()),
        "layout": columns.layout(chosen),
        "seen": fresh.seen(found.rows),
        "columns_now": ",".join(column.code for column in chosen),
        **more,
    }
    fragment = "tickets/_ticket_rows.html"
    return pages.respond(request, "tickets/ticket_list.html", context, fragment=fragment, status=status)


@pages.desk
def freshened(request: HttpRequest) -> HttpResponse:
    """The rows of an open list that a colleague has changed, each for its place, and the next question."""
    found = fresh.since(request.GET.get("seen", ""), request.actor, timezone.now())
    shown = request.GET.get("columns", "")
    context = {"fresh": found, "seen": found.seen, "columns": columns.chosen(shown), "columns_now": shown}
    return pages.respond(request, "tickets/_fresh.html", context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Among(Filters):
    """A list narrowed to tickets that were found before, by their ids."""

    ids: tuple[int, ...]

    def condition(self, actor: Actor, at: datetime) -> Q:
        return Filters.condition(self, actor, at) & Q(pk__in=self.ids)


def _by_phone(filters: Filters, actor: Actor) -> Filters:
    """Words that are a whole phone number find what was reported from it; else they stay words.

    Who reported anonymously is not found so: knowing a number must not tell who it was.
    """
    phone = re.sub(r"[\s-]", "", filters.q)
    if not re.fullmatch(r"(\+86)?\d{7,15}", phone):
        return filters
    bare = phone.removeprefix("+86")
    hashes = [keyed_hash(written, "phone") for written in (bare, f"+86{bare}")]
    people = Reporter.objects.filter(phone_hash__in=hashes, anonymous=False, member=None)
    seen = people.filter(ticket__in=Ticket.objects.visible_to(actor)).order_by("-id")
    ids = tuple(seen.values_list("ticket_id", flat=True)[:FOUND])
    given = {each.name: getattr(filters, each.name) for each in fields(filters)}
    return Among(**{**given, "q": ""}, ids=ids) if ids else filters


def _options() -> dict[str, tuple[str, list[Any]]]:
    """The selects of the filter row: parameter -> label and choices."""
    areas = [(place.code, place.name) for place in territory.places()]
    return {
        "state": (_("状态"), State.choices),
        "category": (_("类别"), choices.every()),
        "area": (_("地方"), areas),
        "holder": (_("责任单位"), territory.units()),
        "tier": (_("紧急程度"), Tier.choices),
        "channel": (_("来源"), Channel.choices),
    }


FLAGS = {
    "todo": gettext_lazy("待我办"),
    "mine": gettext_lazy("本单位承办"),
    "overdue": gettext_lazy("超期"),
    "near": gettext_lazy("临期"),
    "returned": gettext_lazy("退回"),
    "assigned": gettext_lazy("指派给我"),
    "approving": gettext_lazy("待我审批"),
    "verifying": gettext_lazy("待核实"),
}


def _chips(given: Any, options: dict[str, tuple[str, list[Any]]]) -> list[tuple[str, str]]:
    """One chip per active filter: (parameter, words)."""
    chips = [(name, str(label)) for name, label in FLAGS.items() if given.get(name) == "1"]
    for name, (label, offered) in options.items():
        if value := given.get(name):
            words = dict(offered)
            chips.append((name, f"{label}：" + "、".join(str(words.get(v, v)) for v in value.split(","))))
    if q := given.get("q", "").strip():
        chips.append(("q", f"{_('关键词')}：{q}"))
    return chips


@pages.desk
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a ticket, for who may see the ticket."""
    kept = Attachment.objects.filter(pk=pk, ticket__in=Ticket.objects.visible_to(request.actor)).first()
    path = settings.MEDIA_ROOT / kept.path if kept else None
    if path is None or not path.is_file():
        raise Missing(_("没有这张照片"))
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
