"""Areas and units on the settings pages."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.access.models import User
from governance.tenancy.scope import scope
from grids.areas import actions as area_actions
from grids.models import Area, GridCommunity, Level, Post, Unit
from grids.units import actions as unit_actions
from grids.units.serving import grids_of
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.models import Ticket

AREAS, UNITS = "/alpha/desk/settings/areas/", "/alpha/desk/settings/units/"
LANE, GRID = "990101001001", "990101001001001"


@pytest.fixture
def admin(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    return client


@pytest.fixture
def second(world):
    with scope(world.tenant):
        by = world.actor("admin")
        return area_actions.add_area(
            level=Level.GRID, name="第二网格", parent=world.areas["lane"], by=by, at=MONDAY
        )


def report(world, area):
    with scope(world.tenant):
        draft = intake.Draft(client_id=uuid.uuid4(), text="路灯不亮", area=world.areas[area].code)
        return intake.report(draft, by=world.actor("clerk"), at=MONDAY).ticket


def words(answer):
    return answer.content.decode()


def test_one_walks_down_the_tree_and_finds_by_name_code_and_initials(world, admin):
    assert "东街道" in words(admin.get(AREAS))
    page = words(admin.get(f"{AREAS}{LANE}/"))
    assert "里巷社区第一网格" in page
    assert "甲区" in page
    for q in ("里巷", LANE, "lxsq"):
        assert f"{AREAS}{LANE}/" in words(admin.get(AREAS, {"q": q}))
    assert "没有找到" in words(admin.get(AREAS, {"q": "不存在"}))


def test_a_place_is_added_changed_and_retired(world, admin):
    answer = admin.post(f"{AREAS}{LANE}/add/", {"level": "grid", "name": "第二网格"}, follow=True)
    assert "已添加第二网格（990101001001002）" in words(answer)
    address = f"{AREAS}990101001001002/"
    given = {"name": "滨河网格", "households": "320", "lat": "36.1", "lng": "117.1", "datum": "GCJ-02"}
    assert admin.post(address, given).status_code == 302
    with scope(world.tenant):
        made = Area.objects.get(code="990101001001002")
    assert (made.name, made.households) == ("滨河网格", 320)
    assert float(made.lng) != 117.1  # stored in WGS-84
    assert abs(float(made.lng) - 117.1) < 0.01
    assert "已停用" in words(admin.post(f"{address}active/", {"active": "0"}, follow=True))
    assert "滨河网格" not in words(admin.get(f"{AREAS}{LANE}/"))
    assert "滨河网格" in words(admin.get(f"{AREAS}{LANE}/?retired=1"))
    assert "已恢复" in words(admin.post(f"{address}active/", {"active": "1"}, follow=True))


@pytest.mark.parametrize(
    ("address", "given", "status", "said"),
    [
        (f"{GRID}/", {"name": ""}, 400, "名称"),
        (f"{GRID}/", {"name": "一", "lat": "36.1"}, 400, "经纬度要一起填写"),
        (f"{GRID}/", {"name": "一", "households": "-3"}, 400, "户数"),
        (f"{LANE}/add/", {"level": "grid", "name": "里巷社区第一网格"}, 409, "同一级已有"),
        (f"{LANE}/add/", {"level": "street", "name": "某街道"}, 400, "层级"),
        (f"{LANE}/add/", {"level": "grid", "name": "二", "code": "12"}, 400, "15 位数字"),
    ],
)
def test_wrong_input_is_named_and_kept(world, admin, address, given, status, said):
    answer = admin.post(AREAS + address, given)
    assert answer.status_code == status
    assert said in words(answer)
    assert all(value in words(answer) for value in given.values())


def test_what_is_in_use_cannot_be_retired_and_the_page_says_why(world, admin):
    report(world, "lane_grid")
    page = words(admin.post(f"{AREAS}{GRID}/active/", {"active": "0"}, follow=True))
    assert "还不能停用" in page
    assert "在办工单 1 件" in page
    with scope(world.tenant):
        assert Area.objects.get(code=GRID).valid_to is None


def test_a_merge_is_shown_before_it_is_done(world, admin, second):
    ticket = report(world, "lane_building")
    address = f"{AREAS}{GRID}/merge/"
    shown = words(admin.get(address, {"into": second.code}))
    assert "楼栋 1 个" in shown
    assert "在办工单 1" in shown
    assert "王网格、李网格" in shown
    done = words(admin.post(address, {"into": second.code}, follow=True))
    assert "已并入第二网格" in done
    assert "在办工单 1 件" in done
    with scope(world.tenant):
        assert Ticket.objects.get(pk=ticket.pk).area_path.startswith(second.path)
    assert "第二网格" in words(admin.get(f"{AREAS}{GRID}/"))
    gone = admin.get(address, follow=True)
    assert "网格已停用" in words(gone)
    assert "确认并入" not in words(gone)
    assert admin.get(f"/alpha/report/?area={GRID}").status_code == 200
    assert f'value="{second.code}" selected' in words(admin.get(f"/alpha/report/?area={GRID}"))


def test_a_grid_is_split_on_its_page(world, admin):
    report(world, "lane_building")
    page = words(admin.get(f"{AREAS}{GRID}/split/"))
    assert "1号楼 · 在办工单 1" in page
    with scope(world.tenant):
        posts = {post.member.name: post.pk for post in Post.objects.filter(covers__area__code=GRID)}
    given = {"name": "新网格", "buildings": ["99010100100100001"]}
    given |= {f"post_{pk}": "both" for pk in posts.values()}
    done = words(admin.post(f"{AREAS}{GRID}/split/", given, follow=True))
    assert "已拆出新网格（990101001001002）" in done
    with scope(world.tenant):
        assert Post.objects.filter(covers__area__code="990101001001002", valid_to=None).count() == 2
    refused = admin.post(f"{AREAS}{GRID}/split/", {"name": "别的", "buildings": ["99010100100100001"]})
    assert refused.status_code == 400


def test_buildings_are_given_on_their_page(world, admin, second):
    address = f"{AREAS}{GRID}/give/"
    assert admin.post(address, {"into": second.code}).status_code == 400
    done = admin.post(address, {"into": second.code, "buildings": ["99010100100100001"]}, follow=True)
    assert "楼栋已划入第二网格" in words(done)


def test_a_joint_grid_is_shown_where_it_serves(world, admin):
    pond = world.areas["pond"].code
    assert admin.post(f"{AREAS}{GRID}/serve/", {"communities": [pond]}).status_code == 302
    with scope(world.tenant):
        assert GridCommunity.objects.get().community.code == pond
        grids = {grid.name: grid.people for grid in grids_of(world.areas["pond"].path, MONDAY)}
        assert grids["里巷社区第一网格"] == ("王网格", "李网格")
        assert "里巷社区第一网格" not in {g.name for g in grids_of(world.areas["hill"].path, MONDAY)}
    assert admin.post(f"{AREAS}{GRID}/serve/", {"communities": ["990101002001"]}).status_code == 400
    assert admin.post(f"{AREAS}{GRID}/serve/", {}).status_code == 302
    with scope(world.tenant):
        assert len(grids_of(world.areas["pond"].path, MONDAY)) == 1


def test_units_are_found_added_and_changed(world, admin):
    def listed(**query):
        return {unit.code for unit in admin.get(UNITS, query).context["page"]}

    assert listed(q="swj") == {"water"}
    assert listed(q="局") == {"water", "parks"}
    assert listed(kind="section") == {"pipes"}
    given = {"kind": "section", "code": "lights", "name": "路灯科", "area": "990101000000", "parent": "water"}
    assert "已添加路灯科" in words(admin.post(UNITS, given, follow=True))
    again = admin.post(UNITS, given)
    assert again.status_code == 409
    assert "代码 lights 已被使用" in words(again)
    changed = {"name": "照明科", "area": "990101001000", "parent": ""}
    assert "电话应为" in words(admin.post(f"{UNITS}lights/", changed | {"phone": "值班室"}))
    reached = {"phone": "０５４３-3201234", "address": " 东街 1 号", "opening": "周一至周五 8:30-17:30"}
    assert admin.post(f"{UNITS}lights/", changed | reached).status_code == 302
    with scope(world.tenant):
        made = Unit.objects.select_related("area", "parent").get(code="lights")
    assert (made.name, made.area.code, made.parent) == ("照明科", "990101001000", None)
    assert (made.phone, made.address, made.opening) == (
        "05433201234",
        "东街 1 号",
        "周一至周五 8:30-17:30",
    )
    page = words(admin.get(f"{UNITS}lights/"))
    for word in ("05433201234", "东街 1 号", "周一至周五 8:30-17:30"):
        assert f'value="{word}"' in page
    assert "已停用" in words(admin.post(f"{UNITS}lights/active/", {"active": "0"}, follow=True))
    refused = words(admin.post(f"{UNITS}water/active/", {"active": "0"}, follow=True))
    assert "褚局长、卫经办仍在此任职" in refused


def test_statements_do_not_grow_with_rows(world, admin):
    def count(address):
        admin.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert admin.get(address).status_code == 200
        return len(caught)

    addresses = (AREAS, f"{AREAS}{LANE}/", f"{AREAS}{GRID}/", f"{AREAS}{GRID}/split/", UNITS, f"{AREAS}?q=楼")
    before = [count(address) for address in addresses]
    with scope(world.tenant):
        for n in range(20):
            more = {"by": world.actor("admin"), "at": MONDAY}
            area_actions.add_area(
                level=Level.BUILDING, name=f"{n + 2}号楼", parent=world.areas["lane_grid"], **more
            )
            area_actions.add_area(level=Level.GRID, name=f"{n + 2}网格", parent=world.areas["lane"], **more)
            unit_actions.add_unit(
                kind="section", code=f"u{n}", name=f"{n}科", area=world.areas["district"], **more
            )
    assert [count(address) for address in addresses] == before


def test_only_who_keeps_the_settings_comes_in(world, client):
    client.force_login(
        User.objects.get(pk=world.members["center"].user_id), "governance.access.backend.LoginBackend"
    )
    for address in (AREAS, f"{AREAS}{GRID}/merge/", UNITS, f"{UNITS}water/"):
        assert client.get(address).status_code == 403


def test_who_saves_last_is_told_what_changed_meanwhile(world, admin):
    for address, given in (
        (f"{AREAS}{GRID}/", {}),
        (f"{UNITS}water/", {"area": "990101000000", "parent": ""}),
    ):
        opened = admin.get(address).context["seen"]
        assert admin.post(address, {**given, "name": "先保存的", "seen": opened}).status_code == 302
        late = admin.post(address, {**given, "name": "后保存的", "seen": opened})
        assert late.status_code == 409
        assert "该内容已被他人修改" in words(late)
        assert "后保存的" in words(late)
        again = {**given, "name": "后保存的", "seen": late.context["seen"]}
        assert admin.post(address, again).status_code == 302


def test_no_two_fields_of_the_page_have_one_id(world, admin):
    ids = re.findall(r' id="([^"]+)"', words(admin.get(f"{AREAS}{GRID}/")))
    assert len(ids) == len(set(ids))


def test_a_page_open_during_a_merge_is_taken_and_a_dead_code_says_so(world, admin, second):
    admin.post(f"{AREAS}{GRID}/merge/", {"into": second.code})
    given = {"client_id": str(uuid.uuid4()), "text": "路灯不亮", "area": LANE, "spot": GRID}
    assert admin.post("/alpha/report/", given).status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.get(text="路灯不亮").area == second
        area_actions.retire_area(
            Area.objects.get(code="99010100100100001"), by=world.actor("admin"), at=MONDAY
        )
    page = admin.get("/alpha/report/?area=99010100100100001")
    assert "已停用" in words(page)
    assert f'value="{LANE}" selected' in words(page)
    stale = admin.post("/alpha/report/", {**given, "client_id": str(uuid.uuid4()), "category": "0999"})
    assert stale.status_code == 400
    assert "您选的已停用或有调整" in words(stale)
