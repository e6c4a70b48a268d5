"""Outlines and coordinates: shifted coordinates are corrected, invalid outlines are refused and named."""

import io
import json

import pytest
from django.core.management import call_command

from governance.errors import Invalid
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids import coordinates
from grids.areas import outlines, shapes
from grids.models import Area, AreaShape
from tests.shared import FOLDER, needs
from tests.worlds import at

SQUARE = [[117.0, 36.0], [117.1, 36.0], [117.1, 36.1], [117.0, 36.1], [117.0, 36.0]]


def feature(code, ring=None, **more):
    geometry = {"type": "Polygon", "coordinates": [ring or SQUARE], **more}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def take(walk, *features, datum="WGS-84", **more):
    return shapes.take_in(features, datum=datum, by=walk.actor("admin"), at=at(20, 9), **more)


@pytest.mark.parametrize(("lat", "lng"), [(39.9087, 116.3975), (22.5431, 114.0579), (37.3848, 118.0201)])
def test_what_is_shifted_for_maps_comes_back_to_within_a_decimetre(lat, lng):
    there = coordinates.shifted(lat, lng)
    assert 100 < 111_320 * abs(complex(there[0] - lat, there[1] - lng)) < 1000
    back = coordinates.to_wgs84(*there, "GCJ-02")
    assert abs(back[0] - lat) < 1e-6
    assert abs(back[1] - lng) < 1e-6


def test_known_points_of_published_maps():
    """Tiananmen in the coordinates of three providers: the known public shift."""
    assert coordinates.shifted(39.907333, 116.391083) == pytest.approx((39.908735, 116.397327), abs=2e-5)
    lat, lng = coordinates.to_wgs84(39.915097, 116.403694, "BD-09")
    assert (lat, lng) == pytest.approx((39.907381, 116.391055), abs=2e-4)


def test_outside_china_nothing_is_shifted():
    assert coordinates.to_wgs84(51.5, -0.12, "GCJ-02") == (51.5, -0.12)


def test_an_outline_is_kept_once_and_gives_its_area_a_point(walk):
    code = walk.areas["lane"].code
    taken = take(walk, feature(code))
    assert (taken.created, taken.refused) == (1, [])
    area = Area.objects.get(code=code)
    assert (float(area.lat), float(area.lng)) == (36.05, 117.05)
    assert take(walk, feature(code)).same == 1
    moved = [[lng + 0.01, lat] for lng, lat in SQUARE]
    assert take(walk, feature(code, moved)).changed == 1
    assert AreaShape.objects.get().east == pytest.approx(117.11)
    assert Event.objects.filter(kind="area.outlined").count() == 2


def test_a_trial_keeps_nothing(walk):
    assert take(walk, feature(walk.areas["lane"].code), dry_run=True).created == 1
    assert not AreaShape.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        feature("nowhere"),
        feature("LANE", [[1, 1], [2, 2], [1, 1]]),
        feature("LANE", SQUARE[:-1]),
        feature("LANE", [[*point] if n else ["x", 36] for n, point in enumerate(SQUARE)]),
        feature("LANE", [[200, 36], *SQUARE[1:-1], [200, 36]]),
        feature("LANE", type="Point"),
        {"type": "Feature", "properties": {"code": "LANE"}, "geometry": None},
        {"type": "Feature", "properties": None, "geometry": {"type": "MultiPolygon", "coordinates": []}},
    ],
)
def test_what_is_no_outline_is_refused_and_the_rest_is_taken(walk, wrong):
    code = walk.areas["lane"].code
    if (wrong["properties"] or {}).get("code") == "LANE":
        wrong = {**wrong, "properties": {"code": code}}
    taken = take(walk, wrong, feature(walk.areas["pond"].code))
    assert (taken.created, len(taken.refused)) == (1, 1)
    assert taken.refused[0][1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": "FeatureCollection", "features": [1]}', "no"])
def test_what_is_no_geojson_is_refused_whole(text):
    with pytest.raises(Invalid):
        shapes.read(text)


def test_an_unknown_datum_is_refused(walk):
    with pytest.raises(Invalid) as refusal:
        take(walk, feature(walk.areas["lane"].code), datum="mars")
    assert refusal.value.field == "datum"


@needs("districts.geojson")
def test_the_command_takes_a_real_outline_in(world, tmp_path):
    """A county's published outline: its six digits identify the district, its shift is undone."""
    source = FOLDER / "districts.geojson"
    with scope(world.tenant):
        Area.objects.filter(parent=None).update(code="371602000000")
    said = io.StringIO()
    call_command("import_shapes", source, tenant="alpha", datum="GCJ-02", stdout=said, stderr=io.StringIO())
    assert "新增 1" in said.getvalue()
    given = next(
        f for f in json.loads(source.read_text())["features"] if str(f["properties"]["adcode"]) == "371602"
    )
    with scope(world.tenant):
        kept = AreaShape.objects.get()
    first_given = given["geometry"]["coordinates"][0][0][0]
    first_kept = kept.geometry["coordinates"][0][0][0]
    metres = 111_320 * abs(complex(first_given[0] - first_kept[0], first_given[1] - first_kept[1]))
    assert 100 < metres < 1000


def test_a_point_lies_in_the_outline_around_it_and_in_no_hole(walk):
    hole = [[117.04, 36.04], [117.06, 36.04], [117.06, 36.06], [117.04, 36.06], [117.04, 36.04]]
    take(walk, feature(walk.areas["lane"].code, coordinates=[SQUARE, hole]))
    assert outlines.community_at(36.02, 117.02) == walk.areas["lane"]
    assert outlines.community_at(36.05, 117.05) is None
    assert outlines.community_at(36.2, 117.02) is None
