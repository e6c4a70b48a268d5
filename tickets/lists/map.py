"""Tickets on a map: counted per cell if there are many, one by one if there are few."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Avg, Count, DecimalField, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Floor
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid
from tickets.ticket import queries, worklist
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import Filters

SINGLE = 150  # up to this number, tickets are shown one by one
CELLS = 5000
CELL_PIXELS = 64
DEEPEST = 20
WORLD = "-180,-90,180,90"
POINT = ("number", "title", "state", "tier", "due_at")


@dataclass(frozen=True, slots=True)
class Box:
    """The visible part of the map, in WGS-84 degrees."""

    west: Decimal
    south: Decimal
    east: Decimal
    north: Decimal

    @classmethod
    def of(cls, text: str) -> "Box":
        """Parse "west,south,east,north"; raises Invalid if that is not a box."""
        try:
            west, south, east, north = (
                Decimal(part).quantize(Decimal("0.000001")) for part in text.split(",")
            )
            box = cls(west, south, east, north)
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise ValueError
        except (InvalidOperation, ValueError) as error:
            raise Invalid(_("地图范围应写成 西,南,东,北"), code="bad_box", field="bbox") from error
        return box

    def condition(self) -> Q:
        """The tickets inside; a ticket without a point of its own has the point of its area."""
        lats, lngs = (self.south, self.north), (self.west, self.east)
        own = Q(lat__range=lats, lng__range=lngs)
        return own | Q(lat=None, area__lat__range=lats, area__lng__range=lngs)


def shown(actor: Actor, filters: Filters, box: Box, zoom: int, at: datetime) -> dict[str, Any]:
    """{total, cells: [{lat, lng, n, late}], points: [{number, title, ...}]}.

    Two statements, three with search words.
    """
    condition = filters.condition(actor, at) & box.condition()
    if filters.q:
        condition &= queries.words(filters, actor)
    found = placed(Ticket.objects.visible_to(actor).filter(condition))
    cells = list(_cells(found, zoom, at))
    total = sum(cell["n"] for cell in cells)
    if total > SINGLE:
        return {"total": total, "cells": cells, "points": []}
    rows = found.order_by("due_at", "-id").values(*POINT, "y", "x")[:SINGLE]
    return {"total": total, "cells": [], "points": [_point(row, at) for row in rows]}


def placed(found: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The tickets, each with its point: `y` and `x` in degrees."""
    degrees = DecimalField(max_digits=9, decimal_places=6)
    return found.annotate(
        y=Cast(Coalesce(F("lat"), F("area__lat"), output_field=degrees), FloatField()),
        x=Cast(Coalesce(F("lng"), F("area__lng"), output_field=degrees), FloatField()),
    )


def _cells(found: QuerySet[Ticket], zoom: int, at: datetime) -> QuerySet:
    size = 360 / 2**zoom / 256 * CELL_PIXELS
    found = found.annotate(row=Floor(F("y") / size), column=Floor(F("x") / size))
    counts = {
        "n": Count("pk"),
        "late": Count("pk", filter=worklist.late(at)),
        "lat": Avg("y"),
        "lng": Avg("x"),
    }
    return found.values("row", "column").annotate(**counts).order_by("-n").values(*counts)[:CELLS]


def _point(row: dict[str, Any], at: datetime) -> dict[str, Any]:
    due = row["due_at"]
    late = due is not None and due < at and row["state"] != "closed"
    tone = "late" if late else "closed" if row["state"] == "closed" else "open"
    return {key: row[key] for key in ("number", "title", "state", "tier")} | {
        "lat": row["y"],
        "lng": row["x"],
        "tone": tone,
    }


def zoom_of(text: str) -> int:
    """The zoom of a map tile pyramid, 0 to 20; raises Invalid."""
    if not (text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= DEEPEST):
        raise Invalid(_("缩放级别应为 0 到 20"), code="bad_zoom", field="zoom")
    return int(text)
