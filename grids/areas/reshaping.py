"""Recut grids: merge, split, move buildings. Open work moves along, closed work stays.

All within one community, so that its units stay the same; codes are retired, never used again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid
from governance.events import notices
from governance.events.models import Event
from governance.tenancy import config
from governance.tenancy.scope import current
from grids import followers
from grids.areas import actions
from grids.followers import Move
from grids.models import Area, AreaShape, GridCommunity, Level, Post, Unit
from grids.people import actions as people_actions
from grids.tree import lasting, local_day


class Cover(StrEnum):
    """The grids that a worker covers after a split: the old grid, the new one, or both."""

    STAY = "stay"
    GO = "go"
    BOTH = "both"


@dataclass(slots=True)
class Plan:
    """The effects of a merge: number of buildings, open work by kind, names of the workers."""

    buildings: int = 0
    work: list[tuple[str, int]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def plan_merge(grid: Area, at: datetime) -> Plan:
    """The effects of merging this grid into another; a fixed number of statements."""
    inside = list(Area.objects.filter(parent=grid, valid_to=None).values_list("path", flat=True))
    work = [(label, found.total()) for label, found in followers.open_at([grid.path, *inside])]
    people = list(dict.fromkeys(post.member.name for post in posts_of(grid, at) if post.member.active))
    return Plan(len(inside), work, people)


def posts_of(grid: Area, at: datetime) -> list[Post]:
    """The posts that name the grid and are not over, with their members (active or not) and their areas."""
    found = Post.objects.filter(lasting(local_day(at)), covers__area=grid)
    return list(found.select_related("member", "unit").prefetch_related("covers__area").order_by("id"))


def merge_grids(grid: Area, into: Area, *, by: Actor, at: datetime) -> list[tuple[str, int]]:
    """Merge one grid into another: buildings, open work, workers, outline and joint communities move; then
    retire it.

    Returns the numbers moved, by kind. Raises Forbidden, Invalid naming the field, or Conflict.
    """
    _allowed(by)
    grid, into = _locked(grid, into)
    _beside(grid, into)
    buildings = len(_buildings(grid))
    below = list(Area.objects.filter(parent=grid).order_by("code"))  # retired ones too: they may be restored
    moves = [Move(grid.pk, grid.path, into.pk, into.path), *_carry(below, into)]
    moved = followers.move(moves, by=by, at=at)
    for post in posts_of(grid, at):
        people_actions.cover(post, {into} | {one.area for one in post.covers.all()} - {grid}, by=by, at=at)
    Unit.objects.filter(area=grid).update(area=into)
    _join(grid, into)
    grid.valid_to, grid.merged_into = max(local_day(at), grid.valid_from), into
    grid.save(update_fields=["valid_to", "merged_into"])
    events.record("area.retired", grid, by=by, at=at, code=grid.code, into=into.code)
    counts = {"buildings": buildings, "work": sum(count for _label, count in moved)}
    _tell(into, events.record("area.took_in", into, by=by, at=at, code=grid.code, **counts), counts, at)
    config.changed(current())
    return moved


def _allowed(by: Actor) -> None:
    policy.require(by, Permission.SETTINGS_EDIT)
    policy.require(by, Permission.PEOPLE_EDIT)


def _locked(*grids: Area) -> list[Area]:
    """The same areas read again and locked until the end of the transaction."""
    rows = Area.objects.select_for_update(of=("self",)).select_related("parent")
    found = rows.in_bulk(sorted(grid.pk for grid in grids))
    return [found[grid.pk] for grid in grids]


def _beside(grid: Area, other: Area) -> None:
    """Raise Invalid unless both are grids of one community, and Conflict unless both are in use."""
    if grid.level != Level.GRID or other.level != Level.GRID or grid.pk == other.pk:
        raise Invalid(_("请选择另一个网格"), field="into", code="no_grid")
    if grid.parent_id != other.parent_id:
        raise Invalid(_("只能在同一社区（村）的网格之间调整"), field="into", code="other_community")
    if grid.valid_to is not None or other.valid_to is not None:
        raise Conflict(_("网格已停用"), field="into", code="retired")


def _buildings(grid: Area, codes: Iterable[str] | None = None) -> list[Area]:
    """The buildings in use of a grid, or those with the given codes.

    Raises Invalid for a code that is not in it.
    """
    found = list(Area.objects.filter(parent=grid, valid_to=None).order_by("code"))
    if codes is None:
        return found
    wanted = set(codes)
    if missing := wanted - {one.code for one in found}:
        message = _("%(code)s 不属于该网格") % {"code": "、".join(sorted(missing))}
        raise Invalid(message, field="buildings", code="not_inside")
    return [one for one in found if one.code in wanted]


def _carry(buildings: Sequence[Area], to: Area) -> list[Move]:
    """Put buildings below another grid, and return the moves that their objects must follow."""
    moves = []
    for one in buildings:
        path = f"{to.path}{one.code}/"
        moves.append(Move(one.pk, one.path, one.pk, path))
        one.parent, one.path = to, path
    Area.objects.bulk_update(buildings, ["parent", "path"])
    return moves


def _join(grid: Area, into: Area) -> None:
    """Give outline, households, population and joint communities of a grid to the other."""
    theirs = GridCommunity.objects.filter(grid=grid, valid_to=None)
    served = list(theirs.values_list("community_id", flat=True))
    known = GridCommunity.objects.filter(grid=into, community_id__in=served)
    theirs.exclude(community_id__in=list(known.values_list("community_id", flat=True))).update(grid=into)
    known.update(valid_to=None)
    for name in ("households", "population"):
        given = [value for value in (getattr(grid, name), getattr(into, name)) if value is not None]
        setattr(into, name, sum(given) if given else None)
    into.save(update_fields=["households", "population"])
    shapes = {shape.area_id: shape for shape in AreaShape.objects.filter(area__in=[grid, into])}
    if grid.pk not in shapes:
        return
    old, kept = shapes[grid.pk], shapes.get(into.pk)
    if kept is None:
        old.pk, old.area = None, into
        old.save(force_insert=True)
        return
    kept.geometry = {"type": "MultiPolygon", "coordinates": [*_polygons(kept), *_polygons(old)]}
    kept.south, kept.west = min(kept.south, old.south), min(kept.west, old.west)
    kept.north, kept.east = max(kept.north, old.north), max(kept.east, old.east)
    kept.save(update_fields=["geometry", "south", "west", "north", "east"])


def _polygons(shape: AreaShape) -> list[Any]:
    parts = shape.geometry["coordinates"]
    return [parts] if shape.geometry["type"] == "Polygon" else parts


def split_grid(
    grid: Area,
    *,
    name: str,
    code: str = "",
    buildings: Collection[str],
    people: Mapping[int, str] | None = None,
    rest: bool = False,
    by: Actor,
    at: datetime,
) -> tuple[Area, list[tuple[str, int]]]:
    """Make a new grid next to one and give it some of its buildings, by code.

    `people` says for each post of the grid, by id, what it covers afterwards (`Cover`, by default the old
    grid); with `rest`, open work outside any building goes to the new grid as well. Returns the new grid and
    the numbers moved, by kind. Raises Forbidden, Invalid or Conflict naming the field.
    """
    _allowed(by)
    (grid,) = _locked(grid)
    if grid.level != Level.GRID or grid.valid_to is not None:
        raise Invalid(_("只能拆分在用的网格"), code="no_grid")
    if not buildings and not rest:
        raise Invalid(_("请选择划给新网格的楼栋"), field="buildings", code="required")
    made = actions.add_area(level=Level.GRID, name=name, parent=grid.parent, code=code, by=by, at=at)
    chosen = people or {}
    for post in posts_of(grid, at):
        cover = Cover(chosen.get(post.pk, Cover.STAY))
        if cover == Cover.STAY:
            continue
        kept = {one.area for one in post.covers.all()} | {made}
        people_actions.cover(post, kept if cover == Cover.BOTH else kept - {grid}, by=by, at=at)
    given = _given(grid, made, _buildings(grid, buildings), rest, by, at)
    return made, given


def move_buildings(
    grid: Area, to: Area, *, buildings: Iterable[str], by: Actor, at: datetime
) -> list[tuple[str, int]]:
    """Give buildings, by code, to another grid of the same community, with the open work in them.

    Returns the numbers moved, by kind. Raises Forbidden, Invalid or Conflict naming the field.
    """
    _allowed(by)
    grid, to = _locked(grid, to)
    _beside(grid, to)
    chosen = _buildings(grid, buildings)
    if not chosen:
        raise Invalid(_("请选择楼栋"), field="buildings", code="required")
    return _given(grid, to, chosen, False, by, at)


def _given(
    grid: Area, to: Area, buildings: Sequence[Area], rest: bool, by: Actor, at: datetime
) -> list[tuple[str, int]]:
    moves = _carry(buildings, to)
    if rest:
        moves.append(Move(grid.pk, grid.path, to.pk, to.path))
    moved = followers.move(moves, by=by, at=at)
    codes = [one.code for one in buildings]
    events.record("area.gave", grid, by=by, at=at, to=to.code, buildings=codes)
    counts = {"buildings": len(codes), "work": sum(count for _label, count in moved)}
    seq = events.record("area.received", to, by=by, at=at, **{"from": grid.code}, codes=codes, **counts)
    _tell(to, seq, counts, at)
    config.changed(current())
    return moved


def _tell(grid: Area, seq: int, counts: dict[str, int], at: datetime) -> None:
    """Notify the grid's workers of what they received, so that no duty is passed on unnoticed."""
    event = Event.objects.get(subject_type=grid._meta.label_lower, subject_id=grid.pk, seq=seq)
    notices.tell(
        {post.member_id for post in posts_of(grid, at) if post.member.active},
        event,
        facts=counts,
        link=f"desk/tickets/?area={grid.code}&open=1",
    )
