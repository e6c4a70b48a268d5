"""The sheet of service levels: export, edit, import."""

import pytest

from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tests.governance.sheets.pages import edited, new
from tickets.catalog.service_levels import DEFAULTS, policy_of
from tickets.models import ServiceLevel

pytestmark = pytest.mark.django_db
SLUG = "levels"


def row_of(lines, purpose, tier="不分"):
    return next(line for line in lines if line[:2] == [purpose, tier])


def promised(world, tier="", category=None, purpose="resolve"):
    with scope(world.tenant):
        found = ServiceLevel.objects.filter(tier=tier, category__code=category, purpose=purpose)
        return found.values_list("budget", "unit", "warn_shares", "escalate_after").first()


def test_every_promise_is_there_in_words(world, pages):
    lines = pages.export(SLUG)
    assert len(lines) == len(DEFAULTS) + 1
    assert row_of(lines, "办结", "特急")[4:6] == ["2", "小时（不分昼夜）"]


def test_promises_are_added_changed_and_dropped(world, pages):
    headings, *rows = pages.export(SLUG)
    rows = [line for line in rows if line[0] == "办结"]
    one = dict(zip(headings, row_of(rows, "办结"), strict=True)) | {"时限": "10", "超时后逐级升级": "2、4"}
    dropped = dict(zip(headings, row_of(rows, "办结", "疑难复杂"), strict=True)) | {"状态": "停用"}
    fresh = new(headings, 环节="办结", 类别代码="0101", 时限="3", **{"预警（已用时限的百分比）": "40% 90%"})
    said = pages.bring(SLUG, [headings, list(one.values()), list(dropped.values()), fresh])
    assert "新增 1 行，修改 2 行" in said
    assert promised(world) == (10, "workdays", [], [[2, "workdays"], [4, "workdays"]])
    assert promised(world, category="0101") == (3, "workdays", [40, 90], [])
    assert promised(world, tier="complex") is None
    assert "没有变化" in pages.preview(SLUG, [headings, list(one.values()), list(dropped.values()), fresh])[1]
    tenant = Tenant.objects.get(slug="alpha")
    with scope(tenant):
        assert policy_of(tenant, "resolve", "complex", None).budget == 10


def test_steps_follow_the_measure_of_a_promise(world, pages):
    headings, *rows = pages.export(SLUG)
    level = dict(zip(headings, row_of(rows, "办结"), strict=True)) | {"超时后逐级升级": "2"}
    pages.bring(SLUG, [headings, list(level.values())])
    level |= {"时限": "600", "计时单位": "自然分钟（不分昼夜）"}
    pages.bring(SLUG, [headings, list(level.values())])
    assert promised(world) == (600, "natural_minutes", [], [[2, "natural_minutes"]])


def test_the_same_time_in_another_unit_is_no_change(world, pages):
    headings, *rows = pages.export(SLUG)
    level = dict(zip(headings, row_of(rows, "办结", "特急"), strict=True))
    level |= {"时限": "120", "计时单位": "分钟（不分昼夜）"}
    assert "没有变化" in pages.preview(SLUG, [headings, list(level.values())])[1]
    pages.bring(SLUG, [headings, list((level | {"时限": "2", "计时单位": "天（不分昼夜）"}).values())])
    assert promised(world, tier="emergency")[:2] == (2880, "natural_minutes")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"时限": "0"}, "“0”应为 1 到"),
        ({"时限": "一周"}, "“一周”应为 1 到"),
        ({"时限": "99999"}, "时限太长"),
        ({"超时后逐级升级": "5 1"}, "最多填两个从小到大的数"),
        ({"预警（已用时限的百分比）": "早"}, "请填整数"),
        ({"状态": "停用"}, "通用时限只能修改，不能删除"),
        ({"类别代码": "99"}, "没有代码为 99 的分类"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_does_not_hold_is_said(world, pages, cells, reason):
    headings, *rows = pages.export(SLUG)
    level = dict(zip(headings, row_of(rows, "办结"), strict=True)) | cells
    assert f"第 2 行：{reason}" in pages.preview(SLUG, [headings, list(level.values())])[1]


def test_a_step_that_is_not_promised_is_a_fault(world, pages):
    lines = edited(pages.export(SLUG), "分单", 环节="吃饭")
    assert "“环节”里不能填“吃饭”，可填：分单、派单" in pages.preview(SLUG, lines)[1]
