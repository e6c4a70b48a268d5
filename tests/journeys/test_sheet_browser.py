"""Settings exported to Excel, edited and imported in a real browser; no console errors."""

import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.browsers import DESK, Visitor, shared_browser
from tests.journeys.test_faces import AXE, RULES, RUN
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGE = "/alpha/desk/settings/categories/"


def seen(page, name):
    """Save a screenshot if SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def sound(page):
    """Check that axe finds no problem on the current page."""
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN, RULES) == []


def exported(page, target):
    with page.expect_download() as begun:
        page.get_by_role("link", name="导出 Excel").click()
    begun.value.save_as(target)
    book = load_workbook(target)
    assert book.sheetnames[1] == "填写说明"
    return book


def columns(lines):
    """{heading: letter of its column}."""
    return {cell.value: cell.column_letter for cell in lines[1]}


def brought(page, path):
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并看差异").click()
    page.locator("#preview").wait_for()


def test_the_categories_are_taken_out_edited_and_brought_back(stack, tmp_path):
    target = tmp_path / "categories.xlsx"
    with shared_browser() as chrome:
        officer = Visitor(chrome, stack.url, DESK)
        page = officer.page
        officer.log_in("alpha-admin", PASSWORD, PAGE)
        seen(page, "sheet-categories")
        book = exported(page, target)
        lines = book.worksheets[0]
        name, tier = (columns(lines)[heading] + "3" for heading in ("名称", "紧急程度"))
        lines[name], lines[tier] = "路灯照明", "很急"
        book.save(target)

        page.get_by_role("link", name="从 Excel 导入").click()
        brought(page, target)
        page.get_by_text("文件有误，没有更新").wait_for()
        seen(page, "sheet-faults")
        sound(page)
        with page.expect_download():
            page.get_by_role("link", name="下载有误的行").click()
        assert page.get_by_role("button", name="按此更新").count() == 0

        lines[tier] = "紧急"
        book.save(target)
        brought(page, target)
        page.get_by_text("请核对差异，确认后才更新").wait_for()
        seen(page, "sheet-preview")
        sound(page)
        page.get_by_role("button", name="按此更新").click()
        page.get_by_text("已更新：新增 0 行，修改 1 行。").wait_for()
        assert page.locator("tr", has_text="路灯照明").locator("td").nth(2).inner_text() == "紧急"

        page.get_by_role("link", name="从 Excel 导入").click()
        brought(page, target)
        page.get_by_role("heading", name="没有变化").wait_for()
        assert officer.complaints == []
    assert stack.sql("SELECT count(*) FROM governance_event WHERE kind = 'sheet.imported'") == [(1,)]
