"""Outlines of areas: import from GeoJSON in the usual coordinate systems."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.errors import DomainError, Invalid
from governance.tenancy import config
from governance.tenancy.scope import current
from grids import coordinates
from grids.areas import outlines
from grids.models import Area, AreaShape

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
    return (point for ring in outlines.rings(geometry) for point in ring)
