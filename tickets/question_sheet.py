"""补充问题 as a sheet."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, flag, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from tickets import questions
from tickets.actions import questions as actions
from tickets.category_sheet import category_of
from tickets.models import Question

SIGN = "|"


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = Question.objects.select_related("category").order_by("category__code", "place", "id")
    return [Present(row, _cells(row)) for row in held(rows, lock)]


def _cells(row: Question) -> dict[str, str]:
    return {
        "category": row.category.code,
        "category_name": row.category.name,
        "text": row.text,
        "kind": row.kind,
        "options": SIGN.join(row.options),
        "required": flag(row.required),
        "stop_on": questions.words(row.kind, row.stop_on),
        "stop_text": row.stop_text,
        "danger": flag(row.danger),
        "active": flag(row.active),
    }


def _options(text: str) -> str:
    """The options of one cell, each set apart by the same sign."""
    for sign in "、；;\n":
        text = text.replace(sign, SIGN)
    return SIGN.join(part.strip() for part in text.split(SIGN) if part.strip())


def _stop(text: str) -> str:
    """Yes and no in the reader's language, whichever they were written in; options as they are."""
    known = Column(key="stop_on", heading="", choices=yes_or_no(_("是"), _("否")))
    try:
        return questions.words(Question.Kind.YES_NO, known.reader()(text))
    except Invalid:
        return text


def _keep(cells: Cells, *, by: Actor, at: datetime, pk: int | None = None) -> Question:
    category = category_of(cells["category"])
    given = {name: cells[name] for name in ("text", "kind", "stop_on", "stop_text")}
    given |= {name: cells[name] == "yes" for name in ("required", "danger", "active")}
    options = cells["options"].split(SIGN) if cells["options"] else []
    return actions.keep(category, **given, options=options, by=by, at=at, pk=pk)


def _change(row: Question, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    _keep(cells, by=by, at=at, pk=row.pk)


add(
    Sheet(
        slug="questions",
        label=_("补充问题"),
        page="ticket-settings:categories",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("category", "text"),
        named=("category_name", "text"),
        present=_present,
        add=_keep,
        change=_change,
        columns=(
            Column(key="category", heading=_("类别代码"), required=True),
            Column(key="category_name", heading=_("类别"), note=True),
            Column(
                key="text",
                heading=_("问题"),
                hint=_("改写问题就是新问题，原来的请停用；已有的回答照旧保留"),
                required=True,
                most=120,
            ),
            Column(key="kind", heading=_("答案类型"), required=True, choices=dict(Question.Kind.choices)),
            Column(
                key="options", heading=_("选项"), hint=_("只用于单选，之间用 | 或顿号分开"), clean=_options
            ),
            Column(
                key="required",
                heading=_("必答"),
                choices=yes_or_no(_("是"), _("否")),
                keeps=True,
                default="no",
            ),
            Column(
                key="stop_on",
                heading=_("遇到这个答案时提醒"),
                hint=_("填“是”“否”或一个选项；不填则不提醒"),
                clean=_stop,
                most=40,
            ),
            Column(
                key="stop_text",
                heading=_("提醒内容"),
                hint=_("请居民先做什么，文中的电话可以直接拨打"),
                most=300,
            ),
            Column(
                key="danger",
                heading=_("有人身危险"),
                hint=_("先显示紧急电话；居民仍要提交的，按紧急件办理"),
                choices=yes_or_no(_("是"), _("否")),
                keeps=True,
                default="no",
            ),
            Column(
                key="active",
                heading=_("状态"),
                choices=yes_or_no(_("启用"), _("停用")),
                keeps=True,
                default="yes",
            ),
        ),
    )
)
