"""The sheet of the working calendar's dated exceptions: export, edit, import."""

from datetime import date

import pytest

from governance.clocks import calendar_rows
from governance.clocks.models import CalendarDay
from governance.events.models import Event
from governance.tenancy.scope import scope
from tests.governance.sheets.pages import edited, new

pytestmark = pytest.mark.django_db
SLUG = "days"


@pytest.fixture
def kept(world):
    with scope(world.tenant):
        CalendarDay.objects.all().delete()
        calendar_rows.set_day(date(2026, 12, 30), kind="off", name="活动", source="x")
        calendar_rows.set_day(date(2026, 12, 31), kind="work", slots=[["8:30", "12:00"]], name="半天")


def days(world):
    with scope(world.tenant):
        rows = CalendarDay.objects.order_by("date")
        return [(f"{one.date:%m-%d}", one.kind, one.slots, one.name) for one in rows]


def test_hours_stand_as_people_write_them(world, pages, kept):
    headings, *rows = pages.export(SLUG)
    assert headings == ["日期", "安排", "当天时段", "名称"]
    assert rows == [["2026-12-30", "休息", "", "活动"], ["2026-12-31", "上班", "08:30-12:00", "半天"]]
    assert "没有变化" in pages.preview(SLUG, [headings, *rows])[1]


def test_days_are_added_changed_and_follow_the_week_again(world, pages, kept):
    lines = edited(pages.export(SLUG), "2026-12-30", 安排="按每周作息")
    lines = edited(lines, "2026-12-31", 当天时段="8：30至11:30、14:00-17:30")
    lines.append(new(lines[0], 日期="2027年1月4日", 安排="休息", 名称="调休"))
    said = pages.bring(SLUG, lines)
    assert "新增 1 行，修改 2 行" in said
    assert "08:30-12:00 → 08:30-11:30 14:00-17:30" in said
    assert days(world) == [
        ("12-31", "work", [["08:30", "11:30"], ["14:00", "17:30"]], "半天"),
        ("01-04", "off", None, "调休"),
    ]
    with scope(world.tenant):
        assert Event.objects.filter(kind="calendar.changed").count() == 3
    assert "没有变化" in pages.preview(SLUG, lines)[1]


@pytest.mark.parametrize("written", ["2026-12-30 00:00:00", "2026/12/30", "2026.12.30", "2026年12月30日"])
def test_a_date_is_known_however_a_spreadsheet_writes_it(world, pages, kept, written):
    lines = edited(pages.export(SLUG), "2026-12-30", 日期=written)
    assert "没有变化" in pages.preview(SLUG, lines)[1]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"日期": "2026-02-30"}, "“2026-02-30”不是日期"),
        ({"日期": "明天"}, "“明天”不是日期"),
        ({"安排": "加班"}, "“安排”里不能填“加班”"),
        ({"当天时段": "08:30-12:00"}, "休息日不能再设上班时段"),
        ({"当天时段": "上午"}, "时段应写成"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_does_not_hold_is_said(world, pages, kept, cells, reason):
    assert f"第 2 行：{reason}" in pages.preview(SLUG, edited(pages.export(SLUG), "2026-12-30", **cells))[1]
