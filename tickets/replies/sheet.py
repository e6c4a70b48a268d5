"""Reply templates (答复模板) as an Excel sheet."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.sheets.columns import Column, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from tickets.catalog.category_sheet import category_of
from tickets.replies import actions
from tickets.replies.models import FIELDS, ReplyTemplate
from tickets.workflow import MOVES


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = held(ReplyTemplate.objects.select_related("category").order_by("verb", "title"), lock)
    return [Present(row, _cells(row)) for row in rows]


def _cells(row: ReplyTemplate) -> dict[str, str]:
    return {
        "verb": row.verb,
        "title": row.title,
        "category": row.category.code if row.category else "",
        "category_name": row.category.name if row.category else "",
        "text": row.text,
        "active": "yes",
    }


def _add(cells: Cells, *, by: Actor, at: datetime, pk: int | None = None) -> ReplyTemplate:
    category = category_of(cells["category"])
    given = {"verb": cells["verb"], "title": cells["title"], "text": cells["text"]}
    return actions.keep(**given, category=category, by=by, at=at, pk=pk)


def _change(row: ReplyTemplate, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if cells["active"] == "no":
        actions.drop(row.pk, by=by, at=at)
    else:
        _add(cells, by=by, at=at, pk=row.pk)


def _gone(cells: Cells, at: datetime) -> bool:
    return cells["active"] == "no"


add(
    Sheet(
        slug="replies",
        label=_("答复模板"),
        page="ticket-settings:replies",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("verb", "title"),
        present=_present,
        add=_add,
        change=_change,
        gone=_gone,
        columns=(
            Column(
                key="verb",
                heading=_("用于"),
                required=True,
                choices={verb: MOVES[verb].label for verb in FIELDS},
            ),
            Column(key="title", heading=_("名称"), required=True, most=40),
            Column(key="category", heading=_("类别代码"), hint=_("不填为不分类别")),
            Column(key="category_name", heading=_("类别"), note=True),
            Column(
                key="text",
                heading=_("内容"),
                hint=_("可写 {编号} {标题} {单位} {类别} {地点}，套用时换成工单的"),
                required=True,
            ),
            Column(
                key="active",
                heading=_("状态"),
                hint=_("停用后删除该模板"),
                choices=yes_or_no(_("启用"), _("停用")),
                keeps=True,
                default="yes",
            ),
        ),
    )
)
