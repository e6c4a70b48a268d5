"""Outlines of the demo district: rectangles divided and bent alike, so that neighbours share borders."""

import math
from decimal import Decimal

from grids.coordinates import WGS84
from grids.models import Area, AreaShape, Level

SOUTH, WEST = 36.62, 117.02  # the south-west corner; it belongs to no particular district
HIGH, WIDE = 0.16, 0.22  # height and width in degrees
SIDE = 6  # segments per side of an outline, so that it can bend
Rectangle = tuple[float, float, float, float]  # u, v, width, height in the unit square


def draw() -> None:
    """Give every area down to the grid an outline, and every building a point; in the open scope."""
    areas = list(Area.objects.order_by("path"))
    children: dict[int | None, list[Area]] = {}
    for area in areas:
        children.setdefault(area.parent_id, []).append(area)
    shapes: list[AreaShape] = []
    for root in children[None]:
        _place(root, (0.0, 0.0, 1.0, 1.0), children, shapes)
    AreaShape.objects.bulk_create(shapes)
    Area.objects.bulk_update(areas, ["lat", "lng"], batch_size=500)


def _place(area: Area, box: Rectangle, children: dict, shapes: list[AreaShape]) -> None:
    u, v, wide, high = box
    area.lat, area.lng = (Decimal(f"{one:.6f}") for one in _bent(u + wide / 2, v + high / 2))
    if area.level != Level.BUILDING:
        shapes.append(_shape(area, box))
    below = sorted(children.get(area.pk, []), key=lambda one: one.code)
    for child, part in zip(below, cut(box, len(below)), strict=True):
        _place(child, part, children, shapes)


def cut(box: Rectangle, count: int) -> list[Rectangle]:
    """A rectangle divided into `count` parts of nearly the same size, row by row."""
    if not count:
        return []
    u, v, wide, high = box
    rows = max(1, round(math.sqrt(count * high * HIGH / (wide * WIDE))))
    sizes = [count // rows + (row < count % rows) for row in range(rows)]
    found, top = [], v
    for size in sizes:
        share = high * size / count
        found += [(u + wide * n / size, top, wide / size, share) for n in range(size)]
        top += share
    return found


def _shape(area: Area, box: Rectangle) -> AreaShape:
    ring = [[round(lng, 6), round(lat, 6)] for lat, lng in (_bent(*corner) for corner in _around(box))]
    lngs, lats = zip(*ring, strict=True)
    return AreaShape(
        area=area,
        geometry={"type": "Polygon", "coordinates": [ring]},
        datum=WGS84,
        south=min(lats),
        west=min(lngs),
        north=max(lats),
        east=max(lngs),
    )


def _around(box: Rectangle) -> list[tuple[float, float]]:
    u, v, wide, high = box
    steps = [n / SIDE for n in range(SIDE)]
    sides = [(u + wide * s, v) for s in steps] + [(u + wide, v + high * s) for s in steps]
    sides += [(u + wide * (1 - s), v + high) for s in steps] + [(u, v + high * (1 - s)) for s in steps]
    return [*sides, sides[0]]


def _bent(u: float, v: float) -> tuple[float, float]:
    """(lat, lng) of a point of the unit square, on a slightly bent plane."""
    x = u + 0.025 * math.sin(5 * v + 1) + 0.012 * math.sin(11 * v)
    y = v + 0.03 * math.sin(4 * u) + 0.01 * math.sin(13 * u + 2)
    return SOUTH + HIGH * y, WEST + WIDE * x
