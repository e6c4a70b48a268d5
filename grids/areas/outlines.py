"""Outlines of areas as they are stored: for a map, around a point, of a subtree."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from governance.access.policy import below
from grids.models import Area, AreaShape, Level
from grids.tree import ancestors_of


def rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Every ring of a GeoJSON outline, holes included."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return (ring for polygon in polygons for ring in polygon)


def collection(paths: list[str] | None, levels: Iterable[str]) -> dict[str, Any]:
    """The outlines of some levels in some subtrees (None: the district) as GeoJSON, larger areas before
    smaller ones.

    One statement.
    """
    found = AreaShape.objects.filter(area__level__in=[*levels], area__valid_to=None)
    if paths is not None:
        found = found.filter(below("area__path", paths))
    rows = found.order_by("area__path").values(
        "geometry", "area__code", "area__name", "area__level", "area__path"
    )
    order = list(Level.values)
    rows = sorted(rows, key=lambda row: order.index(row["area__level"]))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": row["geometry"],
                "properties": {key: row[f"area__{key}"] for key in ("code", "name", "level")},
            }
            for row in rows
        ],
    }


def around(path: str) -> dict[str, Any] | None:
    """The outline of the area, or of the nearest area above it that has one, as a GeoJSON geometry.

    One statement.
    """
    found = AreaShape.objects.filter(area__path__in=ancestors_of(path)).order_by("-area__path")
    return found.values_list("geometry", flat=True).first()


def community_at(lat: float, lng: float) -> Area | None:
    """The community whose outline contains a WGS-84 point, the first by code if outlines overlap.

    One statement.
    """
    boxed = AreaShape.objects.filter(south__lte=lat, north__gte=lat, west__lte=lng, east__gte=lng)
    found = boxed.filter(area__level=Level.COMMUNITY, area__valid_to=None).select_related("area")
    return next((one.area for one in found.order_by("area__code") if holds(one.geometry, lat, lng)), None)


def holds(geometry: dict[str, Any], lat: float, lng: float) -> bool:
    """Is the point inside one of the polygons and in none of its holes?

    An odd number of borders east of it means inside.
    """
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return any(sum(_crossed(ring, lat, lng) for ring in polygon) % 2 for polygon in polygons)


def _crossed(ring: list[list[float]], lat: float, lng: float) -> int:
    count = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lng < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count


def box_of(paths: list[str] | None) -> tuple[float, float, float, float] | None:
    """(south, west, north, east) around some subtrees: of their outlines, else of their points; None if there
    are none."""
    found = AreaShape.objects.all() if paths is None else AreaShape.objects.filter(below("area__path", paths))
    corners = list(found.values_list("south", "west", "north", "east"))
    if not corners:
        places = Area.objects.filter(lat__isnull=False, lng__isnull=False)
        places = places if paths is None else places.filter(below("path", paths))
        corners = [(float(a), float(b), float(a), float(b)) for a, b in places.values_list("lat", "lng")]
    if not corners:
        return None
    south, west, north, east = zip(*corners, strict=True)
    return min(south), min(west), max(north), max(east)
