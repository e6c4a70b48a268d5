"""QR codes of buildings (一楼一码): the printed page of a grid, and the report form that a code opens."""

import re

import segno

from tests.pages import folded
from tests.tickets.matters import DESK, statements
from tickets.desk.views import codes


def sheet_of(world, key):
    return f"{DESK}areas/{world.areas[key].code}/codes/"


def test_the_code_of_a_building_opens_the_report_with_its_place(world, as_, monkeypatch, settings):
    settings.PUBLIC_URL = "https://gov.example.org/"
    told = []
    monkeypatch.setattr(codes, "draw_code", lambda address: told.append(address) or codes_of(address))
    page = folded(as_("worker").get(sheet_of(world, "lane_grid")))
    assert "1号楼" in page
    grid, building = told
    assert grid == f"https://gov.example.org/alpha/report/?area={world.areas['lane_grid'].code}"
    opened = folded(as_("worker").get(building.removeprefix("https://gov.example.org")))
    for key in ("lane", "lane_building"):
        assert f'<option value="{world.areas[key].code}" selected>' in opened


def codes_of(address):
    return segno.make(address, error="q", micro=False).svg_data_uri(scale=codes.MODULE, border=4)


def test_a_code_is_drawn_as_svg_that_the_page_may_show():
    assert re.match(r"data:image/svg\+xml", codes.draw_code("https://gov.example.org/alpha/report/?area=1"))


def test_only_grids_of_ones_own_area_have_a_sheet(world, as_):
    assert as_("community").get(sheet_of(world, "lane_grid")).status_code == 200
    for key in ("pond_grid", "lane", "lane_building"):
        assert as_("community").get(sheet_of(world, key)).status_code == 404, key
    assert as_("member").get(sheet_of(world, "lane_grid")).status_code == 404
    assert as_("member").get(f"{DESK}areas/").status_code == 403


def test_grids_are_found_by_their_community(world, as_):
    page = folded(as_("community").get(f"{DESK}areas/"))
    assert sheet_of(world, "lane_grid") in page
    chosen = folded(as_("county").get(f"{DESK}areas/", {"community": world.areas["hill"].code}))
    assert sheet_of(world, "hill_grid") in chosen
    other = folded(as_("community").get(f"{DESK}areas/", {"community": world.areas["hill"].code}))
    assert sheet_of(world, "hill_grid") not in other


def test_a_sheet_needs_two_statements_of_its_own(world, as_):
    client = as_("worker")
    client.get(sheet_of(world, "lane_grid"))
    assert statements(client, sheet_of(world, "lane_grid")) <= 5
