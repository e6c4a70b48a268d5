"""Search for names by the first letters of their pinyin."""

import pytest

from grids.units import initials
from tests.tickets.walks.test_statements import counted

KNOWN = initials.letters_of(["幸福社区居委会", "重庆路", "A座3号楼"])


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("xfsq", "幸福社区居委会", True),
        ("XFSQ", "幸福社区居委会", True),
        ("sq", "幸福社区居委会", True),
        ("jwh", "幸福社区居委会", True),
        ("xsq", "幸福社区居委会", False),
        ("cql", "重庆路", True),
        ("zql", "重庆路", True),
        ("a", "A座3号楼", True),
        ("az3hl", "A座3号楼", True),
        ("xfsqjwhx", "幸福社区居委会", False),
    ],
)
def test_letters_stand_for_characters_that_follow_each_other(typed, name, fits):
    assert initials.fits(typed, name, KNOWN) is fits


@pytest.mark.django_db
def test_places_and_units_are_found_and_asking_again_asks_nothing(walk):
    found = initials.find("lxsq")
    assert [one.name for one in found["areas"]] == ["里巷社区"]
    assert "里巷社区居委会" in [one.name for one in found["units"]]
    assert counted(lambda: initials.find("swj"))[1] == 0
    assert [one.name for one in initials.find("swj")["units"]] == ["水务局"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "x", "13800001234", "水务", "a b", "x" * 13, "ALPH-2026"])
def test_what_are_no_letters_find_nothing(walk, typed):
    assert initials.find(typed) == {"areas": [], "units": []}
