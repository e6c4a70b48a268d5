"""Read the cells of uploaded files within limits: csv here, workbooks in a child process."""

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.web.turns import turn

MOST_UNPACKED = 20  # limit of the unpacked size, in multiples of the packed limit; real files stay far below
MOST_COLUMNS = 200
SPARE_ROWS = 1000  # raw rows above the limit of data rows: titles, notes, gaps
CELLS_PER_ROW = 25
CHARACTERS_PER_BYTE = 4  # of the limit of bytes
SECONDS = 30  # for one workbook
AT_ONCE = 2
WAIT = 10.0  # seconds for a free child
_CHILD = Path(__file__).with_name("child.py")
_children = threading.BoundedSemaphore(AT_ONCE)
#: Reading or waiting for it at once, per process; the other threads of the web server stay free for pages.
_places = threading.BoundedSemaphore(3)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # .xlsx, .xlsb and .ods; .xls


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a file: its lines of cells as they are, and the merged ranges (top, left, bottom, right), from 0."""

    name: str
    lines: list[list[str]]
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read: its bytes, and its rows of data."""

    most_bytes: int = 50 * 1024 * 1024
    most_rows: int = 200_000


def load(content: bytes, name: str, limits: Limits) -> list[Page]:
    """The sheets of a file; its kind is detected from the content, not from the name.

    It takes seconds for a large file and needs no district: call it before a scope opens. Raises Invalid if the file
    cannot be read or is too large, and Busy.
    """
    if len(content) > limits.most_bytes:
        raise too_large(limits)
    if not content.strip():
        raise Invalid(_("文件是空的"), code="empty_file")
    if content.startswith((_ZIP, _OLE)):
        return _workbook(content, limits)
    return [Page("", list(_bounded(_csv(content, name), limits)))]


def too_large(limits: Limits) -> Invalid:
    """The error for a file above the limit of bytes."""
    return Invalid(_("文件超过 %(n)d MB") % {"n": limits.most_bytes >> 20}, code="too_large")


def _refusal(code: str, limits: Limits) -> Invalid:
    reasons = {
        "too_many_rows": _("一次最多 %(n)d 行") % {"n": limits.most_rows},
        "too_many_columns": _("表格最多 %(n)d 列") % {"n": MOST_COLUMNS},
        "too_many_cells": _("表格太大，或在很远的行、列里有内容；请只留要导入的部分，另存后再传"),
        "locked": _("文件设了密码，请取消密码另存后再传"),
        "bad_excel": _("文件已损坏或不是表格文件"),
    }
    return Invalid(reasons[code if code in reasons else "bad_excel"], code=code)


def _workbook(content: bytes, limits: Limits) -> list[Page]:
    if content.startswith(_ZIP):
        _require_small_parts(content, limits)
    cells = limits.most_rows * CELLS_PER_ROW
    given = (limits.most_rows + SPARE_ROWS, MOST_COLUMNS, cells, limits.most_bytes * CHARACTERS_PER_BYTE)
    with turn(_places, _children, WAIT, _("正在读取的表格太多，请过一分钟再上传")):
        found = _ask_child(content, [str(one) for one in given])
    if "error" in found:
        raise _refusal(found["error"], limits)
    return [
        Page(one["name"], one["lines"], tuple(tuple(box) for box in one["merged"])) for one in found["pages"]
    ]


def _require_small_parts(content: bytes, limits: Limits) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _refusal("bad_excel", limits) from error
    most = limits.most_bytes * MOST_UNPACKED
    if unpacked > most:
        raise Invalid(_("文件超过 %(n)d MB") % {"n": most >> 20}, code="too_large")


def _ask_child(content: bytes, limits: list[str]) -> dict:
    """The output of the child. A child that ran out of memory or time read a file that is too large."""
    command = [sys.executable, "-I", str(_CHILD), *limits]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"error": "too_many_cells"}
    return json.loads(done.stdout) if done.returncode == 0 else {"error": "too_many_cells"}


def _bounded(lines: Iterator[list[str]], limits: Limits) -> Iterator[list[str]]:
    cells = limits.most_rows * CELLS_PER_ROW
    for number, line in enumerate(lines, 1):
        while line and not line[-1].strip():
            line.pop()
        cells -= len(line)
        for code, above in (
            ("too_many_rows", number > limits.most_rows + SPARE_ROWS),
            ("too_many_columns", len(line) > MOST_COLUMNS),
            ("too_many_cells", cells < 0),
        ):
            if above:
                raise _refusal(code, limits)
        yield line


def _csv(content: bytes, name: str) -> Iterator[list[str]]:
    if content.startswith(_UTF16):
        raise Invalid(_("文件是 UTF-16 编码，请另存为 UTF-8 或 GBK 的 CSV"), code="utf16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid(
            _("这不是表格文件（xlsx、xls、ods 或 csv），或者文字既不是 UTF-8 也不是 GBK 编码"),
            code="bad_encoding",
        )
    if "\x00" in text:
        raise Invalid(_("%(name)s 不是文本文件") % {"name": name}, code="not_text")
    csv.field_size_limit(10_000_000)
    delimiter = "\t" if "\t" in text[:2000] and "," not in text[:2000] else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid(_("CSV 格式有误：%(why)s") % {"why": error}, code="bad_csv") from error
