"""The sheet of categories: export, edit, import."""

import pytest

from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.governance.sheets.pages import edited, new
from tickets.models import Category

pytestmark = pytest.mark.django_db
SLUG = "categories"


def test_the_words_are_those_people_see(world, pages):
    headings, *rows = pages.export(SLUG)
    gas = dict(zip(headings, next(row for row in rows if row[0] == "0103"), strict=True))
    assert gas == {
        "代码": "0103",
        "上级代码": "01",
        "名称": "燃气泄漏",
        "英文名称": "",
        "紧急程度": "特急",
        "诉求类型": "求助",
        "需要现场核实": "是",
        "纠纷类": "否",
        "不上公开栏": "否",
        "首办单位代码": "water",
        "首办单位": "水务局",
        "状态": "启用",
    }


def test_a_branch_is_added_with_children_before_their_parents(world, pages):
    headings = pages.export(SLUG)[0]
    lines = [
        headings,
        new(headings, 代码="020101", 上级代码="0201", 名称="占道"),
        new(headings, 代码="0201", 上级代码="02", 名称="秩序"),
        new(headings, 代码="02", 名称="城市管理", 诉求类型="投诉", 首办单位代码="parks"),
    ]
    assert "新增 3 行" in pages.bring(SLUG, lines)
    with scope(world.tenant):
        tree = Category.objects.filter(code__startswith="02").order_by("code")
        assert list(tree.values_list("code", "level", "leaf", "tier", "matter")) == [
            ("02", 1, False, "ordinary", "complaint"),
            ("0201", 2, False, "ordinary", "help"),
            ("020101", 3, True, "ordinary", "help"),
        ]
        assert tree[0].duty_unit.code == "parks"
        assert Event.objects.filter(kind="settings.changed", facts__added=True).count() == 3


def test_a_category_is_changed_and_retired(world, pages):
    lines = edited(pages.export(SLUG), "0101", 状态="停用", 需要现场核实="否")
    said = pages.bring(SLUG, edited(lines, "0103", 首办单位代码=""))
    assert "需要现场核实：是 → 否" in said
    assert "首办单位代码：water → —" in said
    with scope(world.tenant):
        lamp, gas = Category.objects.get(code="0101"), Category.objects.get(code="0103")
        assert (lamp.active, lamp.needs_eyes, gas.duty_unit) == (False, False, None)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"上级代码": ""}, "“上级代码”不能在此修改，原为“01”"),
        ({"名称": ""}, "“名称”不能为空"),
        ({"名称": "长" * 61}, "“名称”最多 60 字"),
        ({"名称": "供水管道"}, "同一级已有“供水管道”"),
        ({"首办单位代码": "nobody"}, "没有代码为 nobody 的单位"),
        ({"首办单位代码": "lane_grids"}, "没有代码为 lane_grids 的单位，或者它不能首办"),
        ({"状态": "也许"}, "“状态”里不能填“也许”，可填：启用、停用"),
        ({"代码": "a b"}, "代码只能用字母"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_does_not_hold_is_said(world, pages, cells, reason):
    assert f"第 3 行：{reason}" in pages.preview(SLUG, edited(pages.export(SLUG), "0101", **cells))[1]


def test_a_fourth_level_and_a_circle_are_faults(world, pages):
    headings = pages.export(SLUG)[0]
    lines = [
        headings,
        new(headings, 代码="010101", 上级代码="0101", 名称="三级"),
        new(headings, 代码="01010101", 上级代码="010101", 名称="四级"),
        new(headings, 代码="A", 上级代码="B", 名称="甲"),
        new(headings, 代码="B", 上级代码="A", 名称="乙"),
    ]
    said = pages.preview(SLUG, lines)[1]
    assert "第 3 行：分类最多三级" in said
    assert "没有代码为 A 的分类" in said
    assert "有误 3 行" in said


def test_what_holds_others_is_retired_with_them(world, pages):
    lines = pages.export(SLUG)
    said = pages.preview(SLUG, edited(lines, "01", 状态="停用"))[1]
    assert "还有 4 个下级分类在用" in said
    for code in ("0104", "0103", "0102", "0101"):
        lines = edited(lines, code, 状态="停用")
    pages.bring(SLUG, edited(lines, "01", 状态="停用"))
    with scope(world.tenant):
        assert not Category.objects.filter(active=True).exists()


def test_the_english_name_goes_out_and_comes_in(world, pages):
    lines = edited(pages.export(SLUG), "0103", 英文名称="Leaking gas")
    assert "Leaking gas" in pages.bring(SLUG, lines)
    with scope(world.tenant):
        assert Category.objects.get(code="0103").name_en == "Leaking gas"
        assert Event.objects.get(kind="settings.changed").facts["fields"] == ["name_en"]
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]
    pages.bring(SLUG, edited(pages.export(SLUG), "0103", 英文名称=""))
    with scope(world.tenant):
        assert Category.objects.get(code="0103").name_en == ""


def test_a_category_is_kept_off_the_public_list_in_the_sheet(world, pages):
    pages.bring(SLUG, edited(pages.export(SLUG), "0103", 不上公开栏="是"))
    with scope(world.tenant):
        assert list(Category.objects.filter(unlisted=True).values_list("code", flat=True)) == ["0103"]
        assert Event.objects.get(kind="settings.changed").facts["fields"] == ["unlisted"]
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]
