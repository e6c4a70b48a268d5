"""The sheet of people and posts: export, edit, import."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from governance.access.models import Member, User
from governance.access.permissions import ROLE_NAMES
from governance.events.models import Event
from governance.tenancy import config
from governance.tenancy.scope import scope
from grids.models import Area, Level, Post
from grids.people import actions as people_actions
from grids.tree import local_day
from tests.governance.sheets.pages import URL, edited, new

pytestmark = pytest.mark.django_db
SLUG = "people"


def posts(world, username):
    with scope(world.tenant):
        rows = Post.objects.filter(member__user__username=username).order_by("pk")
        return [
            (row.unit.code, row.role, sorted(one.area.code for one in row.covers.all()), row.valid_to)
            for row in rows
        ]


def today(world):
    with scope(world.tenant):
        return local_day(timezone.now())


def test_one_line_a_post_and_no_telephone(world, pages):
    with scope(world.tenant):
        Member.objects.filter(pk=world.members["worker"].pk).update(phone="13900001234")
    headings, *rows = pages.export(SLUG)
    worker = dict(zip(headings, next(row for row in rows if row[0] == "alpha-worker"), strict=True))
    assert worker == {
        "登录名": "alpha-worker",
        "姓名": "王网格",
        "手机": "",
        "单位": "里巷社区网格",
        "角色": "网格员",
        "负责区域": "里巷社区第一网格",
        "任职日期": "2026-01-01",
        "离任日期": "",
    }
    assert "13900001234" not in str(rows)
    assert "alpha-nobody" not in str(rows)
    with scope(world.tenant):
        assert Event.objects.get().facts == {"sheet": "people", "count": 17}


def test_who_is_new_joins_without_a_password_and_is_posted(world, pages):
    headings = pages.export(SLUG)[0]
    cells = {"登录名": "alpha-new", "姓名": "新同志", "手机": "139 0000 1234"}
    lines = [
        headings,
        new(headings, **cells, 单位="lane", 角色="社区工作者", 负责区域="990101001001"),
        new(
            headings,
            **cells,
            单位="lane_grids",
            角色="grid_lead",
            任职日期=f"{timezone.localdate():%Y/%-m/%-d}",
        ),
        new(headings, 登录名="alpha-nobody", 姓名="许无岗", 单位="water", 角色="部门经办人"),
    ]
    said = pages.bring(SLUG, lines)
    assert "新增 3 行" in said
    assert "139****1234" in said
    assert "13900001234" not in said
    assert posts(world, "alpha-new") == [
        ("lane", "community_worker", ["990101001001"], None),
        ("lane_grids", "grid_lead", [], None),
    ]
    assert posts(world, "alpha-nobody") == [("water", "unit_member", [], None)]
    user = User.objects.get(username="alpha-new")
    assert not user.has_usable_password()
    with scope(world.tenant):
        assert Member.objects.get(user=user).phone == "13900001234"
        assert Post.objects.get(member__user=user, unit__code="lane").valid_from == today(world)
        kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("person.added") == 1
    assert kinds.count("person.posted") == 3
    assert "没有变化" in pages.preview(SLUG, lines)[1]


def test_a_post_ends_with_a_day(world, pages):
    last = today(world) - timedelta(days=1)
    lines = edited(pages.export(SLUG), "alpha-clerk", 离任日期=last.isoformat())
    assert f"离任日期：— → {last}" in pages.bring(SLUG, lines)
    assert posts(world, "alpha-clerk")[0][3] == last
    assert "alpha-clerk" not in str(pages.export(SLUG))
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    with scope(world.tenant):
        assert Event.objects.filter(kind="person.relieved").count() == 1


def test_other_places_begin_today_and_the_post_stays_the_same_line(world, pages):
    with scope(world.tenant):
        people_actions.cover(
            Post.objects.get(member=world.members["worker"]),
            [world.areas["lane"]],
            by=world.actor("admin"),
            at=timezone.now(),
        )
    lines = edited(pages.export(SLUG), "alpha-community", 负责区域="990101001001001")
    pages.bring(SLUG, lines)
    before, now = posts(world, "alpha-community")
    assert before == ("lane", "community_worker", ["990101001001"], today(world) - timedelta(days=1))
    assert now == ("lane", "community_worker", ["990101001001001"], None)
    headings, *rows = pages.export(SLUG)
    since = [dict(zip(headings, row, strict=True))["任职日期"] for row in rows]
    assert set(since) == {"2026-01-01"}
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    pages.bring(SLUG, edited(lines, "alpha-community", 负责区域="990101001001"))  # began today
    assert posts(world, "alpha-community")[1][2] == ["990101001001"]


@pytest.mark.parametrize(
    ("key", "cells", "reason"),
    [
        ("alpha-clerk", {"姓名": "别人"}, "“姓名”不能在此修改，原为“杨话务”"),
        ("alpha-clerk", {"手机": "13900001111"}, "“手机”不能在此修改"),
        ("alpha-clerk", {"手机": "abc"}, "电话应为 7 到 15 位数字"),
        ("alpha-clerk", {"任职日期": "2025-01-01"}, "“任职日期”不能在此修改，原为“2026-01-01”"),
        ("alpha-clerk", {"离任日期": "2026-01-02"}, "离任日期不能早于昨天"),
        ("alpha-clerk", {"角色": "厂长"}, "“角色”里不能填“厂长”"),
        ("alpha-admin", {"离任日期": "2026-11-01"}, "不能结束您自己最后一个区县管理员岗位"),
        ("alpha-clerk", {"单位": "none"}, "没有代码或名称为“none”的单位"),
        ("alpha-clerk", {"负责区域": "1 990101001001"}, "没有代码或名称为“1”的区域"),
        ("alpha-clerk", {"登录名": "beta-county"}, "该登录名不能使用"),
        ("alpha-clerk", {"登录名": "alpha-worker"}, "登录名 alpha-worker 是“王网格”的，姓名不一致"),
        ("alpha-clerk", {"登录名": "坏 名"}, "登录名只能用"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_does_not_hold_is_said(world, pages, key, cells, reason):
    with scope(world.tenant):
        before = Post.objects.count(), Member.objects.count()
    assert reason in pages.preview(SLUG, edited(pages.export(SLUG), key, **cells))[1]
    with scope(world.tenant):
        assert (Post.objects.count(), Member.objects.count()) == before


def test_who_was_switched_off_is_not_posted(world, pages):
    lines = pages.export(SLUG)
    with scope(world.tenant):
        people_actions.leave(world.members["clerk"], by=world.actor("admin"), at=timezone.now())
    assert "杨话务已停用，请先恢复" in pages.preview(SLUG, lines)[1]


def test_an_end_that_was_set_is_not_taken_back(world, pages):
    ahead = (today(world) + timedelta(days=30)).isoformat()
    lines = pages.export(SLUG)
    pages.bring(SLUG, edited(lines, "alpha-clerk", 离任日期=ahead))
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]
    assert "已定的离任日期不能撤销" in pages.preview(SLUG, lines)[1]


def test_units_and_areas_are_named_by_name_or_by_code(world, pages):
    headings = pages.export(SLUG)[0]
    cells = {"登录名": "alpha-new", "姓名": "新同志", "角色": "网格员"}
    lines = [
        headings,
        new(headings, **cells, 单位="里巷社区网格", 负责区域="里巷社区第一网格、里巷社区"),
        new(headings, **cells, 单位="pond_grids", 负责区域="荷塘社区 990101001002001"),
    ]
    assert re.search("负责区域：\\s*里巷社区、里巷社区第一网格", pages.bring(SLUG, lines))
    assert [post[2] for post in posts(world, "alpha-new")] == [
        ["990101001001", "990101001001001"],
        ["990101001002", "990101001002001"],
    ]
    assert "没有变化" in pages.preview(SLUG, pages.export(SLUG))[1]


def test_of_several_grids_with_one_name_the_one_at_the_unit_is_meant(world, pages):
    with scope(world.tenant):
        Area.objects.filter(level=Level.GRID).update(name="第一网格")
        config.changed(world.tenant)
    headings = pages.export(SLUG)[0]
    cells = {"登录名": "alpha-new", "姓名": "新同志", "负责区域": "第一网格"}
    pages.bring(SLUG, [headings, new(headings, **cells, 单位="pond_grids", 角色="网格员")])
    assert posts(world, "alpha-new")[0][2] == ["990101001002001"]
    said = pages.preview(SLUG, [headings, new(headings, **cells, 单位="county_center", 角色="话务员")])[1]
    assert "没有代码或名称为“第一网格”的区域，或有多个同名，请填代码" in said


def test_earlier_headings_and_names_of_roles_are_read(world, pages):
    lines = [
        ["登录名", "姓名", "手机号码", "单位代码", "单位", "岗位", "辖区"],
        ["alpha-new", "新同志", "", "water", "没有的名称", "单位经办人", ""],
        ["alpha-new", "新同志", "", "", "甲区运行中心", "租户管理员", ""],
    ]
    pages.bring(SLUG, lines)
    assert [post[:2] for post in posts(world, "alpha-new")] == [
        ("water", "unit_member"),
        ("county_center", "tenant_admin"),
    ]


def test_an_unknown_role_lists_all_that_are_accepted(world, pages):
    said = pages.preview(SLUG, edited(pages.export(SLUG), "alpha-clerk", 角色="厂长"))[1]
    assert "可填：" + "、".join(str(name) for name in ROLE_NAMES.values()) in said


def test_the_blank_template_has_headings_roles_to_choose_and_an_example(world, pages):
    page = pages.client.get("/alpha/desk/settings/people/").content.decode()
    address = f"{URL}{SLUG}/template/"
    assert address in page
    book = load_workbook(io.BytesIO(pages.client.get(address).content))
    sheet, notes = book.worksheets
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [pages.export(SLUG)[0]]
    offered = [one.formula1 for one in sheet.data_validations.dataValidation]
    assert offered == ['"' + ",".join(str(name) for name in ROLE_NAMES.values()) + '"']
    columns = {row[0]: row for row in notes.iter_rows(values_only=True)}
    assert columns["列"][4] == "示例（不导入）"
    assert columns["角色"][4] == "社区工作者"
    with scope(world.tenant):
        assert not Event.objects.filter(facts__count=0).exists()


def test_the_template_is_refused_without_the_right(as_):
    assert as_("member").get(f"{URL}{SLUG}/template/").status_code == 403


def test_every_mistake_of_a_line_is_named_at_once(world, pages):
    headings = pages.export(SLUG)[0]
    line = new(headings, 登录名="坏 名", 姓名="", 单位="lane", 角色="村支书", 任职日期="昨天")
    _address, said = pages.preview(SLUG, [headings, line])
    for reason in ("登录名只能用字母", "“姓名”不能为空", "村支书", "昨天"):
        assert reason in said
