"""Public pages of a district: the list of tickets, and each street and community with its figures."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access import secrets
from governance.errors import Invalid, Missing
from governance.web import pages
from grids import choices as territory
from grids.models import Level
from grids.units import serving
from tickets.catalog import choices
from tickets.public import figures, queries
from tickets.states import State
from tickets.ticket.queries import Filters

#: Filter of the public list by state, in addition to area and category.
STATES = {"open": gettext_lazy("正在办理"), "closed": gettext_lazy("已办结")}


@pages.page
def matters(request: HttpRequest) -> HttpResponse:
    """身边事: public tickets nearby and their results; the address holds the filters."""
    given = request.GET
    found = queries.page(
        filters_of(given), by=request.actor, at=timezone.now(), cursor=_opened(given.get("cursor"))
    )
    context = {"rows": found.rows, "next": found.next and secrets.encrypt(found.next), **offered(given)}
    return pages.respond(request, "tickets/public/matters.html", context)


def offered(given: Mapping[str, str]) -> dict[str, Any]:
    """Template context for the filters: the choices, the given values, and the names of the chosen ones."""
    places = [place for place in territory.places() if place.level != Level.DISTRICT]
    categories = choices.every(queries.hidden_category_ids())
    named = {
        "area": {place.code: place.name for place in places},
        "category": dict(categories),
        "state": STATES,
    }
    chosen = [word for name, words in named.items() if (word := words.get(given.get(name, "")))]
    return {"given": given, "chosen": chosen, "places": places, "categories": categories}


def _opened(cursor: str | None) -> str | None:
    """Decrypt the cursor of the list. It is encrypted because it holds the exact time of a report."""
    try:
        return secrets.decrypt(cursor) if cursor else None
    except ValueError as error:
        raise Invalid(_("翻页标记无效"), code="bad_cursor", field="cursor") from error


@pages.page
def areas(request: HttpRequest) -> HttpResponse:
    """我的社区: choose a community or a street, then redirect to its page."""
    code = request.GET.get("area", "")
    if code:
        return HttpResponseRedirect(_page_of(request, _place(code).code))
    context = {"groups": territory.communities(), "streets": _places(Level.STREET)}
    return render(request, "tickets/public/areas.html", context)


@pages.page
def area(request: HttpRequest, code: str) -> HttpResponse:
    """A community or a street: its units, and its figures of this quarter; raises Missing for other areas."""
    place, at = _place(code), timezone.now()
    inside = [one for one in _places(Level.COMMUNITY) if one.path.startswith(place.path)]
    is_community = place.level == Level.COMMUNITY
    context = {
        "place": place,
        "home": [name for name in territory.names_of(place.path) if name != place.name],
        "units": serving.units_of(place.path),
        "grids": serving.grids_of(place.path, at) if is_community else None,
        "communities": None if is_community else inside,
        "figures": figures.of_place(place.path, at),
        "hotline": request.tenant.setting("hotline"),
    }
    return render(request, "tickets/public/area.html", context)


def _places(level: Level) -> list[territory.Place]:
    return [place for place in territory.places() if place.level == level]


def _place(code: str) -> territory.Place:
    """The street or community with this code; raises Missing."""
    for place in territory.places():
        if place.code == code and place.level != Level.DISTRICT:
            return place
    raise Missing(_("该街道或社区不存在"))


def _page_of(request: HttpRequest, code: str) -> str:
    return reverse("portal:area", kwargs={"tenant": request.tenant.slug, "code": code})


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters in the address; raises Invalid naming the wrong parameter."""
    area, category, state = (given.get(name, "") for name in ("area", "category", "state"))
    path = next((place.path for place in territory.places() if place.code == area), "")
    if area and not path:
        raise Invalid(
            _("没有代码为 %(code)s 的区域") % {"code": area[:40]}, code="unknown_area", field="area"
        )
    if category and category not in dict(choices.every(queries.hidden_category_ids())):
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": category[:40]}, code="unknown_choice", field="category"
        )
    if state and state not in STATES:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": state[:40]}, code="unknown_choice", field="state"
        )
    closed = (State.CLOSED.value,) if state == "closed" else ()
    return Filters(area_path=path, category=category, open=state == "open", state=closed)
