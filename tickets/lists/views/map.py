"""The map of the member's area: tickets in clusters or single, outlines of areas, a list of the view."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Missing
from governance.web import pages
from grids.areas import bounds
from grids.areas.outlines import around, box_of, collection
from grids.models import Level
from tickets.lists import map as desk_map
from tickets.lists.filters import filters_for
from tickets.lists.words import options
from tickets.ticket import queries

LEVELS = {Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID}


def _paths(actor: Actor) -> list[str]:
    return actor.area_paths(Permission.TICKET_READ)


@pages.desk
def page(request: HttpRequest) -> HttpResponse:
    """The map with its filters; the list next to it follows what is in view."""
    paths = _paths(request.actor)
    offered = options()
    context = {
        "options": {name: offered[name] for name in ("state", "category", "tier", "channel")},
        "given": request.GET,
        "box": box_of(paths) if paths else box_of(None),
    }
    return pages.respond(request, "tickets/lists/map.html", context)


@pages.desk
def data(request: HttpRequest) -> HttpResponse:
    """The tickets in view: `bbox` (default: the world), `zoom`, and the filters of the list."""
    box = desk_map.Box.of(request.GET.get("bbox") or desk_map.WORLD)
    zoom = desk_map.zoom_of(request.GET.get("zoom") or "0")
    found = desk_map.shown(request.actor, filters_for(request.GET, request.actor), box, zoom, timezone.now())
    answer = JsonResponse(found)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@pages.desk
def outlines(request: HttpRequest) -> HttpResponse:
    """The outlines of the areas that the member may read, as GeoJSON."""
    paths = _paths(request.actor)
    answer = JsonResponse(collection(paths, LEVELS))
    patch_cache_control(answer, private=True, max_age=300)
    return answer


@pages.desk
def place(request: HttpRequest, number: str) -> HttpResponse:
    """The point of one ticket, and the outline of the nearest area around it that has one."""
    ticket = queries.detail(request.actor, number)
    if ticket is None:
        raise Missing(_("工单不存在或您无权查看"))
    area = ticket.area
    lat, lng = (ticket.lat, ticket.lng) if ticket.lat is not None else (area and area.lat, area and area.lng)
    outside = lat is not None and not bounds.contains(float(lat), float(lng))
    shown = lat is not None and not outside
    answer = JsonResponse(
        {
            "point": {"lat": float(lat), "lng": float(lng), "own": ticket.lat is not None} if shown else None,
            "outside": _("标注的位置不在本区县范围内，请与反映人核实") if outside else "",
            "outline": around(ticket.area_path),
        }
    )
    patch_cache_control(answer, private=True, max_age=60)
    return answer
