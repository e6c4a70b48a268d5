"""The units that can hold work, as an Excel sheet."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, flag, pattern, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from governance.text import telephones
from grids.choices import place_of
from grids.models import Unit, UnitKind
from grids.units import actions


def _unit_of(code: str) -> Unit | None:
    """The unit of a cell, active or not; None for an empty cell. Raises Invalid."""
    found = Unit.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Invalid(_("没有代码为 %(code)s 的单位") % {"code": code[:40]})
    return found


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = held(Unit.objects.select_related("area", "parent").order_by("kind", "code"), lock)
    return [Present(row, _cells(row)) for row in rows]


def _cells(row: Unit) -> dict[str, str]:
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "area": row.area.code,
        "area_name": row.area.name,
        "parent": row.parent.code if row.parent else "",
        "parent_name": row.parent.name if row.parent else "",
        **{name: getattr(row, name) for name in actions.REACHED},
        "active": flag(row.active),
    }


def _values(cells: Cells, wanted: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {key: cells[key] for key in ("name", *actions.REACHED) if key in wanted}
    if "area" in wanted:
        values["area"] = place_of(cells["area"])
    if "parent" in wanted:
        values["parent"] = _unit_of(cells["parent"])
    return values


def _add(cells: Cells, *, by: Actor, at: datetime) -> None:
    given = {"kind": cells["kind"], "code": cells["code"]}
    made = actions.add_unit(**given, **_values(cells, set(cells)), by=by, at=at)
    if cells["active"] == "no":
        actions.retire_unit(made, by=by, at=at)


def _change(row: Unit, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if "active" in changed and cells["active"] == "yes":
        actions.restore_unit(row, by=by, at=at)
    if values := _values(cells, changed):
        actions.change_unit(row, **values, by=by, at=at)
    if "active" in changed and cells["active"] == "no":
        actions.retire_unit(row, by=by, at=at)


COLUMNS = (
    Column(
        key="code",
        heading=gettext_lazy("代码"),
        hint=gettext_lazy("本区县内不重复，确定后不能修改；有统一社会信用代码的可用它"),
        required=True,
        clean=pattern(r"[0-9A-Za-z_-]{1,40}", gettext_lazy("代码只能用字母、数字、横线和下划线，最多 40 位")),
    ),
    Column(
        key="kind", heading=gettext_lazy("类别"), required=True, choices=dict(UnitKind.choices), fixed=True
    ),
    Column(key="name", heading=gettext_lazy("名称"), required=True, most=100),
    Column(key="area", heading=gettext_lazy("所辖区域代码"), required=True),
    Column(key="area_name", heading=gettext_lazy("所辖区域"), note=True),
    Column(
        key="parent",
        heading=gettext_lazy("上级单位代码"),
        hint=gettext_lazy("科室归部门、网格队伍归社区；上级单位的负责人看得到下属单位的工单"),
    ),
    Column(key="parent_name", heading=gettext_lazy("上级单位"), note=True),
    Column(
        key="phone",
        heading=gettext_lazy("电话"),
        hint=gettext_lazy("座机写区号，如 0543-3201234"),
        clean=telephones.valid,
    ),
    Column(key="address", heading=gettext_lazy("地址"), most=100),
    Column(
        key="opening",
        heading=gettext_lazy("对外时间"),
        hint=gettext_lazy("如：周一至周五 8:30-17:30。居民在“我的社区”看得到居委会、街道、网格队伍的"),
        most=60,
    ),
    Column(
        key="active",
        heading=gettext_lazy("状态"),
        hint=gettext_lazy("还有在办事项、人员或下属单位的不能停用"),
        choices=yes_or_no(gettext_lazy("启用"), gettext_lazy("停用")),
        keeps=True,
        default="yes",
    ),
)

add(
    Sheet(
        slug="units",
        label=gettext_lazy("单位"),
        page="areas:units",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("code",),
        named=("code", "name"),
        parent="parent",
        present=_present,
        add=_add,
        change=_change,
        columns=COLUMNS,
    )
)
