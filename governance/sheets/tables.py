"""Read tables from csv (UTF-8 or GBK) and xlsx files, with line numbers and faults; write xlsx."""

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from governance.errors import Invalid

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CELL = 32_000  # characters of one cell; Excel accepts 32,767
MOST_UNPACKED = 20  # limit of the unpacked size, in multiples of the packed one; real files stay far below
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
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
    """The rows of a csv or xlsx file. Raises Invalid if the file as a whole cannot be read."""
    path = Path(path)
    if not path.is_file():
        raise Invalid(_("没有文件 %(path)s") % {"path": path}, code="no_file")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(
    content: bytes, name: str, *, most_bytes: int | None = None, most_rows: int | None = None
) -> list[Row]:
    """The same for a file in memory; its kind is detected from the content, not from the name."""
    limit = most_bytes or MOST_BYTES
    if len(content) > limit:
        raise Invalid(_("文件超过 %(n)d MB") % {"n": limit >> 20}, code="too_large")
    if not content.strip():
        raise Invalid(_("文件是空的"), code="empty_file")
    packed = content.startswith(b"PK\x03\x04")
    lines = _sheet(content, limit * MOST_UNPACKED) if packed else _csv(content, name)
    return list(_rows(lines, most_rows or MOST_ROWS))


def _csv(content: bytes, name: str) -> Iterator[list[str]]:
    if content.startswith(_UTF16):
        raise Invalid(_("文件是 UTF-16 编码，请另存为 UTF-8 或 GBK 的 CSV"), code="utf16")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(_("不支持旧版 .xls，请另存为 .xlsx 或 CSV"), code="old_excel")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid(_("文件既不是 UTF-8 也不是 GBK 编码的文本"), code="bad_encoding")
    if "\x00" in text:
        raise Invalid(_("%(name)s 不是文本文件") % {"name": name}, code="not_text")
    csv.field_size_limit(10_000_000)
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise Invalid(_("CSV 格式有误：%(why)s") % {"why": error}, code="bad_csv") from error


_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    OSError,
    IndexError,
)


def _sheet(content: bytes, most: int) -> Iterator[list[str]]:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > most:
                raise Invalid(_("文件超过 %(n)d MB") % {"n": most >> 20}, code="too_large")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except _BROKEN as error:
        raise Invalid(_("这个 Excel 文件已损坏或不是 .xlsx"), code="bad_excel") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell)


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
    page = book.create_sheet(title)
    page.append(list(headings))
    for row in rows:
        page.append([harmless(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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
