"""The sheet of people and posts: export, edit, import."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.access.models import Member, User
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Post
from grids.people import actions as people_actions
from grids.tree import local_day
from tests.governance.sheets.pages import edited, new

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
        "单位代码": "lane_grids",
        "单位": "里巷社区网格",
        "角色": "网格员",
        "负责区域代码": "990101001001001",
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
        new(headings, **cells, 单位代码="lane", 角色="社区工作者", 负责区域代码="990101001001"),
        new(
            headings,
            **cells,
            单位代码="lane_grids",
            角色="grid_lead",
            任职日期=f"{timezone.localdate():%Y/%-m/%-d}",
        ),
        new(headings, 登录名="alpha-nobody", 姓名="许无岗", 单位代码="water", 角色="单位经办人"),
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
    lines = edited(pages.export(SLUG), "alpha-community", 负责区域代码="990101001001001")
    pages.bring(SLUG, lines)
    before, now = posts(world, "alpha-community")
    assert before == ("lane", "community_worker", ["990101001001"], today(world) - timedelta(days=1))
    assert now == ("lane", "community_worker", ["990101001001001"], None)
    headings, *rows = pages.export(SLUG)
    since = [dict(zip(headings, row, strict=True))["任职日期"] for row in rows]
    assert set(since) == {"2026-01-01"}
    assert "没有变化" in pages.preview(SLUG, lines)[1]
    pages.bring(SLUG, edited(lines, "alpha-community", 负责区域代码="990101001001"))  # began today
    assert posts(world, "alpha-community")[1][2] == ["990101001001"]


@pytest.mark.parametrize(
    ("key", "cells", "reason"),
    [
        ("alpha-clerk", {"姓名": "别人"}, "“姓名”不能在这里修改，原为“杨话务”"),
        ("alpha-clerk", {"手机": "13900001111"}, "“手机”不能在这里修改"),
        ("alpha-clerk", {"手机": "abc"}, "电话应为 7 到 15 位数字"),
        ("alpha-clerk", {"任职日期": "2025-01-01"}, "“任职日期”不能在这里修改，原为“2026-01-01”"),
        ("alpha-clerk", {"离任日期": "2026-01-02"}, "离任日期不能早于昨天"),
        ("alpha-clerk", {"角色": "厂长"}, "“角色”里不能填“厂长”"),
        ("alpha-admin", {"离任日期": "2026-11-01"}, "不能结束您自己最后一个区县管理员岗位"),
        ("alpha-clerk", {"单位代码": "none"}, "没有代码为 none 的单位"),
        ("alpha-clerk", {"负责区域代码": "1 990101001001"}, "没有代码为 1 的区域"),
        ("alpha-clerk", {"登录名": "beta-county"}, "这个登录名不能使用"),
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


def test_every_mistake_of_a_line_is_named_at_once(world, pages):
    headings = pages.export(SLUG)[0]
    line = new(headings, 登录名="坏 名", 姓名="", 单位代码="lane", 角色="村支书", 任职日期="昨天")
    _address, said = pages.preview(SLUG, [headings, line])
    for reason in ("登录名只能用字母", "“姓名”不能为空", "村支书", "昨天"):
        assert reason in said
