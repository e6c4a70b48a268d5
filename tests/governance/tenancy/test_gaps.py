"""The setup check names what a district still lacks, in a fixed number of statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.clocks.models import CalendarYear
from governance.tenancy import gaps
from governance.tenancy.actions import create_tenant
from governance.tenancy.scope import scope
from grids.models import Area, Level, Post, Unit, UnitKind
from grids.units.serving import WORKERS
from tests.worlds import at
from tickets.models import Category
from tickets.states import Tier

PAGE = "/alpha/desk/settings/gaps/"
NOW = at(24, 10)
OVER = date(2026, 11, 1)


def told(count_of=None):
    """The results of the setup check by title, or the one with the given title."""
    found = {str(gap.title): gap for gap in gaps.run_checks(NOW)}
    return found if count_of is None else found[count_of]


def test_a_new_district_is_told_what_stops_work_first(db):
    with scope(create_tenant(slug="new", name="新区", code="990103000000")):
        found = gaps.run_checks(NOW)
    grave = [str(gap.title) for gap in found if gap.count and gap.grave]
    assert [str(gap.title) for gap in found][: len(grave)] == grave
    assert {"未导入社区", "未设事项分类"} <= {*grave}


def test_places_that_nobody_holds_are_named(walk):
    assert told("没有居委会的社区").count == 0
    lane = Unit.objects.get(kind=UnitKind.COMMUNITY, area=walk.areas["lane"])
    Unit.objects.filter(pk=lane.pk).update(active=False)
    assert told("没有居委会的社区").names == ("里巷社区",)
    center = Unit.objects.filter(kind=UnitKind.COUNTY_CENTER)
    center.update(active=False)
    assert told("没有运行中心的区县").count == 1


def test_a_unit_without_anybody_today_is_named_and_one_with_a_staffed_section_is_not(walk):
    before = told("无人在岗的单位")
    Post.objects.filter(unit=walk.units["water"]).update(valid_to=OVER)
    assert "水务局" not in told("无人在岗的单位").names  # its section has members
    Post.objects.filter(unit=walk.units["pipes"]).update(valid_to=OVER)
    assert told("无人在岗的单位").count == before.count + 2


def test_staffing_is_told_street_by_street(walk):
    assert str(told("无人在岗的单位").progress) == "2 个街道（乡镇）已配 0 个"
    day, member = date(2026, 1, 1), walk.members["worker"]
    east = Unit.objects.filter(active=True, area__path__startswith=walk.areas["east"].path)
    for unit in east:
        Post.objects.create(unit=unit, member=member, role="grid_lead", valid_from=day)
    assert str(told("无人在岗的单位").progress) == "2 个街道（乡镇）已配 1 个"


def test_a_district_without_departments_is_told(walk):
    assert told("没有部门").count == 0
    Unit.objects.filter(kind=UnitKind.DEPARTMENT).update(active=False)
    gap = told("没有部门")
    assert (gap.count, gap.grave) == (1, True)


def test_the_first_page_of_an_administrator_counts_the_open_checks(world, client):
    client.force_login(world.members["admin"].user)
    with scope(world.tenant):
        found = [gap for gap in gaps.run_checks(timezone.now()) if gap.count]
    grave = sum(gap.grave for gap in found)
    counters = client.get("/alpha/desk/").context["counters"]
    assert [(one.label, one.count, one.address) for one in counters[:2]] == [
        ("必须完善", grave, "settings/gaps/"),
        ("建议完善", len(found) - grave, "settings/gaps/"),
    ]
    assert grave
    assert all(one.count for one in counters[2:])
    client.force_login(world.members["street"].user)
    assert "必须完善" not in client.get("/alpha/desk/").content.decode()


def test_a_grid_is_served_by_a_post_of_its_own_or_of_the_place_around_it(walk):
    workers = Post.objects.filter(role__in=WORKERS)
    kept = workers.get(member=walk.members["worker"])
    workers.exclude(pk=kept.pk).update(valid_to=OVER)
    grids = Area.objects.filter(level=Level.GRID, valid_to=None).count()
    kept.covers.all().delete()
    kept.covers.create(area=walk.areas["lane_grid"])
    assert told("没有网格员的网格").count == grids - 1
    kept.covers.update(area=walk.areas["east"])
    inside = Area.objects.filter(level=Level.GRID, valid_to=None, path__startswith=walk.areas["east"].path)
    assert told("没有网格员的网格").count == grids - inside.count()
    workers.update(valid_to=OVER)
    assert told("没有网格员的网格").count == grids


def test_an_emergency_without_a_unit_and_a_year_without_holidays_are_named(walk):
    Category.objects.filter(code="0101").update(tier=Tier.EMERGENCY, duty_unit=None)
    assert told("没有首办单位的特急分类").names == ("路灯",)
    CalendarYear.objects.all().delete()
    assert told("没有载入放假安排的年份").names == ("2026",)


@pytest.mark.parametrize("more", [0, 40])
def test_the_names_are_few_and_the_statements_fixed(walk, more):
    top = walk.areas["east"]
    for n in range(more):
        code = f"9901010019{n:02d}"
        Area.objects.create(
            parent=top, level=Level.COMMUNITY, code=code, name=f"社区{n}", path=f"{top.path}{code}/"
        )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bare = told("没有居委会的社区")
    assert (bare.count, len(bare.names)) == (more, min(more, gaps.NAMED))
    assert len(asked) == 24


def test_the_page_says_what_to_do_and_leads_there(world, client):
    client.force_login(world.members["admin"].user)
    page = client.get(PAGE).content.decode()
    assert "未发布履职事项清单" in page
    assert 'href="/alpha/desk/settings/duties/"' in page
    client.force_login(world.members["street"].user)
    assert client.get(PAGE).status_code == 403
