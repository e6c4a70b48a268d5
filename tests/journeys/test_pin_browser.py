"""Pinning the place by hand in browsers without a position (inside WeChat, WeCom and DingTalk).

The public map shows the ticket without its exact address.
"""

import json

import pytest
from playwright.sync_api import expect

from tests.browsers import PHONE, Visitor, shared_browser
from tests.grids.areas.test_shapes import SQUARE, feature

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INSIDE = {
    "WeChat": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 XWEB/1260079 "
    "MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) NetType/4G Language/zh_CN",
    "WeCom": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 "
    "wxwork/4.1.28 MicroMessenger/7.0.1 Language/zh",
    "DingTalk": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 "
    "AliApp(DingTalk/7.5.20) com.alibaba.android.rimet Language/zh-CN",
}


@pytest.fixture(scope="module")
def outlined(stack, tmp_path_factory):
    """Import an outline of the community, so that a tap can hit it."""
    file = tmp_path_factory.mktemp("shapes") / "lane.geojson"
    given = {"type": "FeatureCollection", "features": [feature("990101001001", SQUARE)]}
    file.write_text(json.dumps(given), encoding="utf-8")
    stack.manage("import_shapes", str(file), "--tenant", "alpha")


@pytest.mark.parametrize("inside", INSIDE)
def test_a_place_is_pinned_by_hand_where_no_position_is_told(stack, outlined, inside):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, {**PHONE, "user_agent": INSIDE[inside]})
        page = resident.page
        page.goto("/alpha/report/?area=990101001001", wait_until="networkidle")
        page.get_by_label("事情经过").fill(f"路灯坏了 {inside}")
        page.get_by_text("在地图上点出位置").click()
        ground = page.locator("[data-pin-map] path").first
        ground.wait_for()
        page.locator("[data-pin-map]").click()
        page.locator("details[data-pin] .map-pin").wait_for()
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url("**/receipt/**")
        number = page.locator(".receipt-number").first.inner_text().strip()
        page.goto("/alpha/matters/map/", wait_until="networkidle")
        page.locator(".leaflet-marker-icon").first.wait_for()
        assert inside not in page.content()  # the map never shows the reporter's text
        assert resident.complaints == []
    ((lat, lng),) = stack.sql("SELECT lat, lng FROM tickets_ticket WHERE number = %s", number)
    assert 36.0 < lat < 36.1
    assert 117.0 < lng < 117.1


def test_a_position_outside_the_district_is_refused_on_the_phone(stack, outlined):
    with shared_browser() as chrome:
        far = {"geolocation": {"latitude": 39.4, "longitude": 118.01}, "permissions": ["geolocation"]}
        resident = Visitor(chrome, stack.url, {**PHONE, **far})
        page = resident.page
        page.goto("/alpha/report/", wait_until="networkidle")
        page.get_by_role("button", name="标记我现在的位置").click()
        expect(page.locator("[data-place] [role=status]")).to_contain_text("不在本区县范围内")
        assert page.locator("#id_lat").input_value() == ""
        assert resident.complaints == []


def test_a_pinned_place_chooses_its_community_and_leaves_what_was_chosen_by_hand(stack, outlined):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        page.goto("/alpha/report/", wait_until="networkidle")
        page.get_by_text("在地图上点出位置").click()
        page.locator("[data-pin-map] path").first.wait_for()
        page.locator("[data-pin-map]").click()
        area = page.locator("select[name=area]")
        expect(area).to_have_value("990101001001")
        assert "里巷" in page.locator("details[data-pin] [role=status]").inner_text()
        page.locator("#foreseen .alert").filter(has_text="里巷").wait_for()
        other = stack.tokens["_areas"]["pond"]
        area.select_option(value=other)
        with page.expect_response("**/report/place/"):
            page.locator("[data-pin-map]").click(position={"x": 60, "y": 90})
        assert area.input_value() == other
        assert resident.complaints == []
