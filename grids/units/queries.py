"""Units that serve an area, and units as choices."""

from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.access.policy import below
from governance.errors import Invalid
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.choices import places
from grids.models import Unit, UnitKind
from grids.tree import ancestors_of

#: From the area upwards: the unit that triages, the one that dispatches in the street, the one in the county.
LADDER = (UnitKind.COMMUNITY, UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER)

#: A street as an organisation: its office and its command centre; and the units that belong to it or stand below it.
STREET_LEVEL = (UnitKind.STREET, UnitKind.STREET_CENTER)
OVER_STREETS = (*STREET_LEVEL, UnitKind.COUNTY_CENTER)
OF_A_STREET = (*STREET_LEVEL, UnitKind.ENFORCEMENT, UnitKind.COMMUNITY, UnitKind.GRID_TEAM)


def holder(community: str, kind: str) -> str:
    """The code of the unit of a kind that holds reports from a community; empty if there is none.

    The county centre is the same for every community, so it is found without one.
    """
    home = next((place.path for place in places() if place.code == community), None)
    if home is None and kind == UnitKind.COUNTY_CENTER:
        home = next((place.path for place in places()), None)
    pk = holders_of(home).get(kind) if home else None
    return Unit.objects.filter(pk=pk).values_list("code", flat=True).first() or "" if pk else ""


def unit_choices() -> list[tuple[str, str]]:
    """(code, name) of every active unit."""
    return compiled(
        current(), "unit_choices", lambda: list(Unit.objects.filter(active=True).values_list("code", "name"))
    )


def unit_of(code: str) -> Unit:
    """The unit of a cell; raises Invalid."""
    found = Unit.objects.select_related("group").filter(code=code, active=True).first()
    if found is None:
        raise Invalid(_("没有代码为 %(code)s 的单位") % {"code": code[:40]})
    return found


def ladder_of(path: str) -> list[int]:
    """The ids of the community, the command centre and the county centre that serve an area path, from the
    nearest up."""
    serving = holders_of(path)
    return [serving[kind] for kind in LADDER if kind in serving]


def holders_of(path: str) -> dict[str, int]:
    """The nearest community, command centre and county centre of an area path: {kind: unit id}; compiled, no
    statement.

    If two units of a kind serve the same area, the older one counts.
    """
    serving = compiled(current(), "holders", _load_holders)
    found: dict[str, int] = {}
    for ancestor in ancestors_of(path):
        found |= serving.get(ancestor, {})  # areas further down come later and win
    return found


def _load_holders() -> dict[str, dict[str, int]]:
    rows = Unit.objects.filter(kind__in=LADDER, active=True).order_by("-id")
    serving: dict[str, dict[str, int]] = {}
    for path, kind, pk in rows.values_list("area__path", "kind", "id"):
        serving.setdefault(path, {})[kind] = pk
    return serving


# -- the line of a unit: itself, the units above it, those below it


def ids_on(path: str) -> list[int]:
    """The ids on a unit's path: of the units above it, and its own."""
    return [int(part) for part in path.split("/") if part]


def path_of(unit_id: int) -> str:
    """The path of a unit; compiled, no statement once its unit is known."""
    return _place(unit_id).path


def kind_of(unit_id: int) -> str:
    """The kind of a unit; compiled as `path_of`."""
    return _place(unit_id).kind


class _Place(NamedTuple):
    """The place of a unit in the tree of units, its kind, and the path of its area."""

    path: str
    kind: str
    area: str


def _place(unit_id: int) -> _Place:
    found = compiled(current(), "unit_places", lambda: {row[0]: _Place(*row[1:]) for row in _places()})
    return found.get(unit_id) or _Place(*_places().get(pk=unit_id)[1:])


def _places() -> QuerySet:
    return Unit.objects.values_list("pk", "path", "kind", "area__path")


def in_line_of(other: str, accused: str) -> bool:
    """Is a unit in the line of an accused one? Both by their paths.

    It is the same unit, one above it or one below it. A street's office and its command centre are one, the units of the
    street are below both, those of all streets below the county centre, and the grid teams of a community below it, also
    where the tree of units does not say so.
    """
    if accused.startswith(other) or other.startswith(accused):
        return True
    of, unit = _place(ids_on(accused)[-1]), _place(ids_on(other)[-1])
    if of.kind in OVER_STREETS and unit.kind in OF_A_STREET:
        return unit.area.startswith(of.area)
    pair = (of.kind, unit.kind)
    if pair == (UnitKind.GRID_TEAM, UnitKind.COMMUNITY):
        return of.area.startswith(unit.area)
    return pair == (UnitKind.COMMUNITY, UnitKind.GRID_TEAM) and unit.area.startswith(of.area)


def line_of(path: str) -> Q:
    """The unit with this path and those in its line, as `in_line_of` says."""
    line, accused = _line_in_tree(path), _place(ids_on(path)[-1])
    if accused.kind in OVER_STREETS:
        line |= Q(kind__in=OF_A_STREET) & below("area__path", [accused.area])
    if accused.kind == UnitKind.COMMUNITY:
        line |= Q(kind=UnitKind.GRID_TEAM) & below("area__path", [accused.area])
    if accused.kind == UnitKind.GRID_TEAM:
        line |= Q(kind=UnitKind.COMMUNITY, area__path__in=ancestors_of(accused.area))
    return line


def _line_in_tree(path: str) -> Q:
    return Q(pk__in=ids_on(path)) | below("path", [path])


def line_of_the_county() -> frozenset[int]:
    """The ids of the units in whose line a county centre is; compiled, no statement."""
    return compiled(current(), "line_of_the_county", _load_line_of_the_county)


def _load_line_of_the_county() -> frozenset[int]:
    line = Q(pk__in=[])
    for centre in Unit.objects.filter(kind=UnitKind.COUNTY_CENTER, active=True):
        line |= _line_in_tree(centre.path)
    return frozenset(Unit.objects.filter(line).values_list("pk", flat=True))
