"""The desk: my work, the list, one ticket, the inbox."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance import pages
from governance.access.actors import Actor
from governance.access.context import unread_key
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.access.secrets import keyed_hash
from governance.errors import Missing
from governance.events import lines, notices
from governance.events.models import Notice
from grids import choices as territory
from tickets import choices, queries, timing
from tickets.listing import filters_of
from tickets.models import Attachment, Reporter, Ticket
from tickets.queries import NEAR, Filters
from tickets.states import Channel, State, Tier

HOME_ROWS = 20
INBOX_ROWS = 50
FOUND = 500  # tickets of one phone number, the latest


@pages.desk
def home(request: HttpRequest) -> HttpResponse:
    """My work: what waits, counted and by nearest due time."""
    actor, at = request.actor, timezone.now()
    verifies = bool(actor.grants_with(Permission.TICKET_VERIFY))
    lists = [(_("待我办"), "mine=1&order=due", Filters(mine=True, by_due=True))]
    if verifies:
        lists.append((_("待核实、待评单"), "state=resolved,rating&order=due", _to_verify()))
    if not actor.grants_with(Permission.TICKET_HANDLE):
        lists.append((_("辖区内超期"), "overdue=1&order=due", Filters(overdue=True, by_due=True)))
    shown = [
        (title, link, timing.with_left(queries.page(actor, filters, at=at, size=HOME_ROWS).rows, at))
        for title, link, filters in lists
    ]
    context = {"lists": shown, "counts": _counts(actor, at), "verifies": verifies, "now": at}
    return pages.respond(request, "tickets/desk_home.html", context)


def _to_verify() -> Filters:
    return Filters(state=(State.RESOLVED, State.RATING), by_due=True)


def _counts(actor: Any, at: Any) -> dict[str, int]:
    """What waits for the actor's units and places, in one statement."""
    mine = Q(holder_unit_id__in=sorted(actor.unit_ids)) & ~Q(state=State.CLOSED)
    verify = below("area_path", actor.area_paths(Permission.TICKET_VERIFY)) & Q(
        state__in=[State.RESOLVED, State.RATING]
    )
    return (
        Ticket.objects.visible_to(actor)
        .filter(mine | verify)
        .aggregate(
            held=Count("pk", filter=mine),
            near=Count("pk", filter=mine & Q(due_at__gte=at, due_at__lt=at + NEAR)),
            late=Count("pk", filter=mine & Q(due_at__lt=at)),
            returned=Count("pk", filter=mine & Q(returns__gt=0, state__in=[State.ESCALATED, State.REFERRED])),
            assigned=Count("pk", filter=mine & Q(lead_member_id=actor.member_id)),
            verify=Count("pk", filter=verify),
        )
    )


@pages.desk
def tickets(request: HttpRequest) -> HttpResponse:
    """The list; its filters are its address."""
    at = timezone.now()
    filters = _by_phone(filters_of(request.GET), request.actor)
    found = queries.page(request.actor, filters, at=at, cursor=request.GET.get("cursor"))
    options = _options()
    context = {
        "rows": timing.with_left(found.rows, at),
        "next": found.next,
        "options": options,
        "chips": _chips(request.GET, options),
        "given": request.GET,
    }
    return pages.respond(request, "tickets/ticket_list.html", context, fragment="tickets/_ticket_rows.html")


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
    "mine": "待我单位办",
    "overdue": "超期",
    "near": "临期",
    "returned": "退回",
    "assigned": "指派给我",
}


def _chips(given: Any, options: dict[str, tuple[str, list[Any]]]) -> list[tuple[str, str]]:
    """One chip per active filter: (parameter, words)."""
    chips = [(name, _(label)) for name, label in FLAGS.items() if given.get(name) == "1"]
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


@pages.desk
def inbox(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first; `?digest=` opens what was gathered under one line."""
    given = request.GET.get("digest", "")
    digest = int(given) if given.isdecimal() and len(given) < 19 else None
    found = Notice.objects.filter(member_id=request.actor.member_id, digest=digest)
    page = Paginator(found.order_by("-created_at", "-pk"), INBOX_ROWS).get_page(request.GET.get("page"))
    page.object_list = lines.told(page.object_list, request.actor, timezone.now())
    return pages.respond(request, "tickets/inbox.html", {"page": page, "digest": digest})


@require_POST
@pages.desk
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one notice, or all, as read; from a notice the way leads to its matter."""
    actor, tenant = request.actor, request.tenant
    chosen = [int(pk) for pk in request.POST.getlist("notice") if pk.isdecimal() and len(pk) < 19]
    notices.mark_read(actor.member_id, chosen or None, timezone.now())
    cache.delete(unread_key(tenant.pk, actor.member_id))
    opened = Notice.objects.filter(pk__in=chosen, member_id=actor.member_id).first()
    if opened and opened.address and request.POST.get("open"):
        return HttpResponseRedirect(f"/{tenant.slug}/{opened.address}")
    return HttpResponseRedirect(reverse("desk:inbox", kwargs={"tenant": tenant.slug}))
