"""The category tree as an Excel sheet."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, flag, pattern, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from grids.models import Unit, UnitKind
from tickets.catalog import actions
from tickets.catalog.models import Category
from tickets.states import Demand, Tier

CODE = r"[0-9A-Za-z.-]{1,20}"
NO_CODE = gettext_lazy("代码只能用字母、数字、点和连字符，最多 20 位")
FLAGS = ("needs_eyes", "dispute", "unlisted", "active")


def category_of(code: str) -> Category | None:
    """The category of a cell, None for an empty cell; raises Invalid."""
    found = Category.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Invalid(_("没有代码为 %(code)s 的分类") % {"code": code[:40]})
    return found


def _unit_of(code: str) -> Unit | None:
    found = Unit.objects.filter(code=code, active=True).exclude(kind=UnitKind.GRID_TEAM).first()
    if code and found is None:
        raise Invalid(_("没有代码为 %(code)s 的单位，或者它不能首办") % {"code": code[:40]})
    return found if code else None


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = held(Category.objects.select_related("parent", "duty_unit").order_by("code"), lock)
    return [Present(row, _cells(row)) for row in rows]


def _cells(row: Category) -> dict[str, str]:
    return {
        "code": row.code,
        "parent": row.parent.code if row.parent else "",
        "name": row.name,
        "name_en": row.name_en,
        "tier": row.tier,
        "matter": row.matter,
        "duty_unit": row.duty_unit.code if row.duty_unit else "",
        "duty_unit_name": row.duty_unit.name if row.duty_unit else "",
        **{name: flag(getattr(row, name)) for name in FLAGS},
    }


def _values(cells: Cells, wanted: set[str]) -> dict[str, Any]:
    """The wanted cells as arguments of the actions."""
    values: dict[str, Any] = {name: cells[name] for name in ("name_en", "tier", "matter") if name in wanted}
    values |= {name: cells[name] == "yes" for name in FLAGS if name in wanted}
    if "duty_unit" in wanted:
        values["duty_unit"] = _unit_of(cells["duty_unit"])
    return {"name": cells["name"], **values}


def _add(cells: Cells, *, by: Actor, at: datetime) -> Category:
    parent = category_of(cells["parent"])
    return actions.add_category(parent=parent, code=cells["code"], **_values(cells, set(cells)), by=by, at=at)


def _change(row: Category, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> Category:
    return actions.change_category(row, **_values(cells, changed), by=by, at=at)


add(
    Sheet(
        slug="categories",
        label=gettext_lazy("事项分类"),
        page="ticket-settings:categories",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("code",),
        named=("code", "name"),
        parent="parent",
        present=_present,
        add=_add,
        change=_change,
        columns=(
            Column(key="code", heading=gettext_lazy("代码"), required=True, clean=pattern(CODE, NO_CODE)),
            Column(
                key="parent",
                heading=gettext_lazy("上级代码"),
                hint=gettext_lazy("一级分类不填；最多三级"),
                fixed=True,
            ),
            Column(key="name", heading=gettext_lazy("名称"), required=True, most=60),
            Column(
                key="name_en",
                heading=gettext_lazy("英文名称"),
                hint=gettext_lazy("用于英文页面；不填则显示中文名称"),
                most=100,
            ),
            Column(
                key="tier",
                heading=gettext_lazy("紧急程度"),
                choices=dict(Tier.choices),
                keeps=True,
                default=Tier.ORDINARY.value,
            ),
            Column(
                key="matter",
                heading=gettext_lazy("诉求类型"),
                choices=dict(Demand.choices),
                keeps=True,
                default=Demand.HELP.value,
            ),
            Column(
                key="needs_eyes",
                heading=gettext_lazy("需要现场核实"),
                choices=yes_or_no(gettext_lazy("是"), gettext_lazy("否")),
                keeps=True,
                default="yes",
            ),
            Column(
                key="dispute",
                heading=gettext_lazy("纠纷类"),
                hint=gettext_lazy("这类事项（含下级分类）可以登记调解和协议"),
                choices=yes_or_no(gettext_lazy("是"), gettext_lazy("否")),
                keeps=True,
                default="no",
            ),
            Column(
                key="unlisted",
                heading=gettext_lazy("不上公开栏"),
                hint=gettext_lazy("户数少、容易识别到户的事项：此类事项（含下级分类）不在身边事和地图上显示"),
                choices=yes_or_no(gettext_lazy("是"), gettext_lazy("否")),
                keeps=True,
                default="no",
            ),
            Column(
                key="duty_unit",
                heading=gettext_lazy("首办单位代码"),
                hint=gettext_lazy("特急事项直接派给它，其他事项派单时优先推荐"),
            ),
            Column(key="duty_unit_name", heading=gettext_lazy("首办单位"), note=True),
            Column(
                key="active",
                heading=gettext_lazy("状态"),
                choices=yes_or_no(gettext_lazy("启用"), gettext_lazy("停用")),
                keeps=True,
                default="yes",
            ),
        ),
    )
)
