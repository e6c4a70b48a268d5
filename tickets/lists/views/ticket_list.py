"""The list of tickets."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from governance.access import policy
from governance.access.permissions import Permission
from governance.web import pages
from grids.units import initials as pinyin
from tickets.catalog import tree as category_tree
from tickets.lists import changes, columns, words
from tickets.lists import queries as list_queries
from tickets.lists.filters import address_of, filters_for
from tickets.ticket import numbers, queries, timing
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.models import Whistle

MAX_EXACT_COUNT = 1000  # the highest exact count
#: Filters set by a counter or the map, without a field in the filter row; other filters do not clear them.
CARRIED = (
    "open",
    "todo",
    "returned",
    "assigned",
    "touched",
    "approving",
    "verifying",
    "today",
    "since",
    "bbox",
)


@pages.desk
def tickets(request: HttpRequest) -> HttpResponse:
    """The list; its address holds its filters. A complete number opens that ticket or whistle."""
    if request.GET.keys() == {"q"} and not request.htmx and (address := _address_of(request)):
        return HttpResponseRedirect(address)
    return render_list(request)


def _address_of(request: HttpRequest) -> str:
    """The page of the ticket or whistle whose number is searched for, if the actor may see it; else empty."""
    wanted = numbers.numbers_in(request.GET["q"])
    if not wanted:
        return ""
    for model, page in ((Ticket, "desk:ticket"), (Whistle, "desk:whistle")):
        if (
            number := model.objects.visible_to(request.actor)
            .filter(number__in=wanted)
            .values_list("number")
            .first()
        ):
            return reverse(page, kwargs={"tenant": request.tenant.slug, "number": number[0]})
    return ""


def render_list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """Render the list for the request's filters, in the reader's columns."""
    at, given, by = timezone.now(), request.GET, request.actor
    filters = filters_for(given, by)
    found = queries.page(by, filters, at=at, cursor=given.get("cursor"))
    options, views = words.options(), list_queries.views_seen_by(by)
    view = list_queries.open_view(views, given.get("view", ""), by)
    chosen = columns.chosen(view.columns if view else "")
    context = {
        "rows": timing.with_left(found.rows, at),
        "next": found.next,
        "total": None if found.next or given.get("cursor") else len(found.rows),
        "options": options,
        "tabs": words.TABS,
        "chips": words.chips(given, options),
        "given": given,
        "carried": [name for name in CARRIED if given.get(name)],
        "may_report": policy.holds(by, Permission.TICKET_REPORT),
        "by_letters": pinyin.find(given.get("q", "")),
        "query_now": address_of(given),
        "views": [one for one in views if one.name],
        "view": view if view and view.name else None,
        "columns": chosen,
        "columns_shown": {column.code for column in chosen},
        "columns_every": list(columns.EVERY.values()),
        "layout": columns.layout(chosen),
        "seen": changes.stamps_of(found.rows),
        "fewer_words": [] if found.rows else words.fewer(given.get("q", "")),
        "columns_now": ",".join(column.code for column in chosen),
        **more,
    }
    fragment = "tickets/lists/_rows.html"
    return pages.respond(request, "tickets/lists/list.html", context, fragment=fragment, status=status)


@pages.desk
def count(request: HttpRequest) -> HttpResponse:
    """Count the tickets that match the filters, for a list with more than one page."""
    filters = filters_for(request.GET, request.actor)
    total = queries.count(request.actor, filters, at=timezone.now(), most=MAX_EXACT_COUNT + 1)
    return pages.respond(
        request,
        "tickets/lists/_count.html",
        {"total": min(total, MAX_EXACT_COUNT), "over": total > MAX_EXACT_COUNT},
    )


@pages.desk
def changed_rows(request: HttpRequest) -> HttpResponse:
    """The rows of an open list that have changed since, each for its place, and the next request."""
    found = changes.changes(request.GET.get("seen", ""), request.actor, timezone.now())
    shown = request.GET.get("columns", "")
    context = {"fresh": found, "seen": found.seen, "columns": columns.chosen(shown), "columns_now": shown}
    return pages.respond(request, "tickets/lists/_changed_rows.html", context)


@pages.desk
def initials(request: HttpRequest) -> HttpResponse:
    """The first letters (pinyin) of the characters in the district's names, to filter long selects."""
    answer = JsonResponse(pinyin.letters() | category_tree.letters())
    patch_cache_control(answer, private=True, max_age=3600)
    return answer
