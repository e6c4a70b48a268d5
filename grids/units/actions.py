"""Administration of units: check the right, check the data, record an event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.database.unique import conflict_on_duplicate
from governance.errors import Conflict, Invalid
from governance.events import channels
from governance.tenancy import config
from governance.tenancy.scope import current
from governance.text import telephones
from governance.web import fields as web_fields
from grids import followers
from grids.models import Area, Post, Unit
from grids.tree import lasting, local_day
from grids.units import records
from grids.units.records import lock_rows, set_fields

REACHED = ("phone", "address", "opening")  # how residents reach a unit
UNIT_FIELDS = ("name", "area", "parent", *REACHED)


def add_unit(
    *,
    kind: str,
    code: str,
    name: str,
    area: Area,
    parent: Unit | None = None,
    by: Actor,
    at: datetime,
    **reached: str,
) -> Unit:
    """Add a unit that can hold work; raises Forbidden, Invalid, or Conflict naming the field."""
    policy.require(by, Permission.SETTINGS_EDIT)
    code = code.strip()
    if Unit.objects.filter(code=code).exists():
        raise Conflict(_("代码 %(code)s 已被使用") % {"code": code}, code="code_taken", field="code")
    _serves(area)
    if parent is not None and not parent.active:
        raise Invalid(_("上级单位已停用"), field="parent", code="retired")
    _unit_name_is_free(name, area)
    with conflict_on_duplicate(
        Conflict(_("代码 %(code)s 已被使用") % {"code": code}, code="code_taken", field="code")
    ):
        made = records.add_unit(
            kind=kind, code=code, name=name, area=area, parent=parent, **_reached(reached)
        )
    events.record("unit.added", made, by=by, at=at, code=code, sort=kind, area=area.code)
    return made


def _reached(values: Mapping[str, Any]) -> dict[str, str]:
    """The contact data of a unit as stored: trimmed, the phone in one format. Raises Invalid."""
    given = {name: web_fields.trimmed(values[name]) for name in REACHED if name in values}
    return given | ({"phone": telephones.valid(given["phone"])} if "phone" in given else {})


def _serves(area: Area) -> None:
    if area.valid_to is not None:
        raise Invalid(_("所辖区域已停用"), field="area", code="retired")


def _unit_name_is_free(name: str, area: Area, but: int | None = None) -> None:
    if not web_fields.trimmed(name):
        raise Invalid(_("没有名称"), field="name", code="no_name")
    if Unit.objects.filter(area=area, name=web_fields.trimmed(name), active=True).exclude(pk=but).exists():
        message = _("该区域已有单位“%(name)s”") % {"name": web_fields.trimmed(name)}
        raise Conflict(message, code="name_taken", field="name")


def change_unit(unit: Unit, *, by: Actor, at: datetime, **values: Any) -> Unit:
    """Change the name, the area, the parent or the contact data of a unit; its subunits move with it.

    Raises Forbidden, Invalid or Conflict.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    values.update(_reached(values))
    if "name" in values:
        values["name"] = web_fields.trimmed(values["name"])
    area, parent = values.get("area", unit.area), values.get("parent", unit.parent)
    if parent is not None and parent != unit.parent:
        lock_rows(unit, parent)
        if not parent.active:
            raise Invalid(_("上级单位已停用"), field="parent", code="retired")
    if area != unit.area:
        _serves(area)
    if values.get("name", unit.name) != unit.name or area != unit.area:
        _unit_name_is_free(values.get("name", unit.name), area, unit.pk)
    if parent is not None and parent != unit.parent and parent.path.startswith(unit.path):
        raise Invalid(_("不能归到自己或自己的下属单位"), field="parent", code="circle")
    changed = set_fields(unit, values, UNIT_FIELDS)
    if "parent" in changed:
        _move_unit(unit)
    if changed:
        events.record("unit.changed", unit, by=by, at=at, code=unit.code, fields=changed)
        config.changed(current())
    return unit


def _move_unit(unit: Unit) -> None:
    """Bring the paths of a unit and its subunits in line with its new parent."""
    old, new = unit.path, (unit.parent.path if unit.parent else "") + f"{unit.pk}/"
    rows = list(Unit.objects.filter(path__gte=old, path__lt=old[:-1] + "0"))
    for row in rows:
        row.path = new + row.path[len(old) :]
    if any(len(row.path) > 120 for row in rows):
        raise Invalid(_("单位的层级太多"), field="parent", code="too_deep")
    Unit.objects.bulk_update(rows, ["path"])
    unit.path = new


def retire_unit(unit: Unit, *, by: Actor, at: datetime) -> Unit:
    """Retire a unit; no work may wait for it, and no member may be in it.

    Raises Forbidden, or Conflict saying what is left.
    """
    policy.require(by, Permission.SETTINGS_EDIT)
    if left := left_with(unit, at):
        raise Conflict(_("还不能停用：%(left)s") % {"left": _("；").join(left)}, code="in_use")
    channels.drop_group(unit.pk, by=by, at=at)
    return _switch_unit(unit, False, "unit.retired", by=by, at=at)


def left_with(unit: Unit, at: datetime) -> list[str]:
    """The things that still depend on a unit, in words; empty if it can be retired. A fixed number of statements."""
    left = [
        _("%(label)s %(n)d 件") % {"label": label, "n": count}
        for label, count in followers.held_by(unit.pk)
        if count
    ]
    if parts := Unit.objects.filter(parent=unit, active=True).count():
        left.append(_("有 %(n)d 个在用的下属单位") % {"n": parts})
    posts = Post.objects.filter(lasting(local_day(at)), unit=unit, member__active=True)
    if names := list(posts.values_list("member__name", flat=True)[:5]):
        left.append(_("%(names)s仍在此任职") % {"names": "、".join(names)})
    return left


def restore_unit(unit: Unit, *, by: Actor, at: datetime) -> Unit:
    """Restore a retired unit; raises Forbidden, or Invalid if its area or its parent is retired."""
    policy.require(by, Permission.SETTINGS_EDIT)
    _serves(unit.area)
    if unit.parent and not unit.parent.active:
        raise Invalid(_("上级单位已停用"), field="parent", code="retired")
    return _switch_unit(unit, True, "unit.restored", by=by, at=at)


def _switch_unit(unit: Unit, active: bool, kind: str, *, by: Actor, at: datetime) -> Unit:
    if unit.active != active:
        unit.active = active
        unit.save(update_fields=["active"])
        events.record(kind, unit, by=by, at=at, code=unit.code)
        config.changed(current())
    return unit
