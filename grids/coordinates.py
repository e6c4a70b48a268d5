"""Convert coordinates used in China: maps in GCJ-02 or BD-09 differ from WGS-84 by hundreds of metres.

The platform stores WGS-84. GCJ-02 is the shift that published maps must have by law; BD-09 is one provider's
further shift on top of it. The shift is calculated forward with the publicly used constants and undone by
fixed-point steps, to well under a metre.
"""

import math
from decimal import Decimal

from django.utils.translation import gettext as _

from governance.errors import Invalid

WGS84, GCJ02, BD09 = "WGS-84", "GCJ-02", "BD-09"
DATUMS = (WGS84, GCJ02, BD09)
_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, on which the shift is defined
_BD = math.pi * 3000 / 180


def to_wgs84(lat: float, lng: float, datum: str) -> tuple[float, float]:
    """A point of one of DATUMS in WGS-84 degrees; raises Invalid for another datum."""
    if datum not in DATUMS:
        message = _("坐标系“%(datum)s”无法识别，可用 WGS-84、GCJ-02、BD-09")
        raise Invalid(message % {"datum": datum[:20]}, code="unknown_datum", field="datum")
    if datum == BD09:
        lat, lng = _without_bd(lat, lng)
    return _without_shift(lat, lng) if datum != WGS84 else (lat, lng)


def stored(lat: Decimal, lng: Decimal, datum: str) -> tuple[Decimal, Decimal]:
    """The same as stored: six decimals, a tenth of a metre."""
    if datum == WGS84:
        return lat, lng
    found = to_wgs84(float(lat), float(lng), datum)
    return Decimal(f"{found[0]:.6f}"), Decimal(f"{found[1]:.6f}")


def shifted(lat: float, lng: float) -> tuple[float, float]:
    """A WGS-84 point as a published map shows it (GCJ-02); outside China nothing is shifted."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347):
        return lat, lng
    north, east = _offsets(lng - 105.0, lat - 35.0)
    radians = math.radians(lat)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    north *= 180 / (_AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic)) * math.pi)
    east *= 180 / (_AXIS / math.sqrt(magic) * math.cos(radians) * math.pi)
    return lat + north, lng + east


def _without_shift(lat: float, lng: float) -> tuple[float, float]:
    found = lat, lng
    for _step in range(6):
        there = shifted(*found)
        found = found[0] + lat - there[0], found[1] + lng - there[1]
    return found


def _without_bd(lat: float, lng: float) -> tuple[float, float]:
    x, y = lng - 0.0065, lat - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BD)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BD)
    return radius * math.sin(angle), radius * math.cos(angle)


def _offsets(x: float, y: float) -> tuple[float, float]:
    root, waves = math.sqrt(abs(x)), 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves * 2 / 3
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves * 2 / 3
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    return north, east
