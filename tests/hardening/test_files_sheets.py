"""Sheet bombs: small files that claim huge tables; they are read with limits, and before a transaction opens."""

import io
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import Workbook

from governance.errors import Busy, Invalid
from governance.sheets import reading, tables
from governance.sheets.reading import Limits, load
from governance.sheets.uploaded import LIMITS
from tests.governance.sheets.pages import URL, words_of

pytestmark = pytest.mark.django_db
DUTIES = "/alpha/desk/settings/duties/"


def book(rows=(("代码", "名称"), ("0101", "路灯"))):
    workbook, buffer = Workbook(), io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(buffer)
    return buffer.getvalue()


def changed(content, change):
    """The workbook with another text of its first sheet."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            text = source.read(name)
            out.writestr(name, change(text.decode()) if name.endswith("sheet1.xml") else text)
    return target.getvalue()


def with_cell(reference):
    cell = f'<row r="{int(re.sub("[A-Z]", "", reference))}"><c r="{reference}"><v>1</v></c></row></sheetData>'
    return changed(book(), lambda text: text.replace("</sheetData>", cell))


def dimension():
    return changed(book(), lambda text: re.sub(r'ref="A1:B\d"', 'ref="A1:XFD1048576"', text, count=1))


def empty_rows(count):
    return changed(book(), lambda text: text.replace("</sheetData>", "<row/>" * count + "</sheetData>"))


BOMBS = {
    "far corner": with_cell("XFD1048576"),
    "far row": with_cell("A1048576"),
    "far column": with_cell("XFD2"),
    "long lines": book([["x" * 32_000] * 20] * 250),
    "blank csv": b"\n" * 3_000_000,
    "wide csv": b"a," * 200_000 + b"a",
    "cut": book()[:-700],
    "cut in the middle": book()[:2000],
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_seconds(name):
    began = time.monotonic()
    with pytest.raises(Invalid) as refused:
        load(BOMBS[name], name, LIMITS)
    assert str(refused.value)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("content", [dimension(), empty_rows(5_000_000)], ids=["dimension", "empty rows"])
def test_a_claim_without_cells_costs_nothing(content):
    began = time.monotonic()
    rows = tables.read_bytes(content, "a", LIMITS)
    assert [row.cells for row in rows] == [{"代码": "0101", "名称": "路灯"}]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("address", [URL + "categories/", DUTIES])
def test_a_table_is_read_before_the_transaction_opens(world, as_, monkeypatch, address):
    depth, original = [], reading.load
    outside = len(connection.savepoint_ids)

    def looking(*args):
        depth.append(len(connection.savepoint_ids) - outside)
        return original(*args)

    monkeypatch.setattr(reading, "load", looking)
    given = {"name": "清单", "valid_from": "2026-12-01", "file": SimpleUploadedFile("a.xlsx", book())}
    as_("admin").post(address, given)
    assert depth == [0]


@pytest.mark.parametrize("address", [URL + "categories/", DUTIES])
def test_a_bomb_is_named_in_the_form(world, as_, address):
    file = SimpleUploadedFile("a.xlsx", BOMBS["far corner"])
    answer = as_("admin").post(address, {"name": "清单", "valid_from": "2026-12-01", "file": file})
    assert answer.status_code == 400
    assert "表格太大" in words_of(answer)


def test_a_visitor_has_no_table_read(world, client, monkeypatch):
    monkeypatch.setattr(reading, "load", lambda *args: pytest.fail("read for a visitor"))
    answer = client.post(URL + "categories/", {"file": SimpleUploadedFile("a.xlsx", book())})
    assert answer.status_code == 302


@pytest.mark.parametrize("address", [URL + "categories/", DUTIES])
def test_a_member_without_the_right_has_no_table_read(world, as_, monkeypatch, address):
    monkeypatch.setattr(reading, "load", lambda *args: pytest.fail("read"))
    for who in ("clerk", "community"):
        answer = as_(who).post(address, {"file": SimpleUploadedFile("a.xlsx", book())})
        assert answer.status_code in {403, 404}


def test_a_command_refuses_a_bomb(tenant, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(BOMBS["far corner"])
    with pytest.raises(CommandError, match="表格太大"):
        call_command("import_areas", tmp_path / "a.xlsx", tenant="alpha")


def test_two_workbooks_are_read_at_once_and_no_more(monkeypatch):
    monkeypatch.setattr(reading, "WAIT", 0.01)
    taken = [reading._children.acquire(timeout=0) for _ in range(reading.AT_ONCE)]
    try:
        assert all(taken)
        with pytest.raises(Busy):
            load(book(), "a.xlsx", Limits())
    finally:
        for _ in taken:
            reading._children.release()


def test_a_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.001)
    with pytest.raises(Invalid):
        load(book(), "a.xlsx", Limits())
