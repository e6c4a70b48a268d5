"""The service levels as an Excel sheet."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks.calendar import Unit
from governance.clocks.policies import LONGEST
from governance.sheets.columns import Column, numbers, whole, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from tickets.catalog import actions
from tickets.catalog.category_sheet import category_of
from tickets.catalog.models import ServiceLevel
from tickets.catalog.service_levels import MEASURES, USED, measured, stored
from tickets.states import Tier

ALL = ("", _("不分"))


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = ServiceLevel.objects.select_related("category").order_by("purpose", "tier", "category__code")
    order = {purpose.value: place for place, purpose in enumerate(USED)}
    found = sorted(held(rows, lock), key=lambda row: order.get(row.purpose, len(order)))
    return [Present(row, _cells(row)) for row in found]


def _cells(row: ServiceLevel) -> dict[str, str]:
    amount, measure = measured(row.budget, row.unit)
    return {
        "purpose": row.purpose,
        "tier": row.tier,
        "category": row.category.code if row.category else "",
        "category_name": row.category.name if row.category else "",
        "budget": str(amount),
        "unit": measure,
        "warn": " ".join(str(share) for share in row.warn_shares),
        "rise": " ".join(str(amount) for amount, _unit in row.escalate_after),
        "active": "yes",
    }


def _settled(cells: dict[str, str]) -> dict[str, str]:
    """The cells with the time limit in the largest unit that fits, so that 120 minutes are the same as 2 hours."""
    if cells.get("budget") and cells.get("unit"):
        amount, measure = measured(*stored(int(cells["budget"]), cells["unit"]))
        cells |= {"budget": str(amount), "unit": measure}
    return cells


def _values(cells: Cells) -> dict[str, Any]:
    budget, unit = stored(int(cells["budget"]), cells["unit"])
    return {
        "tier": cells["tier"],
        "category": category_of(cells["category"]),
        "purpose": cells["purpose"],
        "budget": budget,
        "unit": unit,
        "warn": [int(one) for one in cells["warn"].split()],
        "rise": [int(one) for one in cells["rise"].split()],
    }


def _add(cells: Cells, *, by: Actor, at: datetime) -> ServiceLevel:
    return actions.set_level(**_values(cells), by=by, at=at)


def _change(row: ServiceLevel, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if cells["active"] == "no":
        actions.drop_level(row.pk, by=by, at=at)
    else:
        actions.set_level(**_values(cells), by=by, at=at)


def _gone(cells: Cells, at: datetime) -> bool:
    return cells["active"] == "no"


COLUMNS = (
    Column(
        key="purpose",
        heading=_("环节"),
        required=True,
        choices={purpose.value: purpose.label for purpose in USED},
    ),
    Column(key="tier", heading=_("紧急程度"), choices=dict([ALL, *Tier.choices])),
    Column(key="category", heading=_("类别代码"), hint=_("不填为不分类别")),
    Column(key="category_name", heading=_("类别"), note=True),
    Column(key="budget", heading=_("时限"), required=True, clean=whole(1, max(LONGEST.values()))),
    Column(
        key="unit",
        heading=_("计时单位"),
        choices=dict(MEASURES),
        also_words={"自然分钟（不分昼夜）": Unit.NATURAL_MINUTES.value},
        keeps=True,
        default=Unit.WORKDAYS.value,
    ),
    Column(
        key="warn",
        heading=_("预警（已用时限的百分比）"),
        hint=_("例如 50 80；不填按平台默认"),
        clean=numbers,
    ),
    Column(
        key="rise",
        heading=_("超时后逐级升级"),
        hint=_("例如 1 5：按工作时间的以工作日计，不分昼夜的以分钟计；不填按平台默认"),
        clean=numbers,
    ),
    Column(
        key="active",
        heading=_("状态"),
        hint=_("停用后本条删除，适用通用时限"),
        choices=yes_or_no(_("启用"), _("停用")),
        keeps=True,
        default="yes",
    ),
)

add(
    Sheet(
        slug="levels",
        label=_("办理时限"),
        page="ticket-settings:levels",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("purpose", "tier", "category"),
        named=("purpose", "tier", "category"),
        present=_present,
        add=_add,
        change=_change,
        gone=_gone,
        settle=_settled,
        columns=COLUMNS,
        note=_("修改只对以后开始的计时生效。"),
    )
)
