"""Redrawing grids: open tickets, workers and outlines move along, closed tickets keep their area."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.access import actors
from governance.errors import Conflict, Forbidden, Invalid
from governance.events import log
from governance.events.models import Event, Notice
from grids import tree
from grids.areas import actions as area_actions
from grids.areas import reshaping
from grids.models import Area, AreaShape, GridCommunity, Level, Post
from grids.people import actions as people_actions
from grids.people import records as actions_of_territory
from tests.worlds import MONDAY, at
from tickets import territory
from tickets.intake import actions as intake
from tickets.intake.actions import Draft
from tickets.models import Ticket
from tickets.states import Channel, State

TUESDAY = at(24, 9)
MERGE = 56  # statements of one merge with two workers
SQUARE = {"type": "Polygon", "coordinates": [[[120, 36], [121, 36], [121, 37], [120, 37], [120, 36]]]}


def reported(walk, area, text="路灯不亮"):
    draft = Draft(
        client_id=uuid.uuid4(), area=walk.areas[area].code, text=text, category="0101", channel=Channel.GRID
    )
    return intake.report(draft, by=walk.actor("worker"), at=MONDAY).ticket


@pytest.fixture
def second(walk):
    """A second grid of the same community, without workers."""
    made = area_actions.add_area(
        level=Level.GRID,
        name="里巷社区第二网格",
        parent=walk.areas["lane"],
        by=walk.actor("admin"),
        at=MONDAY,
    )
    walk.areas["second"] = made
    return made


def merge(walk, by="admin", grid="lane_grid", into="second"):
    return reshaping.merge_grids(walk.areas[grid], walk.areas[into], by=walk.actor(by), at=TUESDAY)


def test_open_work_moves_with_the_grid_and_closed_work_stays(walk, second):
    in_grid, in_building = reported(walk, "lane_grid"), reported(walk, "lane_building")
    closed = reported(walk, "lane_grid", "井盖")
    Ticket.objects.filter(pk=closed.pk).update(state=State.CLOSED, outcome="fixed", closed_at=MONDAY)
    moved = dict(merge(walk))
    assert moved["在办工单"] == 2
    rows = {row.pk: row for row in Ticket.objects.select_related("area")}
    assert rows[in_grid.pk].area == second
    assert rows[in_grid.pk].area_path == second.path
    building = Area.objects.get(pk=walk.areas["lane_building"].pk)
    assert building.parent == second
    assert building.path == f"{second.path}{building.code}/"
    assert rows[in_building.pk].area == building
    assert rows[in_building.pk].area_path == building.path
    assert rows[closed.pk].area == walk.areas["lane_grid"]
    assert rows[closed.pk].area_path == walk.areas["lane_grid"].path
    kinds = list(Event.objects.filter(subject_id=in_grid.pk, kind="ticket.regridded"))
    assert len(kinds) == 1
    assert kinds[0].facts == {"area": second.pk}


def test_the_merged_grid_is_retired_and_leads_to_the_other(walk, second):
    merge(walk)
    old = Area.objects.get(pk=walk.areas["lane_grid"].pk)
    assert old.valid_to == tree.local_day(TUESDAY)
    assert old.merged_into == second
    assert tree.in_force(old.code) == second
    late = reported(walk, "lane_grid", "旧码上的报事")  # reported with a printed code of the old grid
    assert late.area == second


def test_workers_go_on_with_a_new_post_and_learn_what_came(walk, second):
    reported(walk, "lane_grid")
    before = set(Post.objects.filter(covers__area=walk.areas["lane_grid"]).values_list("pk", flat=True))
    merge(walk)
    now = Post.objects.filter(covers__area=second, valid_to=None)
    assert {post.member.name for post in now} == {"王网格", "李网格"}
    assert all(post.valid_from == tree.local_day(TUESDAY) for post in now)
    ended = Post.objects.filter(pk__in=before)
    assert {post.valid_to for post in ended} == {tree.local_day(MONDAY)}
    worker = actors.of_user(walk.members["worker"].user_id, walk.tenant.pk, TUESDAY)
    assert Ticket.objects.visible_to(worker).count() == 1
    told = Notice.objects.filter(kind="area.took_in")
    assert {one.member.name for one in told} == {"王网格", "李网格"}
    assert told[0].facts == {"buildings": 1, "work": 1}


def test_outlines_people_and_joint_communities_come_along(walk, second):
    first = walk.areas["lane_grid"]
    box = {"south": 36, "west": 120, "north": 37, "east": 121}
    AreaShape.objects.create(area=first, geometry=SQUARE, datum="WGS-84", **box)
    AreaShape.objects.create(area=second, geometry=SQUARE, datum="WGS-84", **{**box, "east": 120.5})
    GridCommunity.objects.create(grid=first, community=walk.areas["pond"])
    Area.objects.filter(pk=first.pk).update(households=300)
    Area.objects.filter(pk=second.pk).update(households=120)
    merge(walk)
    shape = AreaShape.objects.get(area=second)
    assert shape.geometry["type"] == "MultiPolygon"
    assert len(shape.geometry["coordinates"]) == 2
    assert (shape.west, shape.east) == (120, 121)
    assert GridCommunity.objects.get().grid == second
    assert Area.objects.get(pk=second.pk).households == 420


def test_what_is_refused_changes_nothing(walk, second):
    reported(walk, "lane_grid")
    with pytest.raises(Forbidden):
        merge(walk, by="community")
    with pytest.raises(Invalid) as refusal:
        merge(walk, into="hill_grid")
    assert refusal.value.code == "other_community"
    with pytest.raises(Invalid) as refusal:
        merge(walk, into="lane_grid")
    assert refusal.value.code == "no_grid"
    with pytest.raises(Invalid):
        merge(walk, grid="lane")
    merge(walk)
    with pytest.raises(Conflict) as conflict:
        merge(walk)
    assert conflict.value.code == "retired"


def test_statements_do_not_grow_with_buildings_and_plans_name_what_moves(walk, second):
    def count(work):
        with CaptureQueriesContext(connection) as caught:
            work()
        return len(caught)

    reported(walk, "lane_building")
    few = count(lambda: reshaping.plan_merge(walk.areas["lane_grid"], TUESDAY))
    for number in range(20):
        area_actions.add_area(
            level=Level.BUILDING,
            name=f"{number + 2}号楼",
            parent=walk.areas["lane_grid"],
            by=walk.actor("admin"),
            at=MONDAY,
        )
    assert count(lambda: reshaping.plan_merge(walk.areas["lane_grid"], TUESDAY)) == few
    plan = reshaping.plan_merge(walk.areas["lane_grid"], TUESDAY)
    assert plan.buildings == 21
    assert dict(plan.work)["在办工单"] == 1
    assert plan.people == ["王网格", "李网格"]


@pytest.mark.parametrize("open_ones", [1, 12])
def test_statements_of_a_merge_do_not_grow_with_what_is_open(walk, second, open_ones):
    for _n in range(open_ones):
        reported(walk, "lane_building")
    with CaptureQueriesContext(connection) as caught:
        merge(walk)
    assert Event.objects.filter(kind="ticket.regridded").count() == open_ones
    assert list(log.verify()) == []
    assert len(caught) == MERGE


def test_a_grid_is_split_by_buildings_and_each_worker_is_asked_for(walk):
    first, by = walk.areas["lane_grid"], walk.actor("admin")
    reported(walk, "lane_grid")
    inside = reported(walk, "lane_building")
    posts = {post.member.name: post.pk for post in reshaping.posts_of(first, TUESDAY)}
    made, moved = reshaping.split_grid(
        first,
        name="里巷社区第二网格",
        buildings=[walk.areas["lane_building"].code],
        people={posts["王网格"]: "both", posts["李网格"]: "go"},
        by=by,
        at=TUESDAY,
    )
    assert made.code == first.code[:12] + "002"
    assert made.parent == walk.areas["lane"]
    assert dict(moved)["在办工单"] == 1
    inside.refresh_from_db()
    assert inside.area_path.startswith(made.path)
    covers = {
        post.member.name: {one.area.code for one in post.covers.all()}
        for post in reshaping.posts_of(made, TUESDAY)
    }
    assert covers == {"王网格": {first.code, made.code}, "李网格": {made.code}}
    assert {one.member.name for one in Notice.objects.filter(kind="area.received")} == {"王网格", "李网格"}


def test_work_in_no_building_goes_along_only_when_asked(walk):
    ticket = reported(walk, "lane_grid")
    made, _moved = reshaping.split_grid(
        walk.areas["lane_grid"], name="二", buildings=[], rest=True, by=walk.actor("admin"), at=TUESDAY
    )
    ticket.refresh_from_db()
    assert ticket.area == made


def test_buildings_go_to_the_next_grid_and_strangers_are_refused(walk, second):
    by, first = walk.actor("admin"), walk.areas["lane_grid"]
    code = walk.areas["lane_building"].code
    inside = reported(walk, "lane_building")
    reshaping.move_buildings(first, second, buildings=[code], by=by, at=TUESDAY)
    inside.refresh_from_db()
    assert inside.area_path == f"{second.path}{code}/"
    with pytest.raises(Invalid) as refusal:
        reshaping.move_buildings(first, second, buildings=[code], by=by, at=TUESDAY)
    assert refusal.value.code == "not_inside"
    with pytest.raises(Invalid) as refusal:
        reshaping.move_buildings(first, second, buildings=[], by=by, at=TUESDAY)
    assert refusal.value.code == "required"


def test_what_came_in_at_that_very_moment_is_found_later(walk, second):
    merge(walk)
    stray = reported(walk, "second")
    old = walk.areas["lane_grid"]
    Ticket.objects.filter(pk=stray.pk).update(area=old, area_path=old.path)
    assert territory.settle(walk.tenant, TUESDAY) == 1
    stray.refresh_from_db()
    assert stray.area_path == second.path
    assert territory.settle(walk.tenant, TUESDAY) == 0


def test_a_post_with_a_planned_end_moves_along_and_keeps_its_end(walk, second):
    post = Post.objects.get(member=walk.members["colleague"], covers__area=walk.areas["lane_grid"])
    actions_of_territory.relieve(post, until=date(2026, 12, 31))
    assert reshaping.plan_merge(walk.areas["lane_grid"], TUESDAY).people == ["王网格", "李网格"]
    merge(walk)
    moved = Post.objects.get(member=walk.members["colleague"], covers__area=second)
    assert moved.valid_from == tree.local_day(TUESDAY)
    assert moved.valid_to == date(2026, 12, 31)


def test_who_is_switched_off_does_not_come_back_to_a_dead_grid(walk, second):
    people_actions.leave(walk.members["colleague"], by=walk.actor("admin"), at=MONDAY)
    merge(walk)
    lasting = Post.objects.filter(member=walk.members["colleague"], valid_to=None)
    assert [one.area for post in lasting for one in post.covers.all()] == [second]
    assert {one.member.name for one in Notice.objects.filter(kind="area.took_in")} == {"王网格"}


def test_a_retired_building_goes_along_and_can_come_back(walk, second):
    building, by = walk.areas["lane_building"], walk.actor("admin")
    area_actions.retire_area(building, by=by, at=MONDAY)
    assert dict(merge(walk))["在办工单"] == 0
    building = Area.objects.select_related("parent").get(pk=building.pk)
    area_actions.restore_area(building, by=by, at=TUESDAY)
    assert building.path.startswith(second.path)


def test_a_new_grid_needs_something_to_begin_with(walk):
    with pytest.raises(Invalid) as refusal:
        reshaping.split_grid(
            walk.areas["lane_grid"], name="二", buildings=[], by=walk.actor("admin"), at=TUESDAY
        )
    assert refusal.value.field == "buildings"
