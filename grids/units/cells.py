"""Units and areas in the cells of sheets: each by its name or by its code."""

import re
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import Invalid
from governance.sheets.columns import SHOWN, Column
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.models import Area, Level, Unit

BETWEEN = re.compile(r"[\s,，、;；|]+")


class _Known(NamedTuple):
    """The things that a cell can name: labels and places (paths of areas) by code, and codes by name."""

    labels: dict[str, str]
    places: dict[str, str]
    named: dict[str, list[str]]


def _known(rows: QuerySet) -> _Known:
    """The rows (code, name, place); a label is the name where it says as much as the code."""
    found, named = list(rows), {}
    places = {code: place for code, _name, place in found}
    for code, name, _place in found:
        named.setdefault(name, []).append(code)
    plain = {n for n, held in named.items() if len(held) == 1 and n not in places and not BETWEEN.search(n)}
    labels = {code: name if name in plain else code for code, name, _place in found}
    return _Known(labels, places, named)


def _units() -> _Known:
    rows = Unit.objects.values_list("code", "name", "area__path")
    return compiled(current(), "units_in_cells", lambda: _known(rows))


def _areas() -> _Known:
    """The areas in use down to the grids; buildings go by their codes."""
    rows = Area.objects.filter(valid_to=None).exclude(level=Level.BUILDING)
    return compiled(current(), "areas_in_cells", lambda: _known(rows.values_list("code", "name", "path")))


def unit_code(text: str) -> str:
    """The code of the unit with this code or this name; raises Invalid if there is none, or more than one."""
    known = _units()
    if text in known.labels:
        return text
    held = known.named.get(text, [])
    if not held:
        raise Invalid(_("没有代码或名称为“%(unit)s”的单位") % {"unit": text[:SHOWN]})
    if len(held) > 1:
        raise Invalid(_("有多个单位叫“%(unit)s”，请填代码") % {"unit": text[:SHOWN]})
    return held[0]


def unit_label(code: str) -> str:
    """The name of a unit, or its code if several have the name."""
    return _units().labels.get(code, code)


def unit_column() -> Column:
    """The column of a sheet that names the unit of each row; it is compared by code."""
    return Column(
        key="unit",
        heading=gettext_lazy("单位"),
        also=("单位代码", "所在单位"),
        hint=gettext_lazy("填单位名称或单位代码"),
        required=True,
        clean=unit_code,
        shown=unit_label,
    )


def area_codes(text: str, unit: str) -> str:
    """Areas, each by name or code, as sorted codes; of several with one name, the one at the unit with this code.

    What is not found stays as it is, so that `areas_of` names it.
    """
    known, home = _areas(), _units().places.get(unit)
    found = set()
    for word in filter(None, BETWEEN.split(text)):
        held = [] if word in known.labels else known.named.get(word, [])
        if len(held) > 1:
            held = [code for code in held if home and _one_line(home, known.places[code])]
        found.add(held[0] if len(held) == 1 else word)
    return " ".join(sorted(found))


def _one_line(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def area_labels(codes: str) -> str:
    """The names of areas by their codes; a code stays where several areas have the name."""
    labels = _areas().labels
    return "、".join(labels.get(code, code) for code in codes.split())


def areas_of(codes: str) -> list[Area]:
    """The areas in use with these codes; raises Invalid, naming what is not found."""
    wanted = set(codes.split())
    found = list(Area.objects.filter(code__in=wanted, valid_to=None)) if wanted else []
    if missing := wanted - {area.code for area in found}:
        message = _("没有代码或名称为“%(text)s”的区域，或有多个同名，请填代码")
        raise Invalid(message % {"text": "、".join(sorted(missing))[:SHOWN]})
    return found
