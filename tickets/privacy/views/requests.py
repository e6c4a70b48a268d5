"""Decide the requests of residents about their personal information, and read the log of unmasked reporters."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Conflict
from governance.events.models import Event
from governance.web import pages
from tickets.privacy.actions import requests as privacy
from tickets.privacy.models import DataRequest
from tickets.privacy.queries import requests_for
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket, sealed_from

ROWS = 50


@pages.desk_with(Permission.PRIVACY_DECIDE)
def requests(request: HttpRequest) -> HttpResponse:
    """The requests of residents: open ones by due time, then decided ones."""
    rows = requests_for(request.actor).select_related("ticket", "reporter", "decided_by")
    context = {
        "open": rows.filter(state=DataRequest.State.OPEN).order_by("due_at", "id")[:ROWS],
        "decided": rows.exclude(state=DataRequest.State.OPEN).order_by("-decided_at")[:ROWS],
        "now": timezone.now(),
    }
    return pages.unkept(pages.respond(request, "tickets/privacy/requests.html", context))


@require_POST
@pages.desk
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a request, or refuse it with a reason."""
    act = privacy.grant if request.POST.get("decision") == "grant" else privacy.refuse
    try:
        act(pk, by=request.actor, at=timezone.now(), answer=request.POST.get("answer", ""))
    except (Conflict, privacy.Invalid) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已答复。"))
    return HttpResponseRedirect(reverse("desk:privacy", kwargs={"tenant": request.tenant.slug}))


@pages.desk_with(Permission.LOG_READ)
def reads(request: HttpRequest) -> HttpResponse:
    """The log of unmasked reporters: member, time, ticket and reason, newest first."""
    sealed = sealed_from(request.actor)
    hidden = Ticket.objects.filter(sealed).values("pk") if sealed else []
    events = (
        Event.objects.filter(kind="ticket.unmasked").exclude(subject_id__in=hidden).order_by("-at", "-pk")
    )
    page = Paginator(events, ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    people = Member.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    numbers = dict(Ticket.objects.filter(pk__in={row.subject_id for row in rows}).values_list("pk", "number"))
    reasons = dict(
        Remark.objects.filter(pk__in={row.facts.get("remark") for row in rows} - {None}).values_list(
            "pk", "text"
        )
    )
    page.object_list = [
        {
            "at": row.at,
            "who": people[row.actor_id].name if row.actor_id in people else "",
            "number": numbers.get(row.subject_id, ""),
            "reason": reasons.get(row.facts.get("remark"), ""),
        }
        for row in rows
    ]
    return pages.respond(request, "tickets/privacy/unmaskings.html", {"page": page})
