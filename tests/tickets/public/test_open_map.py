"""The public map: public tickets only, placed to squares of about a hundred metres."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.errors import Invalid
from governance.tenancy.scope import scope
from grids.areas import shapes
from tests.grids.areas.test_shapes import SQUARE, feature
from tests.tickets.matters import FRAME, reported
from tickets.public import map as public_map

MAP = "/alpha/matters/map/"
HERE = {"lat": Decimal("36.050123"), "lng": Decimal("117.050321")}


def squares(client, query=""):
    return client.get(f"{MAP}data/{query}").json()["squares"]


def test_a_matter_stands_in_its_square_and_tells_no_more(world, client):
    reported(world, **HERE, text="三单元 301 老钱家漏水", address="幸福路 3 号 301", category="0101")
    reported(world, lat=Decimal("36.050400"), lng=Decimal("117.049600"), category="0102")
    assert squares(client) == [[36.05, 117.05, 2, 2]]
    assert squares(client, "?category=0101") == [[36.05, 117.05, 1, 1]]
    page = client.get(MAP).content.decode()
    listed = client.get(f"{MAP}square/?lat=36.05&lng=117.05").content.decode()
    for words in (page, listed):
        assert "路灯" in words
        for secret in ("301", "老钱", "幸福路", "36.050123", "117.050321"):
            assert secret not in words


def test_what_is_not_public_is_on_no_map(world, client):
    reported(world, **HERE, private=True)
    reported(world, **HERE, against="water")
    assert squares(client) == []
    assert "没有符合条件" in client.get(f"{MAP}square/?lat=36.05&lng=117.05").content.decode()


def test_a_matter_without_a_point_stands_at_its_places(world, client):
    with scope(world.tenant):
        building = world.areas["lane_building"]
        building.lat, building.lng = HERE["lat"], HERE["lng"]
        building.save()
    reported(world)
    assert squares(client) == [[36.05, 117.05, 1, 1]]


def test_a_point_outside_the_district_moves_nobodys_map(world, client):
    reported(world, **HERE)
    reported(world, lat=Decimal("37.4"), lng=Decimal("118.01"))  # stored before the district had an outline
    with scope(world.tenant):
        features = [feature(world.areas["district"].code, SQUARE)]
        shapes.take_in(features, datum="WGS-84", by=world.system, at=timezone.now())
    assert squares(client) == [[36.05, 117.05, 1, 1]]
    assert 'data-box="36.0,117.0,36.1,117.1"' in client.get(MAP).content.decode()


def test_no_sliding_window_finds_where_in_the_square_it_lies(world, client):
    """Any point of a square returns the whole square; a smaller area cannot be queried."""
    reported(world, **HERE)
    seen = {
        client.get(f"{MAP}square/?lat={lat}&lng={lng}").content.count(b"matter-line")
        for lat in ("36.0496", "36.05", "36.0504")
        for lng in ("117.0496", "117.05", "117.0504")
    }
    assert seen == {1}
    assert b"matter-line" not in client.get(f"{MAP}square/?lat=36.051&lng=117.05").content


@pytest.mark.parametrize(
    ("lat", "lng"), [("", ""), ("x", "1"), ("NaN", "1"), ("91", "1"), ("1e999", "1"), ("1", "Infinity")]
)
def test_what_is_no_point_is_refused(walk, lat, lng):
    with pytest.raises(Invalid):
        public_map.square(lat, lng)


def test_a_bad_filter_is_refused(client, world):
    assert client.get(f"{MAP}data/?state=x").status_code == 400
    assert client.get(f"{MAP}square/?lat=x&lng=1").status_code == 400


@pytest.mark.servers
def test_the_squares_are_counted_once_a_minute(world, client):
    reported(world, **HERE)

    def cost():
        with CaptureQueriesContext(connection) as found:
            squares(client)
        return sum(not one["sql"].startswith(FRAME) for one in found.captured_queries)

    first = cost()
    assert cost() < first
