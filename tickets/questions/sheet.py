"""Category questions (补充问题) as an Excel sheet."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, flag, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from tickets.catalog.category_sheet import category_of
from tickets.questions import actions, rules
from tickets.questions.models import Question

SIGN = actions.SIGN
MAX_TEXT = 120  # characters of a question
WORDS = ("text_en", "kind", "stop_on", "stop_text", "stop_text_en")
LISTS = ("options", "options_en")


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = Question.objects.select_related("category").order_by("category__code", "place", "id")
    found = list(held(rows, lock))
    texts = _told_apart(found)
    return [Present(row, _cells(row, texts[row.pk])) for row in found]


def _told_apart(rows: list[Question]) -> dict[int, str]:
    """The text of each question by its id; if a category has the same text twice, the later one gets a
    number."""
    texts: dict[int, str] = {}
    taken = {(row.category_id, row.text) for row in rows}
    given: set[tuple[int, str]] = set()
    for row in sorted(rows, key=lambda row: row.pk):
        text, n = row.text, 1
        while (row.category_id, text) in (given if n == 1 else given | taken):
            n += 1
            text = f"{row.text[: MAX_TEXT - len(str(n)) - 2]}（{n}）"
        given.add((row.category_id, text))
        texts[row.pk] = text
    return texts


def _cells(row: Question, text: str) -> dict[str, str]:
    return {
        "category": row.category.code,
        "category_name": row.category.name,
        "text": text,
        "text_en": row.text_en,
        "kind": row.kind,
        "options": SIGN.join(row.options),
        "options_en": SIGN.join(row.options_en),
        "required": flag(row.required),
        "stop_on": rules.words(row.kind, row.stop_on),
        "stop_text": row.stop_text,
        "stop_text_en": row.stop_text_en,
        "danger": flag(row.danger),
        "active": flag(row.active),
    }


def _options(text: str) -> str:
    """The options of one cell, separated by SIGN; other separators count only if the cell has no SIGN."""
    if SIGN not in text:
        for sign in "、；;\n":
            text = text.replace(sign, SIGN)
    return SIGN.join(part.strip() for part in text.split(SIGN) if part.strip())


def _settled(cells: dict[str, str]) -> dict[str, str]:
    """A yes or no in the reader's language, whatever language it was written in; an option stays as it is."""
    if cells.get("kind") != Question.Kind.YES_NO or not cells.get("stop_on"):
        return cells
    known = Column(key="stop_on", heading="", choices=yes_or_no(_("是"), _("否")))
    try:
        code = known.reader()(cells["stop_on"])
    except Invalid:  # the action reports it
        return cells
    return cells | {"stop_on": rules.words(Question.Kind.YES_NO, code)}


def _values(cells: Cells) -> dict[str, Any]:
    given: dict[str, Any] = {name: cells[name] for name in WORDS}
    return given | {name: cells[name] == "yes" for name in ("required", "danger", "active")}


def _split(cells: Cells, wanted: Collection[str] = LISTS) -> dict[str, list[str]]:
    return {name: cells[name].split(SIGN) if cells[name] else [] for name in LISTS if name in wanted}


def _add(cells: Cells, *, by: Actor, at: datetime) -> Question:
    category = category_of(cells["category"])
    return actions.keep(category, text=cells["text"], **_split(cells), **_values(cells), by=by, at=at)


def _change(row: Question, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> Question:
    """Change a question. The text never changes, because it identifies the row."""
    more = _split(cells, changed)
    return actions.keep(row.category, pk=row.pk, **_values(cells), **more, by=by, at=at)


add(
    Sheet(
        slug="questions",
        label=_("补充问题"),
        page="ticket-settings:categories",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("category", "text"),
        named=("category_name", "text"),
        present=_present,
        add=_add,
        change=_change,
        settle=_settled,
        columns=(
            Column(key="category", heading=_("类别代码"), required=True),
            Column(key="category_name", heading=_("类别"), note=True),
            Column(
                key="text",
                heading=_("问题"),
                hint=_("改写问题就是新问题，原来的请停用；已有的回答照旧保留"),
                required=True,
                most=MAX_TEXT,
            ),
            Column(
                key="text_en",
                heading=_("英文问题"),
                hint=_("用于英文页面；不填则显示中文名称"),
                most=200,
            ),
            Column(key="kind", heading=_("答案类型"), required=True, choices=dict(Question.Kind.choices)),
            Column(
                key="options",
                heading=_("选项"),
                hint=_("只用于单选，之间用 | 分开；没有 | 时也可用顿号或分号"),
                clean=_options,
            ),
            Column(
                key="options_en",
                heading=_("英文选项"),
                hint=_("与选项一一对应；可以都不填"),
                clean=_options,
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
                heading=_("选择该答案时提醒"),
                hint=_("填“是”“否”或一个选项；不填则不提醒"),
                most=40,
            ),
            Column(
                key="stop_text",
                heading=_("提醒内容"),
                hint=_("请居民先做什么，文中的电话可以直接拨打"),
                most=300,
            ),
            Column(key="stop_text_en", heading=_("英文提醒内容"), most=500),
            Column(
                key="danger",
                heading=_("有人身危险"),
                hint=_("先显示紧急电话；居民仍要提交的，按特急件办理"),
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
