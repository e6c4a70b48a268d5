"""The bounds of the district: a point outside of them is refused as the place of a ticket."""

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.areas import outlines
from grids.models import AreaShape, Level

KILOMETRE = 1 / 111.32  # in degrees of latitude
MARGIN = 1  # km around the outline of the district, because phones and outlines are inexact
FAR = 60  # km around the known places of a district without an outline

Corners = tuple[float, float, float, float]


class Bounds(NamedTuple):
    """The outline of the district if it has one, and (south, west, north, east) of what may be inside."""

    outline: dict[str, Any] | None
    box: Corners


def _bounds() -> Bounds | None:
    found = AreaShape.objects.filter(area__level=Level.DISTRICT, area__valid_to=None).first()
    if found is not None:
        corners = found.south, found.west, found.north, found.east
        return Bounds(found.geometry, _widened(corners, MARGIN))
    known = outlines.box_of(None)
    return Bounds(None, _widened(known, FAR)) if known else None


def _widened(box: Corners, km: float) -> Corners:
    south, west, north, east = box
    up = km * KILOMETRE
    across = up / max(math.cos(math.radians((south + north) / 2)), 0.1)
    return south - up, west - across, north + up, east + across


def box() -> Corners | None:
    """(south, west, north, east) of the points that the district accepts; None if it accepts every point.

    Compiled: no statement in most requests.
    """
    found = compiled(current(), "district_bounds", _bounds)
    return found.box if found else None


def contains(lat: float, lng: float) -> bool:
    """Is a WGS-84 point in the district? True as well if the district has neither outlines nor points."""
    found = compiled(current(), "district_bounds", _bounds)
    if found is None:
        return True
    south, west, north, east = found.box
    if not (south <= lat <= north and west <= lng <= east):
        return False
    if found.outline is None or outlines.holds(found.outline, lat, lng):
        return True
    return _distance(found.outline, lat, lng) <= MARGIN


def require_inside(lat: Decimal | float, lng: Decimal | float, field: str = "lat") -> None:
    """Raise Invalid, naming the field, for a WGS-84 point outside the district."""
    if not contains(float(lat), float(lng)):
        raise Invalid(refusal(), code="outside_district", field=field)


def refusal() -> str:
    """The words for a point outside the district."""
    return _("该位置不在本区县范围内，请重新标记或写明详细地点")


def _distance(outline: dict[str, Any], lat: float, lng: float) -> float:
    """Kilometres to the nearest border, on a flat map."""
    scale = math.cos(math.radians(lat))
    best = math.inf
    for ring in outlines.rings(outline):
        flat = [((x - lng) * scale, y - lat) for x, y in ring]
        best = min(best, *(_to_line(one, other) for one, other in pairwise(flat)))
    return best / KILOMETRE


def _to_line(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of the origin from a line between two points."""
    (x1, y1), (x2, y2) = one, other
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length)) if length else 0.0
    return math.hypot(x1 + along * (x2 - x1), y1 + along * (y2 - y1))
