"""The sheet of reply templates (答复模板): export, edit, import."""

import pytest

from governance.tenancy.scope import scope
from tests.governance.sheets.pages import edited, new
from tests.worlds import MONDAY
from tickets.models import ReplyTemplate
from tickets.replies import actions as replies

pytestmark = pytest.mark.django_db
SLUG = "replies"
TEXT = "您反映的{标题}已办结。\r\n如有疑问请致电。\n\n  - 附件"


@pytest.fixture
def kept(world):
    with scope(world.tenant):
        for title, text in (("通用", TEXT), ("路灯", "=已修复")):
            replies.keep(
                verb="resolve", title=title, text=text, category=None, by=world.actor("admin"), at=MONDAY
            )


def texts(world):
    with scope(world.tenant):
        return dict(ReplyTemplate.objects.values_list("title", "text"))


def test_long_texts_come_back_as_they_were(world, pages, kept):
    lines = pages.export(SLUG)
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    lines = [lines[0], *([*line[:2], "0101", *line[3:]] for line in lines[1:])]
    assert "修改 2 行" in pages.bring(SLUG, lines)
    assert texts(world) == {"通用": TEXT, "路灯": "=已修复"}


def test_templates_are_added_changed_and_dropped(world, pages, kept):
    headings, *rows = pages.export(SLUG)
    cells = [dict(zip(headings, row, strict=True)) for row in rows]
    for one in cells:
        one |= {"状态": "停用"} if one["名称"] == "路灯" else {"内容": "已办结"}
    fresh = new(headings, 用于="请居民补充", 名称="问位置", 内容="请问在哪里")
    lines = [headings, *(list(one.values()) for one in cells), fresh]
    assert "新增 1 行，修改 2 行" in pages.bring(SLUG, lines)
    assert texts(world) == {"通用": "已办结", "问位置": "请问在哪里"}
    assert "没有变化" in pages.preview(SLUG, lines)[1]


def test_what_does_not_hold_is_said(world, pages, kept):
    lines = edited(pages.export(SLUG), "办结", 内容="")
    assert "“内容”不能为空" in pages.preview(SLUG, lines)[1]
    lines = edited(pages.export(SLUG), "办结", 类别代码="7")
    assert "没有代码为 7 的分类" in pages.preview(SLUG, lines)[1]
    lines = edited(pages.export(SLUG), "办结", 用于="作废")
    assert "“用于”里不能填“作废”" in pages.preview(SLUG, lines)[1]
