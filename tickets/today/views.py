"""The first page of the desk, the way to the next task, and the morning brief."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from governance.access.permissions import Permission
from governance.web import pages
from governance.web.context import unread_of
from tickets.states import OPEN, State
from tickets.today import queries
from tickets.today.brief import Brief
from tickets.today.brief import brief as brief_of
from tickets.today.groups import groups_of
from tickets.today.instructions import instructions_of
from tickets.today.streets import by_street


@pages.desk
def home(request: HttpRequest) -> HttpResponse:
    """The member's tasks: counted, and by the time left."""
    actor, at = request.actor, timezone.now()
    groups = groups_of(actor, at)
    context = {
        "rows": queries.rows(actor, at, beside=[one.condition for one in groups]),
        "groups": groups,
        "counters": queries.counters(actor, at, unread_of(request)),
        "overseen": queries.overseen(actor, at),
        "streets": by_street(actor, at),
        "instructions": instructions_of(actor),
        "now": at,
        "sets_up": bool(actor.grants_with(Permission.SETTINGS_EDIT)),
    }
    return pages.respond(request, "tickets/today/home.html", context, fragment="tickets/today/_rows.html")


@pages.desk
def onward(request: HttpRequest) -> HttpResponse:
    """Redirect to the next task other than the ticket `after`, with its form open; else to the first page."""
    after, slug = request.GET.get("after", ""), request.tenant.slug
    found = queries.rows(request.actor, timezone.now(), size=2)
    row = next((row for row in found if row["number"] != after), None)
    if row is None:
        messages.info(request, _("暂无其他待办事项。"))
        return HttpResponseRedirect(reverse("desk:home", kwargs={"tenant": slug}))
    address = reverse("desk:ticket", kwargs={"tenant": slug, "number": row["number"]})
    return HttpResponseRedirect(f"{address}?move={row['verb']}#move" if row["verb"] else address)


@pages.desk
def brief(request: HttpRequest) -> HttpResponse:
    """New since yesterday's brief, due today, and overdue; made for printing."""
    held = ",".join(sorted(OPEN - {State.RATING}))
    made = brief_of(request.actor, timezone.now())
    since = made.span.since.isoformat()
    opens = {
        "new": {"todo": 1, "since": since},
        "due": {"todo": 1, "today": 1, "order": "due"},
        "late": {"todo": 1, "overdue": 1, "order": "due"},
    }
    context = {
        "brief": made,
        "held": held,
        "headline": _headline(made),
        "opens": {name: urlencode(query) for name, query in opens.items()},
        "streets": by_street(request.actor, made.span.at),
        "instructions": instructions_of(request.actor),
        "own": any(part.count for part in made.own.values()) or not queries.only_supervises(request.actor),
    }
    return pages.respond(request, "tickets/today/brief.html", context)


def _headline(made: Brief) -> list[tuple[str, int, str]]:
    """Figures of the areas that the member oversees: label, number, and the filters that list the tickets."""
    if made.places is None:
        return []
    parts = [
        ("open", _("在办"), {}),
        ("new", _("新增"), {"created_after": made.span.since.isoformat()}),
        ("due", _("今日到期"), {"today": 1, "order": "due"}),
        ("late", _("超期"), {"overdue": 1, "order": "due"}),
    ]
    where = {"open": 1, **({"area": made.area} if made.area else {})}
    return [(label, made.places[name], urlencode({**where, **query})) for name, label, query in parts]
