"""Import of category trees and earlier tickets: real files and faulty rows."""

import csv
import io
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from governance.errors import Invalid
from governance.events import log
from governance.events.models import Event
from governance.sheets import tables
from governance.tenancy.scope import scope
from governance.text import telephones
from tests import shared, worlds
from tickets.catalog import imports as category_imports
from tickets.intake import imports
from tickets.models import Category, Remark, Reporter, Ticket
from tickets.states import State

pytestmark = [pytest.mark.django_db]
NOW = worlds.MONDAY
MESSAGES = "messages_with_replies.csv"


def rows_of(text):
    return tables.read_bytes(text.encode(), "a.csv")


def counted(report):
    return report.created, report.updated, report.unchanged, len(report.faults)


@shared.needs("category_tree.csv")
def test_the_category_tree_comes_in_whole(in_scope):
    rows = tables.read(shared.FOLDER / "category_tree.csv")
    assert counted(category_imports.import_categories(rows, dry_run=True)) == (517, 0, 0, 0)
    assert Category.objects.count() == 0
    assert counted(category_imports.import_categories(rows)) == (517, 0, 0, 0)
    assert Category.objects.filter(leaf=True).count() == 517
    codes = set(Category.objects.values_list("code", flat=True))
    assert counted(category_imports.import_categories(rows)) == (0, 0, 517, 0)
    assert set(Category.objects.values_list("code", flat=True)) == codes


def test_a_category_line_without_a_top_is_a_fault(in_scope):
    report = category_imports.import_categories(rows_of("一级分类,二级分类\n城建,路灯\n,水管\n交通,\n"))
    assert counted(report) == (2, 0, 0, 1)
    assert [fault.line for fault in report.faults] == [3]
    assert sorted(Category.objects.filter(leaf=True).values_list("name", flat=True)) == ["交通", "路灯"]


@pytest.mark.slow
@shared.needs(MESSAGES)
def test_real_messages_keep_their_own_dates(walk):
    rows = tables.read(shared.FOLDER / MESSAGES)
    report = imports.import_tickets(rows, at=NOW)
    assert counted(report) == (1408, 0, 0, 0), report.faults[:3]
    sample = rows[0].cells
    ticket = Ticket.objects.get(title=sample["留言主题"], created_at=moment(sample["留言时间"]))
    assert (ticket.state, ticket.closed_at) == (State.CLOSED, moment(sample["答复时间"]))
    assert ticket.number.split("-")[1] == f"{moment(sample['留言时间']):%Y%m%d}"
    assert ticket.remarks.get().text.strip() == sample["答复意见"]
    wanted = sorted(moment(row.cells["留言时间"]) for row in rows)
    assert sorted(Ticket.objects.values_list("created_at", flat=True)) == wanted
    assert list(log.verify()) == []
    assert counted(imports.import_tickets(rows, at=NOW)) == (0, 0, 1408, 0)
    assert Ticket.objects.count() == Event.objects.filter(kind="ticket.imported").count() == 1408


def moment(text):
    return datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=worlds.ZONE)


HEADINGS = ["编号", "标题", "内容", "时间", "答复", "答复时间", "分类代码", "区划代码", "诉求类型", "电话"]
GOOD = [
    "7",
    "灯不亮",
    "三单元楼道灯不亮",
    "2026/3/2 9:30:00",
    "已修好",
    "2026-03-05 10:00",
    "0101",
    "",
    "",
    "",
]
FAULTY = [
    ({"时间": "前天"}, "格式不正确"),
    ({"时间": ""}, "格式不正确"),
    ({"时间": "2026-02-30"}, "格式不正确"),
    ({"时间": "2026/13/1"}, "格式不正确"),
    ({"时间": "9999-12-31 23:59:59"}, "超出日历范围"),
    ({"时间": "0001-01-01"}, "超出日历范围"),
    ({"时间": "0001-01-01T00:00:00+14:00"}, "超出日历范围"),
    ({"时间": "2027-01-01", "答复": "", "答复时间": ""}, "在将来"),
    ({"答复时间": "2027-01-01"}, "在将来"),
    ({"答复时间": "2026-03-01"}, "早于"),
    ({"答复时间": "9999-12-31"}, "超出日历范围"),
    ({"答复时间": ""}, "格式不正确"),
    ({"内容": " "}, "内容是空的"),
    ({"内容": "长" * 20_001}, "最多 20000 字"),
    ({"分类代码": "9999"}, "没有代码为 9999 的分类"),
    ({"分类代码": "01"}, "最细"),
    ({"区划代码": "000000000000"}, "没有代码为"),
    ({"诉求类型": "吵架"}, "吵架"),
]


def sheet_of(*changes):
    """A csv: one good row, then one row per change: the good row with that change and its own number."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    writer.writerow(GOOD)
    for n, change in enumerate(changes):
        cells = {**dict(zip(HEADINGS, GOOD, strict=True)), "编号": f"x{n}", **change}
        writer.writerow(cells.values())
    return buffer.getvalue()


@pytest.mark.parametrize(("change", "reason"), FAULTY, ids=lambda value: str(value)[:30])
def test_a_faulty_row_says_why_and_leaves_nothing(walk, change, reason):
    report = imports.import_tickets(rows_of(sheet_of(change)), at=NOW)
    assert report.created == 1
    assert [(fault.line, reason in fault.reason) for fault in report.faults] == [(3, True)], report.faults
    assert stored() == {"Ticket": 1, "Reporter": 1, "Remark": 1, "Event": 1}


def test_a_number_out_of_a_sheet_is_found_as_one_typed_in(walk):
    imports.import_tickets(rows_of(sheet_of({"电话": "１３９-0000 5678"})), at=NOW)
    kept = Reporter.objects.get(phone_hash=telephones.hash_of("13900005678"))
    assert kept.phone == "13900005678"


def stored():
    return {model.__name__: model.objects.count() for model in (Ticket, Reporter, Remark, Event)}


def test_all_faulty_rows_come_back_in_a_sheet(world, tmp_path):
    (tmp_path / "a.csv").write_bytes(sheet_of(*(change for change, _ in FAULTY)).encode("gb18030"))
    out, errors = StringIO(), tmp_path / "e.xlsx"
    call_command(
        "import_tickets", tmp_path / "a.csv", tenant="alpha", errors=errors, stdout=out, stderr=StringIO()
    )
    assert out.getvalue().splitlines()[-1] == f"新增 1，更新 0，无变化 0，有误 {len(FAULTY)}"
    heading, *lines = load_workbook(errors).active.iter_rows(values_only=True)
    assert heading == (*HEADINGS, "行号", "原因")
    assert [line[-2] for line in lines] == [str(3 + n) for n in range(len(FAULTY))]
    assert [reason in line[-1] for line, (_, reason) in zip(lines, FAULTY, strict=True)] == [True] * len(
        lines
    )
    with scope(world.tenant):
        assert stored() == {"Ticket": 1, "Reporter": 1, "Remark": 1, "Event": 1}


def test_mended_rows_of_the_sheet_can_be_handed_in_again(walk):
    report = imports.import_tickets(rows_of(sheet_of({"时间": "前天"})), at=NOW)
    cells = {**report.faults[0].cells, "时间": "2026-03-01"}
    assert counted(imports.import_tickets([tables.Row(2, cells)], at=NOW)) == (1, 0, 0, 0)


def test_what_has_no_answer_waits_at_the_county(walk):
    row = {"答复": "", "答复时间": "", "诉求类型": "投诉"}
    assert counted(imports.import_tickets(rows_of(sheet_of(row)), at=NOW)) == (2, 0, 0, 0)
    waiting = Ticket.objects.get(state=State.REFERRED)
    assert waiting.created_at == datetime(2026, 3, 2, 9, 30, tzinfo=worlds.ZONE)
    assert (waiting.matter, waiting.due_at > NOW) == ("complaint", True)


def test_a_dry_run_stores_nothing_and_uses_no_number(walk):
    assert counted(imports.import_tickets(rows_of(sheet_of()), at=NOW, dry_run=True)) == (1, 0, 0, 0)
    assert set(stored().values()) == {0}
    imports.import_tickets(rows_of(sheet_of()), at=NOW)
    assert Ticket.objects.get().number.endswith("-20260302-0001")


def test_columns_that_are_called_otherwise_are_mapped(walk):
    text = sheet_of().replace("内容", "来电摘要").replace("时间", "来电时刻", 1)
    with pytest.raises(Invalid, match="内容、时间"):
        imports.import_tickets(rows_of(text), at=NOW)
    columns = {"text": "来电摘要", "created_at": "来电时刻"}
    assert counted(imports.import_tickets(rows_of(text), at=NOW, columns=columns)) == (1, 0, 0, 0)
    with pytest.raises(Invalid, match="farbe"):
        imports.import_tickets(rows_of(text), at=NOW, columns={"farbe": "来电摘要"})


def test_the_same_row_twice_in_a_file_is_one_ticket(walk):
    report = imports.import_tickets(rows_of(sheet_of({"编号": "7"})), at=NOW)
    assert counted(report) == (1, 0, 1, 0)


def test_rows_without_a_number_are_known_by_time_and_words(walk):
    rows = rows_of(sheet_of({"编号": ""}, {"编号": "", "内容": "另一件"}))
    assert counted(imports.import_tickets(rows, at=NOW)) == (3, 0, 0, 0)
    assert counted(imports.import_tickets(rows, at=NOW + timedelta(days=1))) == (0, 0, 3, 0)
