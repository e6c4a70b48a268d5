"""Areas as choices of a select, compiled once per configuration."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids import tree
from grids.models import Area, Level


class Place(NamedTuple):
    """An area as a choice."""

    code: str
    name: str
    level: str
    path: str


Groups = list[tuple[str, list[tuple[str, str]]]]


def _places() -> list[Place]:
    levels = [Level.DISTRICT, Level.STREET, Level.COMMUNITY]
    rows = Area.objects.filter(level__in=levels, valid_to=None).order_by("path")
    return [Place(*row) for row in rows.values_list("code", "name", "level", "path")]


def places() -> list[Place]:
    """District, streets and communities in force, each street before its communities."""
    return compiled(current(), "place_choices", _places)


def communities(paths: list[str] | None = None) -> Groups:
    """Communities grouped by street, as choices of a select; with `paths`, only those inside or around these
    areas."""
    groups: Groups = []
    for place in places():
        if place.level == Level.STREET:
            groups.append((place.name, []))
        elif place.level == Level.COMMUNITY and groups and _within(place.path, paths):
            groups[-1][1].append((place.code, place.name))
    return [group for group in groups if group[1]]


def names_of(path: str) -> list[str]:
    """The names of the street and the community of an area path, as far as the path reaches."""
    levels = (Level.STREET, Level.COMMUNITY)
    return [place.name for place in places() if place.level in levels and path.startswith(place.path)]


def way_to(path: str) -> list[str]:
    """The same with the grid, by which officers know the responsible worker."""
    grids = grid_names()
    return [*names_of(path), *(grids[one] for one in tree.ancestors_of(path) if one in grids)]


def grid_names() -> dict[str, str]:
    """{path: name} of every grid in use; compiled."""
    return compiled(current(), "grid_names", _grid_names)


def _grid_names() -> dict[str, str]:
    found = Area.objects.filter(level=Level.GRID, valid_to=None)
    return dict(found.values_list("path", "name"))


def short_of(path: str, name: str) -> str:
    """The name of an area in a line of a list: a grid or a building follows the name of its community.

    The usual ending of community names is left out.
    """
    home = tree.community_path(path)
    if home == path:
        return name
    around = compiled(current(), "community_names", _community_names).get(home)
    return f"{around} {name}" if around else name


def _community_names() -> dict[str, str]:
    """The names of the communities by path, without the ending that means committee."""
    found = {place.path: place.name for place in places() if place.level == Level.COMMUNITY}
    return {path: re.sub(r"(居民|村民|居|村)委员?会$", "", name) or name for path, name in found.items()}


def _within(path: str, paths: list[str] | None) -> bool:
    return paths is None or any(path.startswith(one) or one.startswith(path) for one in paths)


def spots(community: str) -> list[tuple[str, str]]:
    """The grids and buildings of a community, by the community's code; each building has the name of its
    grid."""
    home = next((place for place in places() if place.code == community), None)
    if home is None or home.level != Level.COMMUNITY:
        return []
    rows = Area.objects.filter(path__gt=home.path, path__lt=home.path[:-1] + "0", valid_to=None).order_by(
        "path"
    )
    found: list[tuple[str, str]] = []
    grid = ""
    for code, name, level in rows.values_list("code", "name", "level"):
        if level == Level.GRID:
            grid = name
        found.append((code, name if level == Level.GRID or not grid else f"{grid} {name}"))
    return found


def in_use(code: str) -> str:
    """The code that is in use instead of a printed one; an unknown code is returned unchanged.

    Three statements at most. The code itself if it is in use, else the grid that a merged grid went into,
    else the nearest area in use above it.
    """
    found = tree.in_force(code) if code else None
    if found is not None or not code:
        return found.code if found is not None else ""
    path = Area.objects.filter(code=code).values_list("path", flat=True).first()
    around = Area.objects.filter(path__in=tree.ancestors_of(path or "-"), valid_to=None)
    return around.order_by("-path").values_list("code", flat=True).first() or code


def community_of(code: str) -> str:
    """The code of the community that contains an area; empty if there is none."""
    path = Area.objects.filter(code=code, valid_to=None).values_list("path", flat=True).first() or ""
    return next((p.code for p in places() if p.level == Level.COMMUNITY and path.startswith(p.path)), "")


def place_of(code: str) -> Area:
    """The area of a cell; raises Invalid."""
    found = Area.objects.filter(code=code).first()
    if found is None:
        raise Invalid(_("没有代码为 %(code)s 的区域") % {"code": code[:40]})
    return found
