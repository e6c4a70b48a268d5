"""What a district shows to everybody: the matters of a place."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import pages
from governance.errors import Invalid
from grids import choices as territory
from grids.models import Level
from tickets import choices, public
from tickets.queries import Filters
from tickets.states import State


@pages.page
def matters(request: HttpRequest) -> HttpResponse:
    """身边事: what was reported nearby and what came of it; the filters are the address."""
    given = request.GET
    found = public.page(_filters(given), by=request.actor, at=timezone.now(), cursor=given.get("cursor"))
    context = {
        "rows": found.rows,
        "next": found.next,
        "given": given,
        "places": [place for place in territory.places() if place.level != Level.DISTRICT],
        "categories": choices.every(),
    }
    return pages.respond(request, "tickets/portal_matters.html", context)


def _filters(given: Mapping[str, str]) -> Filters:
    """What the address asks for; raises Invalid naming the parameter that does not hold."""
    area, category, state = (given.get(name, "") for name in ("area", "category", "state"))
    path = next((place.path for place in territory.places() if place.code == area), "")
    if area and not path:
        raise Invalid(
            _("没有代码为 %(code)s 的地方") % {"code": area[:40]}, code="unknown_area", field="area"
        )
    if category and category not in dict(choices.every()):
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": category[:40]}, code="unknown_choice", field="category"
        )
    if state not in {"", "open", "closed"}:
        raise Invalid(
            _("“%(value)s”不是可选的值") % {"value": state[:40]}, code="unknown_choice", field="state"
        )
    closed = (State.CLOSED.value,) if state == "closed" else ()
    return Filters(area_path=path, category=category, open=state == "open", state=closed)
