"""Rows of a table with line numbers and faults; write xlsx."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from governance.errors import Invalid
from governance.sheets.reading import Limits, Page, load

MOST_CELL = 32_000  # characters of one cell; Excel accepts 32,767
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_FORMULA = re.compile(r"'*[=+\-@]")
_QUOTED = re.compile(r"'+[=+\-@]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in the file (the heading is 1) and its cells by heading, stripped."""

    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """The first cell with text under one of the headings, or the empty text."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not imported, and the reason."""

    line: int
    reason: str
    cells: dict[str, str]


@dataclass(slots=True)
class Report:
    """The result of an import, or of its dry run."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    def words(self) -> str:
        """A summary in one line."""
        return _("新增 %(c)d，更新 %(u)d，无变化 %(s)d，有误 %(f)d") % {
            "c": self.created,
            "u": self.updated,
            "s": self.unchanged,
            "f": len(self.faults),
        }


def read(path: Path | str) -> list[Row]:
    """The rows of a file that `reading.load` can read. Raises Invalid if the file as a whole cannot be read."""
    path = Path(path)
    if not path.is_file():
        raise Invalid(_("没有文件 %(path)s") % {"path": path}, code="no_file")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, name: str, limits: Limits | None = None) -> list[Row]:
    """The same for a file in memory."""
    limits = limits or Limits()
    return rows_of(load(content, name, limits), limits)


def rows_of(pages: list[Page], limits: Limits) -> list[Row]:
    """The rows of the first sheet. Raises Invalid for doubled headings and too many rows."""
    return list(_rows(pages[0].lines if pages else [], limits.most_rows))


def _rows(lines: Iterable[list[str]], most: int) -> Iterator[Row]:
    headings: list[str] | None = None
    for number, cells in enumerate(lines, 1):
        stripped = [cell.strip() for cell in cells]
        if not any(stripped):
            continue
        if headings is None:
            headings = stripped
            doubled = {name for name in headings if name and headings.count(name) > 1}
            if doubled:
                raise Invalid(
                    _("表头重复：%(names)s") % {"names": "、".join(sorted(doubled))}, code="double_heading"
                )
            continue
        if number > most:
            raise Invalid(_("一次最多 %(n)d 行") % {"n": most}, code="too_many_rows")
        stripped += [""] * (len(headings) - len(stripped))
        yield Row(number, dict(zip(headings, stripped, strict=False)))


def require_columns(rows: list[Row], *alternatives: tuple[str, ...]) -> None:
    """Raise Invalid naming each column that has none of its alternative headings in the rows."""
    present = set(rows[0].cells) if rows else set()
    missing = [names[0] for names in alternatives if not present.intersection(names)]
    if missing:
        raise Invalid(_("缺少列：%(names)s") % {"names": "、".join(missing)}, code="missing_column")


def write_faults(path: Path | IO[bytes], faults: list[Fault]) -> None:
    """Write the faulty rows as xlsx, to a path or an open file, with the reason in the last column."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("有误的行"))
    headings = list(faults[0].cells) if faults else []
    sheet.append([_("行号"), *headings, _("原因")])
    for fault in faults:
        cells = [harmless(fault.cells.get(name, "")) for name in headings]
        sheet.append([fault.line, *cells, fault.reason])
    book.save(path)


def sheet(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """An .xlsx file with one sheet, in memory."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(title))
    page.append(list(headings))
    for row in rows:
        page.append([harmless(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_title(text: str) -> str:
    """A text as the title of a sheet: without the characters that Excel forbids there, 31 of them at most."""
    return _NOT_IN_TITLES.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", text)).strip(" '")[:31] or "1"


def harmless(text: str) -> str:
    """A text that a spreadsheet does not read as a formula, without characters that xlsx forbids."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)[:MOST_CELL]
    return "'" + text if _FORMULA.match(text) else text


def unquoted(text: str) -> str:
    """The text that `harmless` was given, without the quote added there."""
    return text[1:] if _QUOTED.match(text) else text


def settled(text: str) -> str:
    """A text as it would come back from a sheet: stripped, one kind of line end, legal characters only."""
    return ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n"))[:MOST_CELL].strip()
