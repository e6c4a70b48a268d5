"""Outlines of areas: import from GeoJSON in the usual coordinate systems, output for a map."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.access.policy import below
from governance.errors import DomainError, Invalid
from governance.tenancy import config
from governance.tenancy.scope import current
from grids import coordinates
from grids.models import Area, AreaShape, Level
from grids.tree import ancestors_of

CODES = ("code", "adcode", "代码", "区划代码")
MOST_POINTS = 50_000
KINDS = {"Polygon": 1, "MultiPolygon": 2}
_WORLD = (-90, -180, 90, 180)


@dataclass(slots=True)
class Taken:
    """The result of a file: the numbers of new, changed and unchanged outlines, and the refused features with
    reasons."""

    created: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def read(text: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON text; raises Invalid for anything else."""
    try:
        given = json.loads(text)
        features = given["features"] if given["type"] == "FeatureCollection" else [given]
        if not all(isinstance(one, dict) and one.get("type") == "Feature" for one in features):
            raise ValueError
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(_("不是 GeoJSON 要素集合"), code="not_geojson", field="file") from error
    return features


def take_in(
    features: Iterable[dict[str, Any]], *, datum: str, by: Actor, at: Any, dry_run: bool = False
) -> Taken:
    """Store the outline of every area that a feature names by its code; each feature is stored or refused
    with a reason.

    Raises Invalid for an unknown datum.
    """
    coordinates.to_wgs84(0, 0, datum)  # an unknown datum refuses the whole file
    taken = Taken()
    areas = {area.code: area for area in Area.objects.filter(valid_to=None)}
    kept = {shape.area_id: shape for shape in AreaShape.objects.all()}
    with transaction.atomic():
        for number, one in enumerate(features, 1):
            code = _code(one, areas)
            try:
                verdict = _take(one, areas.get(code), kept, datum)
            except DomainError as error:
                taken.refused.append((code or f"#{number}", str(error)))
                continue
            setattr(taken, verdict, getattr(taken, verdict) + 1)
            if verdict != "same":
                events.record("area.outlined", areas[code], by=by, at=at, datum=datum)
        if dry_run:
            transaction.set_rollback(True)
    config.changed(current())
    return taken


def _code(feature: dict[str, Any], areas: dict[str, Area]) -> str:
    """The code that names the area; a county's six digits are completed with zeros to twelve."""
    given = feature.get("properties") or {}
    code = next((str(given[name]) for name in CODES if given.get(name)), "")
    return f"{code}000000" if len(code) == 6 and code not in areas else code


def _take(feature: dict[str, Any], area: Area | None, kept: dict[int, AreaShape], datum: str) -> str:
    if area is None:
        raise Invalid(_("没有该代码的区域"), code="unknown_area")
    geometry = _converted(feature.get("geometry"), datum)
    points = list(_points(geometry))
    lats, lngs = [lat for lng, lat in points], [lng for lng, lat in points]
    box = {"south": min(lats), "west": min(lngs), "north": max(lats), "east": max(lngs)}
    shape = kept.get(area.pk)
    if shape is not None and shape.geometry == geometry:
        return "same"
    AreaShape.objects.update_or_create(area=area, defaults={"geometry": geometry, "datum": datum, **box})
    area.lat = Decimal(f"{(box['south'] + box['north']) / 2:.6f}")
    area.lng = Decimal(f"{(box['west'] + box['east']) / 2:.6f}")
    area.save(update_fields=["lat", "lng"])
    return "created" if shape is None else "changed"


def _converted(geometry: Any, datum: str) -> dict[str, Any]:
    """The outline in WGS-84, six decimals; raises Invalid unless it is a closed outline on the globe."""
    depth = KINDS.get(geometry.get("type")) if isinstance(geometry, dict) else None
    if depth is None:
        raise Invalid(_("轮廓应为 Polygon 或 MultiPolygon"), code="bad_outline")
    counted = [0]

    def ring(points: Any) -> list[list[float]]:
        if not isinstance(points, list) or len(points) < 4 or points[0] != points[-1]:
            raise Invalid(_("轮廓没有首尾相接"), code="bad_outline")
        counted[0] += len(points)
        if counted[0] > MOST_POINTS:
            raise Invalid(_("轮廓的点超过 %(most)d 个") % {"most": MOST_POINTS}, code="too_long")
        return [point(one) for one in points]

    def point(one: Any) -> list[float]:
        try:
            lng, lat = (float(number) for number in one[:2])
        except (TypeError, ValueError) as error:
            raise Invalid(_("轮廓里有不是坐标的点"), code="bad_outline") from error
        if not (_WORLD[0] <= lat <= _WORLD[2] and _WORLD[1] <= lng <= _WORLD[3]):
            raise Invalid(_("轮廓里有不在地球上的点"), code="bad_outline")
        lat, lng = coordinates.to_wgs84(lat, lng, datum)
        return [round(lng, 6), round(lat, 6)]

    parts = geometry.get("coordinates")
    if not isinstance(parts, list) or not parts:
        raise Invalid(_("轮廓是空的"), code="bad_outline")
    polygons = [parts] if depth == 1 else parts
    if not all(isinstance(polygon, list) and polygon for polygon in polygons):
        raise Invalid(_("轮廓是空的"), code="bad_outline")
    made = [[ring(one) for one in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": made[0] if depth == 1 else made}


def _points(geometry: dict[str, Any]) -> Iterator[list[float]]:
    return (point for ring in rings(geometry) for point in ring)


def rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Every ring of a GeoJSON outline, holes included."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return (ring for polygon in polygons for ring in polygon)


def outlines(paths: list[str] | None, levels: Iterable[str]) -> dict[str, Any]:
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
