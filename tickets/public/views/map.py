"""The public map of tickets (身边事); the same tickets as on the public list."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode

from governance.web import pages
from grids.areas.outlines import box_of, collection
from grids.models import Level
from tickets.public import map as public_map
from tickets.public import queries
from tickets.public.views.matters import filters_of, offered

LEVELS = {Level.DISTRICT, Level.STREET, Level.COMMUNITY}
NAMES = ("area", "category", "state")


@pages.page
def page(request: HttpRequest) -> HttpResponse:
    """The map, and the newest tickets as a list that follows what is selected on the map."""
    found = queries.page(filters_of(request.GET), by=request.actor, at=timezone.now())
    context = {"rows": found.rows, "more": found.next, **offered(request.GET)}
    context["box"] = box_of(None)
    return render(request, "tickets/public/map.html", context)


@pages.page
def data(request: HttpRequest) -> HttpResponse:
    """The number of tickets per square, with the filters of the list."""
    key = urlencode([(name, request.GET.get(name, "")) for name in NAMES])
    found = public_map.squares(filters_of(request.GET), key, by=request.actor, at=timezone.now())
    answer = JsonResponse({"squares": found})
    patch_cache_control(answer, private=True, max_age=public_map.KEPT_FOR)
    return answer


@pages.page
def square(request: HttpRequest) -> HttpResponse:
    """The newest tickets of one square, as a fragment."""
    inside = public_map.square(request.GET.get("lat", ""), request.GET.get("lng", ""))
    narrowed = replace(filters_of(request.GET), box=inside)
    found = queries.page(narrowed, by=request.actor, at=timezone.now())
    return render(request, "tickets/public/_matters.html", {"rows": found.rows})


@pages.page
def outlines(request: HttpRequest) -> HttpResponse:
    """The outlines of the district, its streets and communities, as GeoJSON."""
    answer = JsonResponse(collection(None, LEVELS))
    patch_cache_control(answer, private=True, max_age=300)
    return answer
