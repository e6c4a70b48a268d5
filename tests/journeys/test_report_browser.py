"""Reporting on a phone in a real browser: questions, a stop answer, a code by text message, my tickets."""

import io
import re

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

from tests.browsers import DESK, PHONE, Visitor, shared_browser
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOBILE = "13700004321"


@pytest.fixture
def asked(stack):
    """Give the category 路灯 two questions: one about danger, one about the number of lamps."""
    with shared_browser() as chrome:
        admin = Visitor(chrome, stack.url, DESK)
        admin.log_in("alpha-admin", PASSWORD, "/alpha/desk/")
        page = admin.page
        page.goto("/alpha/desk/settings/categories/0101/questions/")
        page.get_by_label("问题", exact=True).fill("电线垂到地上了吗？")
        page.get_by_label("必答").check()
        page.get_by_label("选择该答案时提醒").fill("是")
        page.get_by_label("提醒内容", exact=True).fill("请远离电线，立即拨打 119")
        page.get_by_label("有人身危险").check()
        page.get_by_role("button", name="保存").click()
        page.get_by_text("问题已保存").wait_for()
        page.get_by_label("问题", exact=True).fill("坏了几盏？")
        page.get_by_label("答案类型").select_option("number")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("rowheader", name="坏了几盏？").wait_for()
        assert admin.complaints == []


def test_a_resident_is_asked_stopped_proven_and_finds_everything_again(stack, asked):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        page.goto("/alpha/report/", wait_until="networkidle")
        page.get_by_label("事情经过").fill("路灯坏了")
        page.get_by_label("事项类别").select_option("0101")
        page.get_by_label("坏了几盏？").fill("3")
        page.get_by_label("是", exact=True).check()
        stop = page.get_by_role("alert")
        assert stop.get_by_role("link", name="拨打 119").get_attribute("href") == "tel:119"
        page.get_by_label("否", exact=True).check()
        stop.wait_for(state="detached")
        page.get_by_label("联系电话").fill(MOBILE)
        page.get_by_role("button", name="获取短信验证码").click()
        page.get_by_label("短信验证码").fill(stack.wait_for(lambda: code_sent(stack), "no code was sent"))
        page.get_by_label("我已阅读个人信息处理告知").check()
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url("**/receipt/**")
        number = page.locator(".receipt-number").first.inner_text().strip()
        page.goto("/alpha/mine/")
        assert number in page.locator("main").inner_text()
        page.get_by_role("link", name="路灯坏了").click()
        page.wait_for_url("**/track/**")
        assert "坏了几盏？" in page.locator("main").inner_text()
        page.goto("/alpha/mine/")
        page.get_by_role("button", name="退出").click()
        page.get_by_text("已退出").wait_for()
        page.goto("/alpha/mine/")
        assert page.get_by_label("手机号").is_visible()
        assert resident.complaints == []
    row = stack.sql(
        "SELECT r.phone_verified_at IS NOT NULL, r.notice_version FROM tickets_reporter r "
        "JOIN tickets_ticket t ON t.tenant_id = r.tenant_id AND t.id = r.ticket_id WHERE t.number = %s",
        number,
    )
    assert row == [(True, 0)]


MANY = """
    const select = document.querySelector("select[name=area]");
    select.replaceChildren(new Option("不清楚", ""));
    for (const street of ["东街", "西街"]) {
        const group = Object.assign(document.createElement("optgroup"), { label: street });
        for (let n = 1; n < 12; n += 1) group.append(new Option(`${street}第${n}社区`, `${street}${n}`));
        select.append(group);
    }
    import("/static/js/narrow_select.js").then(({ bindNarrowSelect }) => bindNarrowSelect(document));
"""


def test_a_long_choice_has_two_steps_and_a_search(stack):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        page.goto("/alpha/report/", wait_until="networkidle")
        page.evaluate(f"() => {{ {MANY} }}")
        area, street = page.locator("select[name=area]"), page.get_by_label("先选街道（乡镇）")
        expect(area.locator("option")).to_have_count(1)  # nothing before a street is chosen
        street.select_option("西街")
        expect(area.locator("option")).to_have_count(12)
        area.select_option("西街3")
        street.select_option("东街")
        expect(area).to_have_value("")
        search = page.get_by_label("输入名称或拼音首字母").first
        search.fill("西街第7")
        expect(area.locator("option")).to_have_count(2)
        search.press("Enter")
        expect(area).to_have_value("西街7")
        expect(street).to_have_value("西街")
        assert resident.complaints == []


def snapshot(name, size, orientation=1):
    """A photo as a phone takes it: several megabytes, turned by its EXIF data only."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    Image.effect_noise(size, 90).convert("RGB").save(buffer, "JPEG", quality=90, exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_photos_are_shown_removed_and_made_smaller_and_the_tick_is_asked_for_first(stack):
    with shared_browser() as chrome:
        resident = Visitor(chrome, stack.url, PHONE)
        page = resident.page
        page.goto("/alpha/report/?area=990101001001", wait_until="networkidle")
        page.get_by_label("事情经过").fill("井盖松动")
        page.get_by_label("姓名").fill("钱居民")
        small, large = snapshot("b.jpg", (300, 200)), snapshot("a.jpg", (2800, 2000), orientation=6)
        page.locator("input[name=photos]").set_input_files([large, small])
        expect(page.locator("[data-shrinking]")).to_contain_text("已选 2 张")
        page.get_by_role("button", name="移除照片 b.jpg").click()
        expect(page.locator(".chosen-photos img")).to_have_count(1)
        sent = page.locator("input[name=photos]").evaluate(
            "one => [...one.files].map(({ name, size }) => [name, size])"
        )
        assert [name for name, _size in sent] == ["a.jpg"]
        assert sent[0][1] < len(large["buffer"])
        size = "(one) => createImageBitmap(one.files[0]).then(({ width, height }) => [width, height])"
        assert page.locator("input[name=photos]").evaluate(size) == [1829, 2560]
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_role("alert").filter(has_text="请先阅读个人信息处理告知并勾选").wait_for()
        expect(page.get_by_label("我已阅读个人信息处理告知")).to_be_focused()
        assert "/receipt/" not in page.url
        page.get_by_label("我已阅读个人信息处理告知").check()
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url("**/receipt/**")
        number = page.locator(".receipt-number").first.inner_text().strip()
        assert resident.complaints == []
    sizes = stack.sql(
        "SELECT a.width, a.height FROM tickets_attachment a "
        "JOIN tickets_ticket t ON t.tenant_id = a.tenant_id AND t.id = a.ticket_id WHERE t.number = %s",
        number,
    )
    assert sizes == [(1463, 2048)]  # as the server stores it, still upright


def code_sent(stack):
    """The newest code in the worker's output; the console backend prints it there."""
    found = re.findall(r"验证码 (\d{6})", (stack.folder / "worker.log").read_text(encoding="utf-8"))
    return found[-1] if found else ""
