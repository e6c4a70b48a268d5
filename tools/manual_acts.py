"""Actions on a page before its picture is taken: fill in, click, wait, select rows, import a sheet."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page

Act = Callable[[Page], None]


def typed(**values: str) -> Act:
    """Fill fields by name, choose in lists, set radio buttons and checkboxes."""

    def act(page: Page) -> None:
        for name, value in values.items():
            field = page.locator(f"main [name={name}]:not([type=hidden])")
            kind = field.first.evaluate("one => one.type")
            if kind in {"radio", "checkbox"}:
                box = page.locator(f"main [name={name}][value='{value}']").first
                box.evaluate("one => one.click()")  # the label of a star covers its input
            elif kind.startswith("select"):
                field.first.select_option(value)
            else:
                field.first.fill(value)

    return act


def then(*acts: Act) -> Act:
    """Do one after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def click(words: str, role: str = "button") -> Act:
    """Click the element with this name."""
    return lambda page: page.get_by_role(role, name=words, exact=True).first.click()  # type: ignore[arg-type]


def shows(words: str) -> Act:
    """Wait until the page shows this text."""
    return lambda page: page.get_by_text(words).first.wait_for()


def ticks(count: int) -> Act:
    """Select the first rows of the list."""

    def act(page: Page) -> None:
        boxes = page.locator("[data-row] input[name=row]")
        for n in range(count):
            boxes.nth(n).check()
        page.get_by_text(f"已选 {count} 件").wait_for()

    return act


def brings_back(heading: str, old: str, new: str) -> Act:
    """Export the setting to Excel, change one cell, and upload the file to its preview."""

    def act(page: Page) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with page.expect_download() as begun:
                page.get_by_role("link", name="导出 Excel").click()
            file = Path(folder, "sheet.xlsx")
            begun.value.save_as(file)
            book = load_workbook(file)
            rows = [row for row in book.active.iter_rows() if any(cell.value == old for cell in row)]
            for cell in rows[0]:
                cell.value = new if cell.value == old else cell.value
            book.save(file)
            page.locator("input[type=file]").set_input_files(file)
            page.get_by_role("button", name="上传并看差异").click()
            page.get_by_text(heading).first.wait_for()

    return act
