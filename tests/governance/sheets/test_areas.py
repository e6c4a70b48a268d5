"""The sheet of areas: export, edit, import."""

import io

import pytest
from openpyxl import load_workbook

from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Area, Unit
from tests.governance.sheets.pages import URL, edited, new

pytestmark = pytest.mark.django_db
SLUG = "areas"
LANE, GRID, HOUSE = "990101001001", "990101001001001", "99010100100100001"


def area(world, code):
    with scope(world.tenant):
        return Area.objects.get(code=code)


def test_places_stand_from_the_district_down(world, pages):
    lines = pages.export(SLUG)
    assert [line[1] for line in lines[1:5]] == ["区县", "街道（乡镇）", "社区（村）", "网格"]
    grid = dict(zip(lines[0], next(line for line in lines if line[0] == GRID), strict=True))
    assert (grid["上级代码"], grid["名称"], grid["状态"]) == (LANE, "里巷社区第一网格", "启用")


def test_places_are_added_with_what_hangs_on_them(world, pages):
    headings = pages.export(SLUG)[0]
    place = {"层级": "社区（村）", "上级代码": "990101001000"}
    lines = [
        headings,
        new(headings, 代码="990101001200001", 层级="网格", 上级代码="990101001200", 名称="一"),
        new(
            headings, 代码="990101001200", **place, 名称="新村", 户数="120", 纬度="36.05", 经度="117.1234567"
        ),
    ]
    assert "新增 2 行" in pages.bring(SLUG, lines)
    made = area(world, "990101001200")
    assert (made.households, str(made.lat), str(made.lng)) == (120, "36.050000", "117.123457")
    with scope(world.tenant):
        assert Unit.objects.filter(area=made).count() == 2
        assert Event.objects.filter(kind="area.added").count() == 2
    assert "没有变化" in pages.preview(SLUG, lines)[1]


def test_places_are_renamed_retired_from_the_leaves_up_and_taken_back(world, pages):
    lines = edited(pages.export(SLUG), "990101002001001", 状态="停用", 名称="老网格")
    lines = edited(lines, "99010100200100001", 状态="停用")
    assert "修改 2 行" in pages.bring(SLUG, lines)
    retired = area(world, "990101002001001")
    assert (retired.name, retired.valid_to is not None) == ("老网格", True)
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    lines = edited(edited(lines, "990101002001001", 状态="启用"), "99010100200100001", 状态="启用")
    assert "修改 2 行" in pages.bring(SLUG, lines[:1] + lines[:0:-1])
    assert area(world, "99010100200100001").valid_to is None


@pytest.mark.parametrize(
    ("key", "cells", "reason"),
    [
        (GRID, {"状态": "停用"}, "还不能停用：下面还有 1 个区域在用"),
        (GRID, {"层级": "楼栋"}, "“层级”不能在此修改"),
        (GRID, {"上级代码": ""}, "“上级代码”不能在此修改"),
        (GRID, {"户数": "-3"}, "“-3”应为 0 到"),
        (GRID, {"纬度": "36.05"}, "纬度和经度要一起填"),
        (GRID, {"纬度": "136.05", "经度": "117"}, "“136.05”不是经纬度"),
        (LANE, {"名称": "荷塘社区"}, "同一级已有“荷塘社区”"),
        (HOUSE, {"代码": "99010100200100099"}, "的前 12 位应与上级"),
        (HOUSE, {"代码": "99010100100100077", "上级代码": ""}, "“上级代码”不能为空"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_does_not_hold_is_said(world, pages, key, cells, reason):
    assert reason in pages.preview(SLUG, edited(pages.export(SLUG), key, **cells))[1]


def test_households_can_be_added_up_and_codes_keep_their_zeros(world, pages):
    with scope(world.tenant):
        Area.objects.filter(code=LANE).update(households=2043, population=0)
    content = pages.client.get(f"{URL}{SLUG}/export/").content
    headings, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    lane = dict(zip(headings, next(row for row in rows if row[0] == LANE), strict=True))
    assert (lane["户数"], lane["人口"], lane["代码"]) == (2043, 0, LANE)
    assert "新增 0 行，修改 0 行" in pages.preview(SLUG, content)[1]
