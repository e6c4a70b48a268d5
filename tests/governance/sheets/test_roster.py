"""The sheet of the duty roster: export, edit, import."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import DutyShift
from grids.roster import actions as roster
from tests.governance.sheets.pages import URL, Pages, edited, new

pytestmark = pytest.mark.django_db
SLUG = "roster"


def hour(hours):
    """The full hour `hours` hours from now."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    return now + timedelta(hours=hours)


def written(moment):
    return f"{moment.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


def plan(world, unit, member, begins, ends):
    with scope(world.tenant):
        span = {"starts_at": hour(begins), "ends_at": hour(ends)}
        person = world.members[member]
        roster.plan_shift(world.units[unit], person, **span, by=world.actor("admin"), at=timezone.now())


@pytest.fixture
def kept(world):
    plan(world, "east_center", "center", -2, 6)
    plan(world, "water", "head", 24, 36)


def shifts(world):
    with scope(world.tenant):
        rows = DutyShift.objects.order_by("starts_at")
        return [(row.unit.code, row.member.name, row.starts_at, row.ends_at) for row in rows]


def test_what_is_to_come_is_there(world, pages, kept):
    plan(world, "east_center", "center", -10, -3)
    headings, *rows = pages.export(SLUG)
    assert headings == ["单位", "登录名", "姓名", "开始", "结束", "状态"]
    assert [row[0] for row in rows] == ["东街道指挥中心", "水务局"]
    assert rows[1][2:] == ["褚局长", written(hour(24)), written(hour(36)), "有效"]
    assert "没有变化" in pages.preview(SLUG, [headings, *rows])[1]


def test_shifts_are_added_moved_and_taken_off(world, pages, kept):
    lines = edited(pages.export(SLUG), "东街道指挥中心", 结束=written(hour(8)))
    lines = edited(lines, "水务局", 状态="取消")
    fresh = {"单位": "water", "登录名": "alpha-member"}
    lines.append(new(lines[0], **fresh, 开始=written(hour(24)), 结束=written(hour(36)).replace("-", "/")))
    assert "新增 1 行，修改 2 行" in pages.bring(SLUG, lines)
    assert shifts(world) == [
        ("east_center", "郑指挥", hour(-2), hour(8)),
        ("water", "卫经办", hour(24), hour(36)),
    ]
    with scope(world.tenant):
        assert Event.objects.filter(kind="roster.dropped").count() == 2
    assert "没有变化" in pages.preview(SLUG, lines)[1]


def test_what_is_over_is_not_planned_again(world, pages, kept):
    lines = pages.export(SLUG)
    past = {"单位": "water", "登录名": "alpha-head"}
    lines.append(new(lines[0], **past, 开始="2026-01-01 18:00", 结束="2026-01-02 08:00"))
    assert "没有变化" in pages.preview(SLUG, lines)[1]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"登录名": "alpha-worker"}, "王网格届时不在该单位任职"),
        ({"登录名": "nobody"}, "没有登录名为 nobody 的人员"),
        ({"单位": "none"}, "没有代码或名称为“none”的单位"),
        ({"开始": "今晚"}, "“今晚”不是时间"),
        ({"结束": "2099-01-01 08:00"}, "一次最多 7 天"),
        ({"状态": "也许"}, "“状态”里不能填“也许”，可填：有效、取消"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_does_not_hold_is_said(world, pages, kept, cells, reason):
    before = shifts(world)
    assert f"第 3 行：{reason}" in pages.preview(SLUG, edited(pages.export(SLUG), "水务局", **cells))[1]
    assert shifts(world) == before


def test_two_at_once_are_refused(world, pages, kept):
    lines = pages.export(SLUG)
    fresh = {"单位": "water", "登录名": "alpha-head", "结束": written(hour(40))}
    said = pages.preview(SLUG, [*lines, new(lines[0], **fresh, 开始=written(hour(30)))])[1]
    assert "褚局长这段时间已排了值班" in said


def test_who_keeps_a_unit_sees_and_writes_its_roster_only(world, as_, kept):
    head = Pages(world, as_("head"))
    lines = head.export(SLUG)
    assert [line[0] for line in lines[1:]] == ["水务局"]
    fresh = {"登录名": "alpha-center", "开始": written(hour(30)), "结束": written(hour(31))}
    assert (
        "只能排本单位的值班" in head.preview(SLUG, [lines[0], new(lines[0], 单位="east_center", **fresh)])[1]
    )
    assert "修改 1 行" in head.bring(SLUG, edited(lines, "水务局", 结束=written(hour(35))))
    assert as_("member").get(f"{URL}roster/export/").status_code == 403
    page = as_("head").get("/alpha/desk/roster/").content.decode()
    assert "/desk/settings/sheets/roster/" in page
    assert "/desk/settings/sheets/roster/" not in as_("member").get("/alpha/desk/roster/").content.decode()
