"""Units that serve an area, as residents see them, and its grids with their workers by name."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Length

from governance.access.permissions import Role
from governance.access.policy import below
from grids import tree
from grids.models import Area, GridCommunity, Level, Post, Unit, UnitKind

#: The kinds of units that residents turn to, in the order in which they are shown.
KINDS = (UnitKind.COMMUNITY, UnitKind.GRID_TEAM, UnitKind.STREET, UnitKind.STREET_CENTER)
WORKERS = (Role.GRID_LEAD, Role.GRID_WORKER)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid, its code and the names of its workers."""

    name: str
    code: str
    people: tuple[str, ...]


def units_of(path: str) -> list[Unit]:
    """The active units of `KINDS` that serve the area or the areas above it, the nearest of each kind
    first."""
    around = Unit.objects.filter(kind__in=KINDS, active=True, area__path__in=tree.ancestors_of(path))
    found = around.annotate(depth=Length("area__path")).order_by("-depth", "code")
    return sorted(found, key=lambda unit: KINDS.index(UnitKind(unit.kind)))


def grids_of(path: str, at: datetime) -> list[Grid]:
    """The grids of a community and the joint grids that also serve it, with the workers whose posts hold
    today.

    Two statements.
    """
    joint = GridCommunity.objects.filter(community__path=path, valid_to=None).values("grid")
    inside = Area.objects.filter(below("path", [path]) | Q(pk__in=joint), level=Level.GRID, valid_to=None)
    places = list(inside.order_by("path").values_list("path", "name", "code"))
    covering = below("covers__area__path", [path]) | Q(covers=None) & below("unit__area__path", [path])
    covering |= Q(
        covers__area__path__in=[place for place, _name, _code in places if not place.startswith(path)]
    )
    posts = Post.objects.filter(tree.on_duty(tree.local_day(at)), covering, role__in=WORKERS)
    people: dict[str, list[str]] = {}
    rows = posts.filter(unit__active=True).order_by("role", "id")
    for covered, home, name in rows.values_list("covers__area__path", "unit__area__path", "member__name"):
        named = people.setdefault(covered or home, [])
        if name not in named:
            named.append(name)
    return [
        Grid(name, code, tuple(dict.fromkeys([*people.get(path, ()), *people.get(place, ())])))
        for place, name, code in places
    ]
