"""The desk's first page: what must I do now; and the morning brief."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from governance import pages
from governance.access.context import unread_of
from governance.access.permissions import Permission
from tickets import today
from tickets.brief import brief as brief_of


@pages.desk
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me: counted, and by the time left."""
    actor, at = request.actor, timezone.now()
    context = {
        "rows": today.rows(actor, at),
        "counters": today.counters(actor, at, unread_of(request)),
        "overseen": today.overseen(actor, at),
        "now": at,
        "sets_up": bool(actor.grants_with(Permission.SETTINGS_EDIT)),
    }
    return pages.respond(request, "tickets/desk_home.html", context, fragment="tickets/_today.html")


@pages.desk
def brief(request: HttpRequest) -> HttpResponse:
    """What is new since yesterday's brief, due today, and overdue; made to be printed."""
    return pages.respond(request, "tickets/brief.html", {"brief": brief_of(request.actor, timezone.now())})
