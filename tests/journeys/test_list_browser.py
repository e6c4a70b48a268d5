"""The ticket list in a real browser: keys, boxes, action bar, rows changed by others; no console errors."""

import os
import uuid
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.browsers import DESK, PHONE, Visitor, shared_browser
from tests.worlds import PASSWORD
from tickets.lists.actions import exports

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIST = "/alpha/desk/tickets/"


def seen(page, name):
    """Save a screenshot if SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def report(stack, text):
    lane = stack.tokens["_areas"]["lane"]
    given = {"client_id": str(uuid.uuid4()), "text": text, "area": lane, "category": "0101"}
    answer = stack.call("clerk", "POST", "tickets/", given)
    assert answer.status_code == 201, answer.text
    return answer.json()["number"]


def test_rows_are_gone_through_ticked_and_sorted_by_keys_and_bar(stack):
    older, newer = report(stack, "三单元楼道灯不亮"), report(stack, "井盖松动")
    with shared_browser() as chrome:
        officer = Visitor(chrome, stack.url, DESK)
        page = officer.page
        officer.log_in("alpha-community", PASSWORD, LIST)
        seen(page, "list-1440")
        page.keyboard.press("j")
        assert newer in page.locator("[data-row]:focus-within").inner_text()
        page.keyboard.press("x")
        page.keyboard.press("j")
        assert older in page.locator("[data-row]:focus-within").inner_text()
        page.keyboard.press("x")
        page.get_by_text("已选 2 件").wait_for()
        seen(page, "list-1440-bar")
        page.keyboard.press("/")
        page.keyboard.type("jxk?")
        assert page.locator("#f-q").input_value() == "jxk?"
        page.locator("#f-q").fill("")
        page.locator("[data-row] a").first.focus()
        page.keyboard.press("?")
        page.locator("dialog#keys[open]").wait_for()
        seen(page, "list-1440-keys")
        page.keyboard.press("Escape")
        page.locator("#bulk-bar button[value=triage_major]").click()
        page.locator("textarea[name=reason]").fill("社区无力解决")
        seen(page, "bulk-1440-form")
        page.locator("form button.btn-primary", has_text="分单").click()
        page.get_by_text("成功 2 件").wait_for()
        seen(page, "bulk-1440-results")
        assert officer.complaints == []


def test_a_row_that_a_colleague_changed_stays_ticked_where_it_stands(stack):
    number = report(stack, "路面积水")
    with shared_browser() as chrome:
        officer = Visitor(chrome, stack.url, DESK)
        page = officer.page
        officer.log_in("alpha-community", PASSWORD, LIST)
        row = page.locator("[data-row]", has_text=number)
        row.locator("input[name=row]").check()
        page.get_by_text("已选 1 件").wait_for()
        answer = stack.call(
            "community", "POST", f"tickets/{number}/moves/", {"verb": "triage_minor", "reason": "本社区可办"}
        )
        assert answer.status_code == 200, answer.text
        page.evaluate(
            "htmx.ajax('GET', document.querySelector('#fresh').getAttribute('hx-get'), "
            "{source: '#fresh', target: '#fresh', swap: 'outerHTML'})"
        )
        row.get_by_text("有更新").wait_for()
        assert "办理中" in row.inner_text()
        assert row.locator("input[name=row]").is_checked()
        page.locator("#bulk-bar button[value=triage_major]").wait_for(state="detached")
        seen(page, "list-1440-fresh")
        assert officer.complaints == []


def test_the_list_on_a_phone_neither_overflows_nor_hides_its_boxes(stack):
    report(stack, "垃圾堆放在小区门口多日无人清理，影响居民出行，希望尽快处理")
    with shared_browser() as chrome:
        officer = Visitor(chrome, stack.url, PHONE)
        page = officer.page
        officer.log_in("alpha-community", PASSWORD, LIST)
        assert not page.locator("[data-row] input[name=row]").first.is_visible()
        page.locator(".bulk-mode input").check()
        page.locator("[data-row] input[name=row]").first.check()
        page.get_by_text("已选 1 件").wait_for()
        seen(page, "list-390")
        page.get_by_text("显示的列").click()
        seen(page, "list-390-columns")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert officer.complaints == []


def test_a_large_list_is_written_by_the_worker_and_downloaded_once(stack, tmp_path):
    number = report(stack, "导出用的工单")
    copies(stack, number, exports.AT_ONCE + 1)
    with shared_browser() as chrome:
        officer = Visitor(chrome, stack.url, DESK)
        page = officer.page
        officer.log_in("alpha-community", PASSWORD, LIST)
        page.get_by_role("button", name="导出 Excel").click()
        page.wait_for_url("**/desk/exports/")
        seen(page, "exports-1440")
        page.get_by_role("button", name="下载").wait_for(timeout=60_000)
        with page.expect_download() as begun:
            page.get_by_role("button", name="下载").click()
        target = tmp_path / "list.xlsx"
        begun.value.save_as(target)
        page.reload()
        page.get_by_text("已下载").wait_for()
        assert officer.complaints == []
    lines = load_workbook(target, read_only=True).active.iter_rows(values_only=True)
    assert sum(1 for line in lines) > exports.AT_ONCE + 3
    assert stack.sql("SELECT count(*) FROM governance_event WHERE kind = 'ticket.exported'") == [(1,)]


def copies(stack, number, many):
    """Insert `many` copies of a ticket with numbers of their own."""
    found = stack.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'tickets_ticket'"
    )
    same = ", ".join(f'"{name}"' for (name,) in found if name not in {"id", "number", "client_id"})
    stack.sql(
        f"INSERT INTO tickets_ticket (number, {same}) SELECT 'COPY-' || n, {same} FROM tickets_ticket,"
        " generate_series(1, %s) AS n WHERE number = %s RETURNING 1",
        many,
        number,
    )
