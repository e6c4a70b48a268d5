"""Broken archives, control characters and formulas in files: refused in words or made harmless, never a traceback."""

import gzip
import io
import re
import tarfile
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from governance.errors import Invalid
from governance.operations import backups
from governance.sheets import fault_sheet, tables
from governance.sheets.layout import table_of
from governance.sheets.reading import Limits, Page, load
from governance.tenancy.scope import scope
from tests.governance.sheets.pages import Pages, words_of
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def book(lines):
    workbook, buffer = Workbook(), io.BytesIO()
    for line in lines:
        workbook.active.append(line)
    workbook.save(buffer)
    return buffer.getvalue()


def with_text(content, old, new):
    """The workbook with a text replaced in its parts, as programs of others write it."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            out.writestr(name, source.read(name).replace(old.encode(), new.encode()))
    return target.getvalue()


WHOLE = book([["代码", "名称"], ["0101", "路灯"]])


@pytest.mark.parametrize("left", [5, 100, 700, 1500, 3000])
def test_a_cut_workbook_is_named_in_the_form(world, as_, left):
    answer = Pages(world, as_("admin")).upload("categories", WHOLE[:left])
    assert answer.status_code == 400
    assert "已损坏" in words_of(answer)


def archive(change):
    """A backup-like archive whose bytes are changed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as out:
        info = tarfile.TarInfo("manifest.json")
        info.size = 40_000
        out.addfile(info, io.BytesIO(bytes(range(200)) * 200))
    return change(buffer.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        archive(lambda whole: whole[: len(whole) // 2]),
        archive(lambda whole: whole[:-9]),
        archive(lambda whole: whole[:60] + b"\xff" * 40 + whole[100:]),
        gzip.compress(b"no archive"),
        archive(gzip.decompress)[:700],
        b"",
    ],
    ids=["half", "no end", "damaged", "no tar", "plain cut", "empty"],
)
def test_a_cut_backup_is_refused_in_words(tmp_path, content):
    (tmp_path / "a.tar.gz").write_bytes(content)
    with pytest.raises(Invalid):
        backups.restore(tmp_path / "a.tar.gz")
    with pytest.raises(CommandError):
        call_command("restore", tmp_path / "a.tar.gz", stdout=StringIO())


def test_control_characters_of_a_sheet_do_not_reach_the_database(world, tmp_path):
    lines = [["留言主题", "留言详情", "留言时间"], ["路@灯", "灯@不亮", "2026-03-01"]]
    (tmp_path / "a.xlsx").write_bytes(with_text(book(lines), "@", "_x0000__x0007_"))
    call_command("import_tickets", tmp_path / "a.xlsx", tenant="alpha", stdout=StringIO())
    with scope(world.tenant):
        assert Ticket.objects.get().text == "灯不亮"


def test_control_characters_and_formulas_in_headings_are_harmless(world, as_):
    pages = Pages(world, as_("admin"))
    lines = ["代码,名称,=cmd|'/c calc'!A1,\x07b\x1b,紧急程度", "0101,路灯,=1+1,x,很急"]
    answer = pages.upload("categories", "\n".join(lines).encode(), "a.csv")
    assert answer.status_code == 302
    assert "不认识的列没有读" in words_of(pages.client.get(answer["Location"]))
    faults = load_workbook(io.BytesIO(pages.client.get(answer["Location"] + "faults/").content)).active
    assert [cell.data_type for row in faults for cell in row if cell.value] == ["s"] * 14
    assert faults["C1"].value == "'=cmd|'/c calc'!A1"
    assert faults["D1"].value == "b"


def test_titles_and_reasons_of_a_fault_sheet_are_harmless():
    page = Page("a", [["=1+1", ""], ["+代码", "-名称"], ["@x", "\x07y"]])
    table = table_of([page], Limits(), [("+代码",), ("-名称",)])
    fault = tables.Fault(3, "=HYPERLINK(1)", table.rows()[0].cells)
    made = load_workbook(io.BytesIO(fault_sheet.faulty_rows([fault], table))).active
    texts = [cell.value for row in made for cell in row if cell.value]
    assert [text for text in texts if re.match(r"[=+\-@]", text)] == []


@pytest.mark.parametrize("title", ["甲/乙[区]履职清单:*?\\", "x" * 60, "'", ""])
def test_a_title_that_excel_forbids_makes_a_sheet(title):
    content = tables.sheet(title, ["=1+1", "a\x07"], [["=2", "b"]])
    made = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in made[1]] == ["'=1+1", "a"]


def test_odd_bytes_of_a_csv_are_read_or_refused():
    assert [row.cells for row in tables.read_bytes("代\x07码,名\x1b称\n1,\x02甲\n".encode(), "a")] == [
        {"代码": "1", "名称": "甲"}
    ]
    for content in (b"\x00", b"\xff\xfe\xff", b"\xff\xff\xff"):
        with pytest.raises(Invalid):
            load(content, "a", Limits())
