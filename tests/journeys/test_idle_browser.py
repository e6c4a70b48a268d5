"""An hour away from the desk loses nothing of what was typed: warning, log-in in place, and a form that comes back."""

import uuid

import pytest

from tests.browsers import DESK, Visitor, shared_browser
from tests.tickets.matters import picture
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AREA = "990101001001"
UNSENT = "Object.keys(sessionStorage).filter((key) => key.startsWith('unsent')).length"


def new_number(stack):
    given = {"client_id": str(uuid.uuid4()), "text": "路灯不亮", "area": AREA, "category": "0101"}
    answer = stack.call("clerk", "POST", "tickets/", given)
    assert answer.status_code == 201, answer.text
    return answer.json()["number"]


def open_form(chrome, stack, number, verb):
    visitor = Visitor(chrome, stack.url, DESK)
    visitor.log_in("alpha-community", PASSWORD, f"/alpha/desk/tickets/{number}/?move={verb}")
    return visitor, visitor.page.locator("#move form")


def leave(visitor):
    """The session ends on the server."""
    visitor.context.clear_cookies(name="sessionid")


def test_before_the_session_ends_the_page_warns_and_after_it_one_goes_on_in_place(stack):
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
    number = new_number(stack)
    assert stack.move("community", number, "triage_minor").ok
    with shared_browser() as chrome:
        visitor = Visitor(chrome, stack.url, DESK)
        visitor.page.clock.install()
        visitor.log_in("alpha-community", PASSWORD, f"/alpha/desk/tickets/{number}/?move=resolve")
        page, dialog = visitor.page, visitor.page.locator("#idle")
        form = page.locator("#move form")
        form.locator("[name=outcome]").select_option(value="fixed")
        form.locator("[name=answer]").fill("灯泡已更换")
        form.locator("[name=evidence]").fill("更换灯泡")
        form.locator("input[type=file]").set_input_files(photo)
        page.wait_for_load_state("networkidle")  # a part of the page that arrives late counts as use
        page.clock.fast_forward("26:00")
        assert not dialog.is_visible()
        page.clock.fast_forward("01:30")
        dialog.get_by_text("即将自动退出").wait_for()
        dialog.get_by_role("button", name="继续使用").click()
        dialog.wait_for(state="hidden")
        page.clock.fast_forward("20:00")
        assert not dialog.is_visible()
        leave(visitor)
        page.clock.fast_forward("20:00")
        dialog.get_by_text("已自动退出", exact=True).wait_for()
        page.keyboard.press("Escape")
        assert dialog.is_visible()
        dialog.locator("[name=password]").fill("wrong")
        dialog.get_by_role("button", name="重新登录").click()
        dialog.get_by_text("登录名或密码有误").wait_for()
        dialog.locator("[name=password]").fill(PASSWORD)
        dialog.get_by_role("button", name="重新登录").click()
        dialog.wait_for(state="hidden")
        leave(visitor)
        page.clock.fast_forward("31:00")  # once more, over lunch
        dialog.locator("[name=password]").fill(PASSWORD)
        dialog.get_by_role("button", name="重新登录").click()
        dialog.wait_for(state="hidden")
        assert form.locator("[name=answer]").input_value() == "灯泡已更换"
        form.locator("button.btn-primary").click()
        page.wait_for_url(f"**/tickets/{number}/")
        assert "待核实" in page.locator("#now").inner_text()
    assert stack.sql("SELECT count(*) FROM tickets_attachment") == [(1,)]


def test_a_form_that_met_the_log_in_comes_back_with_its_text_and_is_forgotten_when_taken(stack):
    number = new_number(stack)
    with shared_browser() as chrome:
        visitor, form = open_form(chrome, stack, number, "triage_major")
        page = visitor.page
        form.locator("[name=reason]").fill("需要上级协调")
        leave(visitor)
        form.locator("button.btn-primary").click()
        page.wait_for_url("**/login/**")
        page.fill("input[name=username]", "alpha-community")
        page.fill("input[name=password]", PASSWORD)
        page.click("button.btn-primary")
        form.get_by_text("已恢复您上次未提交的内容").wait_for()
        assert form.locator("[name=reason]").input_value() == "需要上级协调"
        form.locator("button.btn-primary").click()
        page.wait_for_url(f"**/tickets/{number}/")
        assert page.evaluate(UNSENT) == 0
        page.goto("/alpha/desk/tickets/new/")
        page.locator("textarea[name=text]").fill("待发")
        assert page.evaluate(UNSENT) == 1
        page.locator("form[data-ends-session]").evaluate("form => form.requestSubmit()")
        page.wait_for_url("**/login/")
        assert page.evaluate(UNSENT) == 0
