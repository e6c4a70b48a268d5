"""The faulty rows of a table as .xlsx, in the layout in which the office sent it."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from governance.environment import owner_only
from governance.sheets.layout import Table
from governance.sheets.tables import Fault, harmless, unquoted

QUOTED = 4  # characters from which a text in a reason is taken for a quotation
RED = PatternFill("solid", start_color="FFF8CBAD")


def added_headings() -> tuple[str, str]:
    """The headings of the two columns that are added: the number of the line, and the reason."""
    return _("行号"), _("原因")


def write_faults(path: Path, faults: Sequence[Fault], table: Table) -> None:
    """Write the faulty rows into a file that only its owner can read."""
    with open(path, "wb", opener=owner_only) as file:
        _write_faults(file, faults, table)


def _write_faults(file: IO[bytes], faults: Sequence[Fault], table: Table) -> None:
    """Write everything above the data as it was, then the faulty rows with their faulty cells in red, and two
    more columns: the number of the line in the file, and the reason."""
    book = Workbook()
    page = book.active
    page.title = _("有误的行")
    own = [number for number, name in enumerate(table.columns) if name not in added_headings()]
    for number in range(table.heading + 1):
        more = added_headings() if number == table.heading else ()
        _write(page, number + 1, [*_cells(table, number, own), *more])
    for at, fault in enumerate(faults, table.heading + 2):
        cells = [unquoted(cell) for cell in _cells(table, fault.line - 1, own)]
        _write(page, at, [*cells, str(fault.line), fault.reason])
        page.cell(at, len(own) + 2).font = Font(color="FFC00000")
        for place, number in enumerate(own, 1):
            if _at_fault(fault, table.columns[number]):
                page.cell(at, place).fill = RED
    _merge(page, table, own)
    book.save(file)


def faulty_rows(faults: Sequence[Fault], table: Table) -> bytes:
    """The same in memory."""
    buffer = io.BytesIO()
    _write_faults(buffer, faults, table)
    return buffer.getvalue()


def _cells(table: Table, number: int, own: list[int]) -> list[str]:
    line = table.page.lines[number] if number < len(table.page.lines) else []
    return [line[place] if place < len(line) else "" for place in own]


def _write(page: Worksheet, at: int, cells: list[str]) -> None:
    """Write a row of texts; a code of seventeen digits must not become a number."""
    for place, text in enumerate(cells, 1):
        page.cell(at, place, harmless(text) or None).number_format = "@"


def _at_fault(fault: Fault, column: str) -> bool:
    """Does the fault name the cell, or does its reason quote it?"""
    if fault.keys or not column:
        return column in fault.keys
    text = fault.cells.get(column, "")
    return (
        column in fault.reason
        or f"“{text}”" in fault.reason
        or (len(text) >= QUOTED and text in fault.reason)
    )


def _merge(page: Worksheet, table: Table, own: list[int]) -> None:
    """Merge the cells of titles as they were."""
    places = {number: place for place, number in enumerate(own, 1)}
    for top, left, bottom, right in table.page.merged:
        if bottom < table.heading and left in places and right in places:
            page.merge_cells(
                start_row=top + 1, end_row=bottom + 1, start_column=places[left], end_column=places[right]
            )
