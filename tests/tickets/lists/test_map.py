"""The map of the desk: visible tickets in view, in groups or one by one, and the list next to it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from governance.errors import Invalid
from governance.tenancy.scope import scope
from grids.areas import shapes
from grids.models import Area
from tests.grids.areas.test_shapes import SQUARE, feature
from tests.tickets.matters import DESK, reported, statements
from tests.tickets.walks.test_statements import counted
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.lists import map as desk_map
from tickets.models import Ticket
from tickets.ticket.queries import Filters

VIEW = "116.9,35.9,117.2,36.2"


def put(walk, lat, lng, **more):
    draft = intake.Draft(
        text="路灯不亮", area=walk.areas["lane_building"].code, lat=Decimal(lat), lng=Decimal(lng), **more
    )
    return intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket


def seen(walk, name="county", box=VIEW, zoom=12, **filters):
    return desk_map.shown(walk.actor(name), Filters(**filters), desk_map.Box.of(box), zoom, at(24, 9))


def test_few_are_shown_one_by_one_and_only_to_who_may_see_them(walk):
    ticket = put(walk, "36.05", "117.05")
    put(walk, "10", "10")
    found = seen(walk)
    assert (found["total"], found["cells"]) == (1, [])
    assert found["points"][0] | {"title": ""} == {
        "number": ticket.number,
        "title": "",
        "state": "reported",
        "tier": "ordinary",
        "lat": 36.05,
        "lng": 117.05,
        "tone": "late",
    }
    assert seen(walk, "pond_community")["total"] == 0


def test_many_are_gathered_into_cells_that_add_up(walk, monkeypatch):
    monkeypatch.setattr(desk_map, "SINGLE", 3)
    for n in range(4):
        put(walk, f"36.05{n}", "117.05")
    put(walk, "36.15", "117.15")
    found = seen(walk, zoom=12)
    assert found["points"] == []
    assert sorted(cell["n"] for cell in found["cells"]) == [1, 4]
    assert sum(cell["late"] for cell in found["cells"]) == found["total"] == 5
    assert len(seen(walk, zoom=3)["cells"]) == 1
    assert len(seen(walk, zoom=19)["cells"]) == 5


def test_a_matter_without_a_point_of_its_own_stands_at_its_place(walk):
    Area.objects.filter(pk=walk.areas["lane_building"].pk).update(lat=Decimal("36.01"), lng=Decimal("117.01"))
    draft = intake.Draft(text="路灯不亮", area=walk.areas["lane_building"].code)
    intake.report(draft, by=walk.actor("clerk"), at=at(23, 9))
    (point,) = seen(walk)["points"]
    assert (point["lat"], point["lng"]) == (36.01, 117.01)


def test_a_point_given_in_a_shifted_system_is_stored_unshifted(walk):
    ticket = put(walk, "36.05", "117.05", datum="GCJ-02")
    assert ticket.datum == "GCJ-02"
    assert 0.0005 < abs(float(ticket.lng) - 117.05) < 0.01


@pytest.mark.parametrize("rows", [1, 40])
def test_the_view_sends_as_many_statements_for_many_as_for_few(walk, rows):
    for n in range(rows):
        put(walk, f"36.0{n + 10}", "117.05")
    seen(walk, q="路灯")  # compiles the names of places and categories
    assert counted(lambda: seen(walk))[1] <= 3
    assert counted(lambda: seen(walk, q="路灯"))[1] <= 4


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "1,1,1,1", "117,36,116,37", "0,-91,1,91", "NaN,1,2,3"]
)
def test_what_is_no_view_is_refused(text):
    with pytest.raises(Invalid):
        desk_map.Box.of(text)


@pytest.mark.parametrize("text", ["", "-1", "21", "x", "99999999999", "00009999", "²"])
def test_what_is_no_zoom_is_refused(text):
    with pytest.raises(Invalid):
        desk_map.zoom_of(text)


def test_the_pages_of_the_map(world, as_):
    with scope(world.tenant):
        by = world.actor("admin", timezone.now())
        shapes.take_in([feature(world.areas["lane"].code)], datum="WGS-84", by=by, at=timezone.now())
        number = reported(world).ticket.number
        Ticket.objects.filter(number=number).update(lat=Decimal("36.05"), lng=Decimal("117.05"))
    client = as_("community")
    page = client.get(DESK + "map/").content.decode()
    assert 'data-box="36.0,117.0,36.1,117.1"' in page
    points = client.get(f"{DESK}map/data/?bbox={VIEW}&zoom=12&open=1").json()
    assert [one["number"] for one in points["points"]] == [number]
    outlines = client.get(DESK + "map/areas/").json()
    assert [one["properties"]["code"] for one in outlines["features"]] == [world.areas["lane"].code]
    place = client.get(f"{DESK}tickets/{number}/place/").json()
    assert place["point"] == {"lat": 36.05, "lng": 117.05, "own": True}
    assert place["outline"]["coordinates"] == [SQUARE]
    assert place["outside"] == ""
    rows = client.get(f"{DESK}tickets/?bbox={VIEW}").content.decode()
    assert number in rows
    assert number not in client.get(f"{DESK}tickets/?bbox=0,0,1,1").content.decode()
    assert client.get(f"{DESK}map/data/?bbox=x&zoom=1").status_code == 400
    other = as_("pond_community")
    assert other.get(f"{DESK}tickets/{number}/place/").status_code == 404
    assert other.get(DESK + "map/areas/").json()["features"] == []


def test_a_point_outside_the_district_is_not_drawn_but_named_at_the_ticket(world, as_):
    with scope(world.tenant):
        number = reported(world, lat=Decimal("37.4"), lng=Decimal("118.01")).ticket.number
        by = world.actor("admin", timezone.now())
        outline = feature(world.areas["district"].code)
        shapes.take_in([outline], datum="WGS-84", by=by, at=timezone.now())
    place = as_("community").get(f"{DESK}tickets/{number}/place/").json()
    assert place["point"] is None
    assert "不在本区县范围内" in place["outside"]


def test_without_any_outline_or_point_the_page_says_so(world, as_):
    assert "暂无可绘制的区域" in as_("community").get(DESK + "map/").content.decode()


def test_the_map_page_sends_few_statements(world, as_):
    client = as_("community")
    client.get(DESK + "map/")
    assert statements(client, DESK + "map/") <= 5
