"""Write a settings sheet as .xlsx: the rows, lists of choices, and an explanation of each column."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from governance.sheets.columns import Column
from governance.sheets.registry import Present, Sheet
from governance.sheets.tables import harmless, sheet_title

TEXT = "@"  # the cell format that keeps typed text unchanged, such as leading zeros of codes
NUMBER = "0"
WIDTH = 18
LAST = 20_000
LONGEST_LIST = 250  # characters that a spreadsheet accepts as a list of choices


def written(sheet: Sheet, present: Iterable[Present]) -> bytes:
    """The rows as .xlsx, in the form that `comparing.read` accepts."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(str(sheet.label)))
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = WIDTH
        page.column_dimensions[letter].number_format = NUMBER if column.number else TEXT
        if choices := _offered(column):
            choices.add(f"{letter}2:{letter}{LAST}")
            page.data_validations.append(choices)
    page.append([str(column.heading) for column in sheet.columns])
    for row in present:
        page.append([_cell(page, column, row.cells.get(column.key, "")) for column in sheet.columns])
    _explained(book, sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(page: Any, column: Column, text: str) -> WriteOnlyCell:
    """A cell that stays text when edited, because a code of seventeen digits must not become a number.

    Cells of a `number` column are numbers and can be summed.
    """
    if column.number and text.isdecimal():
        cell = WriteOnlyCell(page, int(text))
        cell.number_format = NUMBER
        return cell
    cell = WriteOnlyCell(page, harmless(column.written(text)))
    cell.number_format = TEXT
    return cell


def _offered(column: Column) -> DataValidation | None:
    words = [str(word) for word in (column.choices or {}).values()]
    listed = ",".join(words)
    if not words or len(listed) > LONGEST_LIST or any("," in word for word in words):
        return None
    return DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)


def _explained(book: Workbook, sheet: Sheet) -> None:
    """Add a second sheet that explains each column."""
    page = book.create_sheet(_("填写说明"))
    for letter, width in zip("ABCDE", (WIDTH, 8, 50, 60, 30), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_("列"), _("必填"), _("说明"), _("可填"), _("示例（不导入）")])
    for column in sheet.columns:
        words = "、".join(str(word) for word in (column.choices or {}).values())
        hint = _("仅供查看，导入时忽略") if column.note else str(column.hint)
        page.append(
            [str(column.heading), _("是") if column.required else "", hint, words, str(column.example)]
        )
    page.append([])
    page.append([_("文件中没有的行保持不变，不会删除。先核对差异，确认后更新；任一行有误则整份不更新。")])
    if sheet.note:
        page.append([str(sheet.note)])
