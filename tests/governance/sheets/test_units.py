"""The sheet of units: export, edit, import."""

import pytest

from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Unit
from tests.governance.sheets.pages import edited, new

pytestmark = pytest.mark.django_db
SLUG = "units"


def unit(world, code):
    with scope(world.tenant):
        return Unit.objects.select_related("parent", "area").get(code=code)


def path_of(world, *codes):
    return "".join(f"{unit(world, code).pk}/" for code in codes)


def test_units_are_added_below_each_other_moved_and_retired(world, pages):
    lines = pages.export(SLUG)
    headings, where = lines[0], "990101000000"
    lines = edited(edited(lines, "pipes", 上级单位代码="board"), "parks", 名称="园林绿化局")
    lines = edited(lines, "west_team", 状态="停用")
    lines += [
        new(
            headings,
            代码="meters",
            类别="科室（内设机构）",
            名称="水表科",
            所辖区域代码=where,
            上级单位代码="board",
        ),
        new(headings, 代码="board", 类别="部门", 名称="水利委员会", 所辖区域代码=where),
    ]
    said = pages.bring(SLUG, edited(lines, "water", 上级单位代码="board"))
    assert "新增 2 行，修改 4 行" in said
    assert unit(world, "meters").path == path_of(world, "board", "meters")
    assert unit(world, "pipes").path == path_of(world, "board", "pipes")
    assert unit(world, "water").path == path_of(world, "board", "water")
    assert (unit(world, "parks").name, unit(world, "west_team").active) == ("园林绿化局", False)
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]


def test_a_branch_that_moves_takes_its_parts_along_whatever_the_order(world, pages):
    headings = pages.export(SLUG)[0]
    fresh = {"类别": "科室（内设机构）", "所辖区域代码": "990101000000"}
    lines = [
        headings,
        new(headings, 代码="a", 名称="甲", **fresh),
        new(headings, 代码="b", 名称="乙", 上级单位代码="a", **fresh),
        new(headings, 代码="c", 名称="丙", 上级单位代码="b", **fresh),
    ]
    pages.bring(SLUG, lines)
    turned = edited(edited(edited(lines, "a", 上级单位代码="c"), "b", 上级单位代码=""), "c", 上级单位代码="b")
    pages.bring(SLUG, turned)
    assert unit(world, "a").path == path_of(world, "b", "c", "a")


def test_how_a_unit_is_reached_goes_out_and_comes_in(world, pages):
    reached = {"电话": "0543-320 1234", "地址": "河滨路 1 号", "对外时间": "周一至周五 8:30-17:30"}
    headings, *_ = lines = edited(pages.export(SLUG), "water", **reached)
    fresh = new(headings, 代码="tea", 类别="部门", 名称="茶叶局", 所辖区域代码="990101000000", **reached)
    said = pages.bring(SLUG, [*lines, fresh])
    assert "新增 1 行，修改 1 行" in said
    assert "周一至周五 8:30-17:30" in said
    for code in ("water", "tea"):
        made = unit(world, code)
        assert (made.phone, made.address) == ("05433201234", "河滨路 1 号")
        assert made.opening == "周一至周五 8:30-17:30"
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]
    pages.bring(SLUG, edited(pages.export(SLUG), "water", 电话=""))
    assert unit(world, "water").phone == ""
    with scope(world.tenant):
        facts = Event.objects.filter(kind="unit.changed").order_by("id").values_list("facts", flat=True)
        assert [one["fields"] for one in facts] == [["phone", "address", "opening"], ["phone"]]


@pytest.mark.parametrize(
    ("key", "cells", "reason"),
    [
        ("water", {"电话": "值班室"}, "电话应为 7 到 15 位数字"),
        ("water", {"对外时间": "周" * 61}, "“对外时间”最多 60 字"),
        ("water", {"状态": "停用"}, "有 1 个在用的下属单位"),
        ("water", {"类别": "科室（内设机构）"}, "“类别”不能在此修改，原为“部门”"),
        ("water", {"上级单位代码": "pipes"}, "不能归到自己或自己的下属单位"),
        ("water", {"上级单位代码": "none"}, "没有代码为 none 的单位"),
        ("water", {"所辖区域代码": "1"}, "没有代码为 1 的区域"),
        ("water", {"名称": "园林局"}, "该区域已有单位“园林局”"),
        ("water", {"代码": "水"}, "代码只能用字母"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_does_not_hold_is_said(world, pages, key, cells, reason):
    assert reason in pages.preview(SLUG, edited(pages.export(SLUG), key, **cells))[1]
