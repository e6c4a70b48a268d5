"""The bounds of the district: its outline, else the surroundings of its places; without both, everywhere."""

import pytest

from governance.errors import Invalid
from governance.tenancy import config
from grids.areas import bounds
from grids.models import Area
from tests.grids.areas.test_shapes import SQUARE, feature, take

L_SHAPE = [
    [117.0, 36.0],
    [117.2, 36.0],
    [117.2, 36.2],
    [117.1, 36.2],
    [117.1, 36.1],
    [117.0, 36.1],
    [117.0, 36.0],
]


def test_the_outline_of_the_district_decides_with_a_kilometre_to_spare(walk):
    take(walk, feature(walk.areas["district"].code, L_SHAPE))
    assert bounds.contains(36.05, 117.05)
    assert bounds.contains(36.105, 117.05)  # 550 metres over the border
    assert not bounds.contains(36.17, 117.03)  # in the box, not in the outline
    assert not bounds.contains(36.05, 117.3)
    with pytest.raises(Invalid) as refused:
        bounds.require_inside(37.4, 118.01)
    assert (refused.value.code, refused.value.field) == ("outside_district", "lat")


def test_without_its_outline_the_places_and_sixty_kilometres_around_count(walk):
    take(walk, feature(walk.areas["lane"].code, SQUARE))
    assert bounds.contains(36.6, 117.05)
    assert not bounds.contains(36.7, 117.05)


def test_points_of_areas_do_as_well_and_without_any_nothing_is_refused(walk):
    assert bounds.contains(10, 10)
    assert bounds.box() is None
    Area.objects.filter(pk=walk.areas["lane_building"].pk).update(lat="36.05", lng="117.05")
    config.changed(walk.tenant)
    assert bounds.contains(36.5, 117.05)
    assert not bounds.contains(10, 10)
