"""Public tickets on a map, in squares of a thousandth of a degree (about a hundred metres).

Only whole squares can be queried, so that a sliding window cannot find the door behind a ticket (domain.md
B9).
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core.cache import cache
from django.db.models import Count, DecimalField, F, Q
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid
from governance.tenancy.scope import current
from grids.areas import bounds
from tickets.lists import map as desk_map
from tickets.public import queries
from tickets.states import State
from tickets.ticket.queries import Filters

DIGITS = 3  # of a degree: 111 metres from north to south, about 90 from east to west
SIDE = Decimal(1).scaleb(-DIGITS)
MAX_TICKETS = 5000
KEPT_FOR = 60  # seconds


def squares(filters: Filters, key: str, *, by: Actor, at: datetime) -> list[list[float]]:
    """[lat, lng, tickets, open tickets] of every square with tickets, the fullest first.

    One statement, then none for a minute: the result is cached. `key` names the filters.
    """
    name = f"squares:{current().pk}:{key}"
    found = cache.get(name)
    if found is None:
        found = _counted(filters, by=by, at=at)
        cache.set(name, found, KEPT_FOR)
    return found


def _counted(filters: Filters, *, by: Actor, at: datetime) -> list[list[float]]:
    rows = (
        queries.matters(at)
        .filter(filters.condition(by, at))
        .annotate(y=_rounded("lat"), x=_rounded("lng"))
        .filter(_inside("y", "x"))
        .values("y", "x")
        .annotate(n=Count("pk"), open=Count("pk", filter=~Q(state=State.CLOSED)))
        .order_by("-n", "y", "x")
        .values_list("y", "x", "n", "open")[:MAX_TICKETS]
    )
    return [[float(y), float(x), n, open_] for y, x, n, open_ in rows]


def _inside(lat: str, lng: str) -> Q:
    """The condition that a point lies within the bounds of the district; others would move everybody's map."""
    box = bounds.box()
    if box is None:
        return Q(**{f"{lat}__isnull": False, f"{lng}__isnull": False})
    south, west, north, east = box
    return Q(**{f"{lat}__range": (south, north), f"{lng}__range": (west, east)})


def _rounded(name: str) -> Round:
    degrees = DecimalField(max_digits=9, decimal_places=6)
    return Round(Coalesce(F(name), F(f"area__{name}"), output_field=degrees), precision=DIGITS)


def square(lat: str, lng: str) -> Q:
    """The tickets of the square around a point, wherever in the square the point lies.

    Raises Invalid if it is no point.
    """
    try:
        south, west = (Decimal(one).quantize(SIDE) - SIDE / 2 for one in (lat, lng))
    except InvalidOperation as error:
        raise Invalid(_("经纬度应写成数字"), code="bad_point", field="lat") from error
    return desk_map.Box.of(f"{west},{south},{west + SIDE},{south + SIDE}").condition()
