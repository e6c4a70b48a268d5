"""The level of a unit (ended_level of a closed ticket), compiled from the district's configuration."""

from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.models import Level, Unit, UnitKind
from tickets.states import EndedLevel

E = EndedLevel
#: Kinds of units with a fixed level; a unit of another kind has the level of the area it serves.
_OF_KIND = {
    UnitKind.GRID_TEAM: E.GRID,
    UnitKind.COMMUNITY: E.COMMUNITY,
    UnitKind.STREET: E.STREET,
    UnitKind.STREET_CENTER: E.STREET,
    UnitKind.ENFORCEMENT: E.STREET,
    UnitKind.STATIONED: E.STREET,
    UnitKind.COUNTY_CENTER: E.COUNTY,
    UnitKind.DEPARTMENT: E.DEPARTMENT,
}
_OF_PLACE = {
    Level.DISTRICT: E.COUNTY,
    Level.STREET: E.STREET,
    Level.SECTION: E.STREET,
    Level.COMMUNITY: E.COMMUNITY,
    Level.GRID: E.GRID,
    Level.BUILDING: E.GRID,
}


def level_of(unit_id: int | None) -> str:
    """The level of a unit (a section has the level of its parent unit); empty for no unit.

    No statement once compiled.
    """
    return compiled(current(), "unit_levels", _load_levels).get(unit_id, "")


def _load_levels() -> dict[int, str]:
    found: dict[int, str] = {}
    rows = Unit.objects.order_by("path").values_list("id", "parent_id", "kind", "area__level")
    for pk, parent, kind, level in rows:
        inherited = found.get(parent) if kind == UnitKind.SECTION else None
        found[pk] = str(inherited or _OF_KIND.get(kind) or _OF_PLACE[level])
    return found
