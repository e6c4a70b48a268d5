"""Rows of a table with line numbers and faults; write xlsx."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from governance.errors import Invalid
from governance.sheets.layout import Row, Table, Wanted, narrow, table_of
from governance.sheets.reading import Limits, load

MOST_CELL = 32_000  # characters of one cell; Excel accepts 32,767
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")  # characters that Excel forbids in the name of a sheet
_FORMULA = re.compile(r"'*[=+\-@]")
_COUNTER = re.compile(r"(?<=\d)\s*[户人口名个件家座栋幢处条]$")
_QUOTED = re.compile(r"'+[=+\-@]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not imported, and the reason; `keys` are the headings of the faulty cells, if known."""

    line: int
    reason: str
    cells: dict[str, str]
    keys: tuple[str, ...] = ()


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
    """The rows of a file whose first filled row has the headings. Raises Invalid if it cannot be read."""
    return open_table(path).rows()


def open_table(path: Path | str, wanted: Sequence[Wanted] = ()) -> Table:
    """The table in a file that `reading.load` can read. Raises Invalid if the file as a whole cannot be read."""
    path, limits = Path(path), Limits()
    if not path.is_file():
        raise Invalid(_("没有文件 %(path)s") % {"path": path}, code="no_file")
    return table_of(load(path.read_bytes(), path.name, limits), limits, wanted)


def read_bytes(content: bytes, name: str, limits: Limits | None = None) -> list[Row]:
    """The same for a file in memory whose first filled row has the headings."""
    limits = limits or Limits()
    return table_of(load(content, name, limits), limits).rows(limits.most_rows)


def require_columns(rows: list[Row], *alternatives: tuple[str, ...]) -> None:
    """Raise Invalid naming each column that has none of its alternative headings in the rows."""
    present = set(rows[0].cells) if rows else set()
    missing = [names[0] for names in alternatives if not present.intersection(names)]
    if missing:
        raise Invalid(_("缺少列：%(names)s") % {"names": "、".join(missing)}, code="missing_column")


def sheet(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """An .xlsx file with one sheet, in memory."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(title))
    page.append([harmless(heading) for heading in headings])
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
    """A text as it would come back from a sheet: stripped, one kind of line end, legal and narrow characters."""
    return narrow(ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n"))[:MOST_CELL])


def number(text: str) -> str:
    """A number that was typed as text, such as 1,200, 1200.0, ３２０ or 320户, in its digits; other texts as they are.

    Only counters of households, people and things are dropped: they do not change the number, as 万 or 天 would.
    """
    plain = _COUNTER.sub("", re.sub(r"(?<=\d)[,，](?=\d{3})", "", narrow(text)))
    return re.sub(r"\.0+$", "", plain) if re.fullmatch(r"\d+\.0+", plain) else plain
