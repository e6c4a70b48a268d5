"""A whistle in a real browser: blown at the desk, answered and checked in on a phone, rated by both sides."""

import io

import pytest
from PIL import Image

from tests.browsers import DESK, PHONE, Visitor, shared_browser
from tests.journeys.test_browser import move
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE = {"latitude": 37.46, "longitude": 118.01}
NEARBY = {"latitude": 37.4635, "longitude": 118.01}  # 389 metres from the meeting point
FAR = {"latitude": 37.4746, "longitude": 118.01}


def located(shape, place):
    return {**shape, "geolocation": place, "permissions": ["geolocation"]}


def photo(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_from_blowing_to_rating_in_a_browser(stack):
    with shared_browser() as chrome:
        visitors = {}

        def person(who, shape=DESK):
            if who not in visitors:
                visitors[who] = Visitor(chrome, stack.url, shape)
                visitors[who].log_in(f"alpha-{who}", PASSWORD, "/alpha/desk/whistles/")
            return visitors[who].page

        address = blow(person("center", located(DESK, PLACE)), stack)
        head = person("head", located(PHONE, FAR))
        head.get_by_role("link", name="沿街商铺占道").click()
        move(head, "应哨", {})
        arrive_from_afar_then_near(head, visitors["head"])
        act(person("team"), address, "不能到场", {"reason": "队员都在外执勤"})
        act(person("county"), address, "要求到场", {"reason": "抽调一组到场"})
        center = person("center")
        act(center, address, "确认到场", {})
        act(center, address, "分工", {"text": "劝离占道摊位"})
        center.get_by_role("button", name="完成 劝离占道摊位").click()
        center.locator(".whistle-tasks li", has_text="已完成").wait_for()
        end(center, address)
        for _party in range(2):
            act(center, address, "评单位", {"in_time": "5", "together": "4", "solved": "5"})
        for who in ("head", "team"):
            act(person(who), address, "评哨", {"needed": "5", "clear": "4"})
        assert "已评哨" in person("team").locator("#now").inner_text()
        assert {who: visitor.complaints for who, visitor in visitors.items()} == {who: [] for who in visitors}
    found = stack.sql("SELECT state, result FROM tickets_whistle")
    assert found == [("rated", "占道摊位已退回门内")]
    parties = stack.sql("SELECT seen_by, distance, overruled FROM tickets_whistleparty ORDER BY id")
    assert parties == [("place", 389, False), ("desk", None, True)]
    photos = stack.sql("SELECT shows, party_id IS NULL FROM tickets_whistlephoto ORDER BY id")
    assert photos == [("arrival", False), ("result", True)]
    assert stack.sql("SELECT count(*) FROM tickets_whistlerating") == [(4,)]


def blow(page, stack):
    """Blow a whistle at the present position; returns the address of its page."""
    page.get_by_role("link", name="吹哨", exact=True).last.click()
    page.locator("[name=kind]").select_option("enforcement")
    page.locator("[name=text]").fill("沿街商铺占道,居民出行难")
    page.locator("[name=area]").select_option(stack.tokens["_areas"]["lane"])
    page.locator("[name=address]").fill("幸福路口")
    page.get_by_role("button", name="标记我现在的位置").click()
    page.get_by_text("已标记位置").wait_for()
    for unit in ("water", "east_team"):
        page.locator(f"[name=units][value={unit}]").check()
    page.get_by_role("button", name="吹哨", exact=True).click()
    page.locator(".whistle-code").wait_for()
    return page.url


def arrive_from_afar_then_near(page, visitor):
    """Check in from too far away (refused with the distance), then from nearby."""
    page.get_by_role("button", name="到场签到", exact=True).click()
    check_in(page)
    page.get_by_text("您距集合地点约").wait_for()
    assert [told for told in visitor.complaints if " 400 " not in told] == []  # the refusal is a 400
    visitor.complaints.clear()
    visitor.context.set_geolocation(NEARBY)
    page.locator("#move input[name=photos]").set_input_files(photo("green"))
    check_in(page)
    assert "距 389 米" in page.locator("main").inner_text()
    picture = page.locator(".photos img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    assert picture.get_attribute("alt") == "到场照片 1"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check_in(page):
    page.get_by_role("button", name="用我现在的位置签到").click()
    page.get_by_text("已取得位置").wait_for()
    page.get_by_role("button", name="确认到场签到").click()
    page.wait_for_load_state("networkidle")


def act(page, address, label, given):
    page.goto(address)
    move(page, label, given)


def end(page, address):
    page.goto(address)
    page.get_by_role("button", name="结束吹哨", exact=True).click()
    form = page.locator("#move form")
    form.locator("[name=text]").fill("占道摊位已退回门内")
    form.locator("input[name=photos]").set_input_files(photo("blue"))
    form.locator("button.btn-primary").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".photos img").count() == 2
