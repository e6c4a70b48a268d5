"""The territory tree as an Excel sheet."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, flag, pattern, whole, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from grids.areas import actions
from grids.areas.imports import MOST_NAME, MOST_PEOPLE, degrees
from grids.choices import place_of
from grids.models import Area, Level

COUNTED = ("households", "population")
POINT = ("lat", "lng")


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = held(Area.objects.select_related("parent").order_by("path"), lock)
    return [Present(row, _cells(row)) for row in rows]


def _cells(row: Area) -> dict[str, str]:
    return {
        "code": row.code,
        "level": row.level,
        "parent": row.parent.code if row.parent else "",
        "name": row.name,
        "kind": row.kind,
        **{name: _number(getattr(row, name)) for name in (*COUNTED, *POINT)},
        "active": flag(row.valid_to is None),
    }


def _number(value: int | Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _degrees(most: int) -> Callable[[str], str]:
    return lambda text: _number(degrees(text, most))


def _values(cells: Cells, wanted: set[str]) -> dict[str, Any]:
    if bool(cells["lat"]) != bool(cells["lng"]):
        raise Invalid(_("纬度和经度要一起填"))
    values: dict[str, Any] = {name: cells[name] for name in ("name", "kind") if name in wanted}
    values |= {name: int(cells[name]) if cells[name] else None for name in COUNTED if name in wanted}
    values |= {name: Decimal(cells[name]) if cells[name] else None for name in POINT if name in wanted}
    return values


def _add(cells: Cells, *, by: Actor, at: datetime) -> None:
    if not cells["parent"]:
        raise Invalid(_("“%(field)s”不能为空") % {"field": _("上级代码")})
    given = {"level": cells["level"], "code": cells["code"], "parent": place_of(cells["parent"])}
    made = actions.add_area(**given, **_values(cells, set(cells)), by=by, at=at)
    if cells["active"] == "no":
        actions.retire_area(made, by=by, at=at)


def _change(row: Area, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if "active" in changed and cells["active"] == "yes":
        actions.restore_area(row, by=by, at=at)
    if values := _values(cells, changed):
        actions.change_area(row, **values, by=by, at=at)
    if "active" in changed and cells["active"] == "no":
        actions.retire_area(row, by=by, at=at)


COLUMNS = (
    Column(
        key="code",
        heading=gettext_lazy("代码"),
        hint=gettext_lazy("区县、街道、社区 12 位，网格 15 位，楼栋 17 位；停用后不再使用"),
        required=True,
        clean=pattern(r"[0-9A-Za-z]{3,20}", gettext_lazy("代码只能用字母和数字，3 到 20 位")),
    ),
    Column(key="level", heading=gettext_lazy("层级"), required=True, choices=dict(Level.choices), fixed=True),
    Column(key="parent", heading=gettext_lazy("上级代码"), fixed=True),
    Column(key="name", heading=gettext_lazy("名称"), required=True, most=MOST_NAME),
    Column(key="kind", heading=gettext_lazy("类别"), hint=gettext_lazy("例如：专属网格、商住楼"), most=30),
    Column(key="households", heading=gettext_lazy("户数"), clean=whole(0, MOST_PEOPLE), number=True),
    Column(key="population", heading=gettext_lazy("人口"), clean=whole(0, MOST_PEOPLE), number=True),
    Column(
        key="lat",
        heading=gettext_lazy("纬度"),
        hint=gettext_lazy("WGS-84；高德、百度的坐标请在区域页填写，系统会换算"),
        clean=_degrees(90),
    ),
    Column(key="lng", heading=gettext_lazy("经度"), clean=_degrees(180)),
    Column(
        key="active",
        heading=gettext_lazy("状态"),
        hint=gettext_lazy("还有在办事项、单位或负责人的区域不能停用"),
        choices=yes_or_no(gettext_lazy("启用"), gettext_lazy("停用")),
        keeps=True,
        default="yes",
    ),
)

add(
    Sheet(
        slug="areas",
        label=gettext_lazy("区域"),
        page="areas:areas",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("code",),
        named=("code", "name"),
        parent="parent",
        present=_present,
        add=_add,
        change=_change,
        columns=COLUMNS,
        note=gettext_lazy("行数超过一次导入的上限时，可以分成几个文件：文件中没有的行保持不变。"),
    )
)
