"""The sheet of additional questions (补充问题): export, edit, import."""

import pytest

from governance.tenancy.scope import scope
from tests.governance.sheets.pages import edited, new
from tests.worlds import MONDAY
from tickets.models import Category, Question
from tickets.questions import actions as question_actions

pytestmark = pytest.mark.django_db
SLUG = "questions"


@pytest.fixture
def kept(world):
    with scope(world.tenant):
        more = {"by": world.actor("admin"), "at": MONDAY}
        lamp, gas = Category.objects.get(code="0101"), world.categories["gas"]
        question_actions.keep(lamp, text="灯杆编号", kind="text", **more)
        stop = {"stop_on": "yes", "stop_text": "请拨打 119", "danger": True}
        question_actions.keep(gas, text="闻到气味吗", kind="yes_no", required=True, **stop, **more)


def rows(world):
    with scope(world.tenant):
        return {row.text: row for row in Question.objects.select_related("category")}


def test_questions_are_added_changed_and_retired(world, pages, kept):
    headings, *lines = pages.export(SLUG)
    cells = {line[2]: dict(zip(headings, line, strict=True)) for line in lines}
    assert cells["闻到气味吗"]["选择该答案时提醒"] == "是"
    cells["闻到气味吗"] |= {"提醒内容": "请开窗并拨打 119", "必答": "否"}
    cells["灯杆编号"] |= {"状态": "停用"}
    fresh = new(headings, 类别代码="0101", 问题="哪种灯", 答案类型="单选", 选项="路灯、景观灯")
    said = pages.bring(SLUG, [headings, *(list(one.values()) for one in cells.values()), fresh])
    assert "新增 1 行，修改 2 行" in said
    now = rows(world)
    assert now["闻到气味吗"].stop_text == "请开窗并拨打 119"
    assert now["闻到气味吗"].stop_on == "yes"
    assert not now["闻到气味吗"].required
    assert not now["灯杆编号"].active
    assert (now["哪种灯"].category.code, now["哪种灯"].options) == ("0101", ["路灯", "景观灯"])


def test_what_does_not_hold_is_said_and_stores_nothing(world, pages, kept):
    lines = pages.export(SLUG)
    fresh = new(lines[0], 类别代码="0101", 问题="哪种灯", 答案类型="单选", 选项="路灯")
    assert "单选要有 2 到" in pages.preview(SLUG, [*lines, fresh])[1]
    lines = edited(pages.export(SLUG), "0101", 答案类型="图片")
    assert "“答案类型”里不能填“图片”" in pages.preview(SLUG, lines)[1]
    assert set(rows(world)) == {"灯杆编号", "闻到气味吗"}


def choice(world, text, options, **more):
    with scope(world.tenant):
        lamp = Category.objects.get(code="0101")
        given = {"text": text, "kind": "choice", "options": options, **more}
        return question_actions.keep(lamp, **given, by=world.actor("admin"), at=MONDAY)


def test_options_are_set_apart_by_one_sign_where_it_stands(world, pages):
    odd = ["水管、阀门", "灯具；灯杆", "其他"]
    choice(world, "哪里坏了", odd)
    lines = pages.export(SLUG)
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    assert "修改 1 行" in pages.bring(SLUG, edited(lines, "0101", 必答="是"))
    assert rows(world)["哪里坏了"].options == odd
    pages.bring(SLUG, edited(lines, "0101", 选项="水管、阀门|其他"))
    assert rows(world)["哪里坏了"].options == ["水管、阀门", "其他"]


def test_an_option_that_looks_like_yes_stays_an_option(world, pages):
    stop = {"stop_on": "Yes", "stop_text": "请拨打 119"}
    choice(world, "有人受伤吗", ["Yes", "否", "不清楚"], **stop)
    lines = pages.export(SLUG)
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    pages.bring(SLUG, edited(lines, "0101", 选择该答案时提醒="否"))
    assert rows(world)["有人受伤吗"].stop_on == "否"


def test_a_question_that_stands_there_twice_is_numbered(world, pages):
    first, second = choice(world, "哪种灯", ["甲", "乙"]), choice(world, "哪种灯二", ["甲", "乙"])
    with scope(world.tenant):
        Question.objects.filter(pk=second.pk).update(text="哪种灯")
    headings, *lines = pages.export(SLUG)
    assert [line[2] for line in lines] == ["哪种灯", "哪种灯（2）"]
    assert "没有变化" in pages.preview(SLUG, [headings, *lines])[1]
    lines = [dict(zip(headings, line, strict=True)) for line in lines]
    lines[1]["状态"] = "停用"
    pages.bring(SLUG, [headings, *(list(one.values()) for one in lines)])
    with scope(world.tenant):
        kept = dict(Question.objects.values_list("pk", "active"))
        assert set(Question.objects.values_list("text", flat=True)) == {"哪种灯"}
    assert kept == {first.pk: True, second.pk: False}


def test_english_goes_out_and_comes_in_beside_the_districts_own(world, pages, kept):
    headings, *lines = pages.export(SLUG)
    english = {"英文问题": "Which?", "英文选项": "Street lamp；Garden lamp"}
    fresh = new(headings, 类别代码="0101", 问题="哪种灯", 答案类型="单选", 选项="路灯、景观灯", **english)
    said = pages.bring(SLUG, edited([headings, *lines, fresh], "0103", 英文提醒内容="Call 119"))
    assert "Street lamp|Garden lamp" in said
    now = rows(world)
    assert (now["哪种灯"].text_en, now["哪种灯"].options_en) == ("Which?", ["Street lamp", "Garden lamp"])
    assert now["闻到气味吗"].stop_text_en == "Call 119"
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]
    alone = [
        [cell for cell, name in zip(line, headings, strict=True) if name != "英文选项"]
        for line in pages.export(SLUG)
    ]
    at = alone[0].index("选项")
    for line in alone:
        line[at] = line[at].replace("路灯|景观灯", "路灯|景观灯|庭院灯")
    assert "英文选项要与选项一一对应" in pages.preview(SLUG, alone)[1]
