"""Administration of areas: check the right, check the data, record an event.

Codes are given once and retired, never changed or used again (domain.md B2): old tickets keep their area.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Conflict, Invalid
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids import followers
from grids.areas import records
from grids.models import Area, GridCommunity, Level, Post, Unit
from grids.tree import lasting, local_day
from grids.units import made as units_made
from grids.units.records import lock_rows, set_fields

AREA_FIELDS = ("name", "kind", "households", "population", "lat", "lng")
#: The number of digits that count the grids and the buildings of a community.
_COUNTED = {Level.GRID: 3, Level.BUILDING: 5}


def next_code(level: str, parent: Area) -> str:
    """The next free code of a grid or a building: its community's code, and a number that was never used
    before.

    Raises Invalid for other levels, because the statistical bureau gives those codes.
    """
    digits = _COUNTED.get(Level(level))
    home = next((code for code in reversed(parent.codes) if len(code) == 12 and code[-3:] != "000"), "")
    if not digits or not home:
        raise Invalid(_("这一层级的代码由统计部门编制，请填写"), field="code", code="no_code")
    taken = Area.objects.filter(code__startswith=home, level=level).order_by("-code")
    last = taken.values_list("code", flat=True).first()
    number = int(last[12:]) + 1 if last else 1
    if number >= 10**digits:
        raise Invalid(_("该社区编号已用完"), field="code", code="no_code")
    return f"{home}{number:0{digits}d}"


def add_area(
    *, level: str, name: str, parent: Area, code: str = "", by: Actor, at: datetime, **more: Any
) -> Area:
    """Add an area below another, with the units that every area of its level has.

    A grid or a building without a code gets the next one. Raises Forbidden, Invalid, or Conflict naming the
    field.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    lock_rows(parent)
    if parent.valid_to is not None:
        raise Invalid(_("上级已停用"), field="parent", code="retired")
    code = code.strip() or next_code(level, parent)
    if Area.objects.filter(code=code).exists():
        raise Conflict(_("代码 %(code)s 已被使用") % {"code": code}, code="code_taken", field="code")
    _fits(level, code, parent)
    _name_is_free(name, parent)
    made = records.add_area(
        level=level, code=code, name=name, parent=parent, valid_from=local_day(at), **more
    )
    units = units_made.make_units([made])
    events.record("area.added", made, by=by, at=at, code=code, level=level, parent=parent.code, units=units)
    config.changed(current())
    return made


def _fits(level: str, code: str, parent: Area) -> None:
    """Raise Invalid unless the digits of the code match the area above it."""
    records.check_area(level=level, code=code, parent=parent)
    digits = {Level.STREET: 6, Level.COMMUNITY: 9, Level.GRID: 12, Level.BUILDING: 12}.get(Level(level), 0)
    owner = next((one for one in reversed(parent.codes) if len(one) >= 12), parent.code)
    if digits and code[:digits] != owner[:digits]:
        message = _("代码 %(code)s 的前 %(n)d 位应与上级 %(parent)s 相同")
        given = {"code": code, "n": digits, "parent": owner}
        raise Invalid(message % given, field="code", code="foreign_code")
    if len(code) == 12 and level == Level.COMMUNITY and code.endswith("000"):
        raise Invalid(_("社区（村）代码的后三位不能是 000"), field="code", code="bad_code")


def _name_is_free(name: str, parent: Area | None, but: int | None = None) -> None:
    if not web_fields.trimmed(name):
        raise Invalid(_("没有名称"), field="name", code="no_name")
    beside = Area.objects.filter(parent=parent, name=web_fields.trimmed(name), valid_to=None).exclude(pk=but)
    if parent is not None and beside.exists():
        message = _("同一级已有“%(name)s”") % {"name": web_fields.trimmed(name)}
        raise Conflict(message, code="name_taken", field="name")


def change_area(area: Area, *, by: Actor, at: datetime, **values: Any) -> Area:
    """Change the data of an area; its code and its parent stay. Raises Forbidden or Conflict.

    The units that every street or community has are renamed with it, if they still have the old name.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if "name" in values:
        values["name"] = web_fields.trimmed(values["name"])
        if values["name"] != area.name:
            _name_is_free(values["name"], area.parent, area.pk)
    was = area.name
    changed = set_fields(area, values, AREA_FIELDS)
    if "name" in changed:
        _rename_units(area, was)
    if changed:
        events.record("area.changed", area, by=by, at=at, code=area.code, fields=changed)
        config.changed(current())
    return area


def _rename_units(area: Area, was: str) -> None:
    for kind, ending, name in units_made.OWN_UNITS.get(Level(area.level), ()):
        own = Unit.objects.filter(kind=kind, code=area.code + ending, name=str(name) % was)
        own.update(name=(str(name) % area.name)[:100])


def retire_area(area: Area, *, by: Actor, at: datetime) -> Area:
    """Retire an area; today is its last day, and nothing may be left in it.

    Raises Forbidden, Invalid, or Conflict saying what is left.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if area.parent_id is None:
        raise Invalid(_("区县本身不能停用"), code="root")
    lock_rows(area)
    if left := left_in(area, at):
        raise Conflict(_("还不能停用：%(left)s") % {"left": _("；").join(left)}, code="in_use")
    if area.valid_to is None:
        area.valid_to = max(local_day(at), area.valid_from)
        area.save(update_fields=["valid_to"])
        events.record("area.retired", area, by=by, at=at, code=area.code)
        config.changed(current())
    return area


def left_in(area: Area, at: datetime) -> list[str]:
    """The things left in an area, in words; empty if it can be retired. A fixed number of statements."""
    inside = Area.objects.filter(below("path", [area.path]), valid_to=None).exclude(pk=area.pk)
    count = inside.count()
    left = [_("下面还有 %(n)d 个区域在用") % {"n": count}] if count else []
    for label, found in followers.open_at([area.path]):
        if found.total():
            left.append(_("%(label)s %(n)d 件") % {"label": label, "n": found.total()})
    units = Unit.objects.filter(area=area, active=True).count()
    if units:
        left.append(_("有 %(n)d 个在用单位") % {"n": units})
    posts = Post.objects.filter(lasting(local_day(at)), covers__area=area, member__active=True)
    if names := list(posts.values_list("member__name", flat=True)[:5]):
        left.append(_("%(names)s仍负责该区域") % {"names": "、".join(names)})
    return left


def restore_area(area: Area, *, by: Actor, at: datetime) -> Area:
    """Restore a retired area.

    Raises Forbidden, or Conflict if it was merged or the area above it is retired.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    lock_rows(*filter(None, [area.parent, area]))
    if area.merged_into_id is not None:
        raise Conflict(_("已并入其他网格，不能恢复"), code="merged")
    if area.parent and area.parent.valid_to is not None:
        raise Conflict(_("上级已停用"), code="retired")
    _name_is_free(area.name, area.parent, area.pk)
    if area.valid_to is not None:
        area.valid_to = None
        area.save(update_fields=["valid_to"])
        events.record("area.restored", area, by=by, at=at, code=area.code)
        config.changed(current())
    return area


def serve_communities(grid: Area, communities: Iterable[Area], *, by: Actor, at: datetime) -> None:
    """Set the further communities of its street that a joint grid (联建) serves.

    Raises Forbidden or Invalid.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    wanted = {one.pk: one for one in communities}
    street = grid.parent.parent_id if grid.parent else None
    if any(one.level != Level.COMMUNITY or one.parent_id != street for one in wanted.values()):
        raise Invalid(_("联建的社区要在同一街道"), field="communities", code="other_street")
    served = {row.community_id: row for row in GridCommunity.objects.filter(grid=grid)}
    today = local_day(at)
    changed = [row for pk, row in served.items() if (row.valid_to is None) != (pk in wanted)]
    for row in changed:
        row.valid_to = None if row.community_id in wanted else today
    GridCommunity.objects.bulk_update(changed, ["valid_to"])
    fresh = [pk for pk in wanted if pk not in served]
    GridCommunity.objects.bulk_create(
        GridCommunity(grid=grid, community_id=pk, valid_from=today) for pk in fresh
    )
    if changed or fresh:
        codes = sorted(one.code for one in wanted.values())
        events.record("area.changed", grid, by=by, at=at, code=grid.code, serves=codes)
        config.changed(current())
