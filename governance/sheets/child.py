"""Program that reads one workbook (.xlsx, .xls, .xlsb, .ods) from its input within limits, and prints its cells as JSON.

It is a process of its own because the reader allocates the rectangle around all cells, and a file of 5 KB can claim one
with 17 billion. It imports nothing of the platform.
"""

import datetime
import io
import json
import resource
import sys
from typing import Any

MEMORY = 1 << 30  # bytes
SECONDS = 20  # of the processor


class TooMuch(Exception):
    """The workbook is above a limit; the text is the code of the error."""


def main() -> int:
    """Read the workbook; the arguments are the limits of rows, columns, cells, and characters."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    limits = [int(one) for one in sys.argv[1:5]]
    try:
        found: dict[str, Any] = {"pages": _pages(sys.stdin.buffer.read(), *limits)}
    except TooMuch as error:
        found = {"error": str(error)}
    except MemoryError:
        found = {"error": "too_many_cells"}
    except Exception as error:  # any error of the reader means that the file is broken
        found = {"error": "locked" if "assword" in repr(error) else "bad_excel"}
    json.dump(found, sys.stdout, ensure_ascii=True)
    return 0


def _pages(content: bytes, rows: int, columns: int, cells: int, characters: int) -> list[dict[str, Any]]:
    """The visible sheets of the workbook, each with its name, lines, and merged cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - after the limits

    book, pages = CalamineWorkbook.from_filelike(io.BytesIO(content)), []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.end is not None and sheet.end[0] >= rows:
            raise TooMuch("too_many_rows")
        lines = []
        for cells_of_row in sheet.iter_rows():
            line = [_text(cell) for cell in cells_of_row]
            while line and not line[-1]:
                line.pop()
            cells, characters = cells - len(line), characters - sum(map(len, line))
            if len(line) > columns:
                raise TooMuch("too_many_columns")
            if cells < 0 or characters < 0:
                raise TooMuch("too_many_cells")
            lines.append(line)
        merged = [(*top, *bottom) for top, bottom in sheet.merged_cell_ranges or []]
        pages.append({"name": about.name, "lines": lines, "merged": merged[:cells]})
    return pages


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
