"""The units that every street and community has."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from governance.tenancy.scope import current
from grids.models import Area, Level, Unit, UnitKind

#: The units that every area of a level has: kind, ending of the code, name.
OWN_UNITS = {
    Level.DISTRICT: [(UnitKind.COUNTY_CENTER, "C", _("%s城市运行和治理中心"))],
    Level.STREET: [
        (UnitKind.STREET, "S", _("%s")),
        (UnitKind.STREET_CENTER, "Z", _("%s基层治理指挥中心")),
    ],
    Level.COMMUNITY: [
        (UnitKind.COMMUNITY, "J", _("%s")),
        (UnitKind.GRID_TEAM, "W", _("%s网格队伍")),
    ],
}


def make_units(areas: Iterable[Area] | None = None) -> int:
    """Create the units that each of the areas must have, by default of all areas in use.

    Returns how many were missing.
    """
    have = set(Unit.objects.values_list("code", flat=True))
    if areas is None:
        areas = Area.objects.filter(level__in=list(OWN_UNITS), valid_to=None).order_by("path")
    missing = [
        Unit(kind=kind, code=area.code + ending, name=str(name) % area.name, area=area)
        for area in areas
        for kind, ending, name in OWN_UNITS.get(Level(area.level), ())
        if area.code + ending not in have
    ]
    store_units(missing)
    return len(missing)


def store_units(units: list[Unit]) -> None:
    """Insert units with their hidden groups and paths, in four statements whatever their number."""
    groups = [Group(name=f"{current().pk}:{unit.code}"[:150]) for unit in units]
    Group.objects.bulk_create(groups, batch_size=1000)
    for unit, group in zip(units, groups, strict=True):
        unit.group = group
    Unit.objects.bulk_create(units, batch_size=1000)
    parents = {u.code: u for u in Unit.objects.filter(kind=UnitKind.COMMUNITY)}
    for unit in units:
        committee = parents.get(unit.area.code + "J") if unit.kind == UnitKind.GRID_TEAM else unit.parent
        unit.parent = committee
        unit.path = (f"{committee.pk}/" if committee else "") + f"{unit.pk}/"
    Unit.objects.bulk_update(units, ["path", "parent"], batch_size=1000)
