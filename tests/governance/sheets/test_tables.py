"""Tables that offices hand in: reading them, naming errors, returning faulty rows."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from governance.errors import Invalid
from governance.sheets import dates, fault_sheet, tables
from governance.sheets.layout import table_of
from governance.sheets.reading import Limits, Page

TEXT = "名称,代码\n东街道,990101001000\n\n 西街道 ,990101002000\n"
ROWS = [(2, "东街道", "990101001000"), (4, "西街道", "990101002000")]


def book(*lines):
    workbook, buffer = Workbook(), io.BytesIO()
    for line in lines:
        workbook.active.append(line)
    workbook.save(buffer)
    return buffer.getvalue()


def read(content, name="a.csv"):
    return [(row.line, row.cells["名称"], row.cells["代码"]) for row in tables.read_bytes(content, name)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_in_the_encodings_of_offices(encoding):
    assert read(TEXT.encode(encoding)) == ROWS


def test_a_sheet_is_known_by_its_content_and_not_by_its_name():
    lines = [["名称", "代码"], ["东街道", 990101001000], [None, None], [" 西街道 ", 990101002000.0]]
    assert read(book(*lines), "a.csv") == ROWS


def test_dates_in_a_sheet_are_read_as_dates():
    rows = tables.read_bytes(book(["时间", "日"], [datetime(2026, 1, 2, 3, 4), date(2026, 1, 2)]), "a.xlsx")
    assert rows[0].cells == {"时间": "2026-01-02 03:04:00", "日": "2026-01-02"}


def broken_sheet():
    """A workbook with broken XML in a valid zip."""
    import zipfile

    source, target = zipfile.ZipFile(io.BytesIO(book(["名称"], ["x"]))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            out.writestr(name, b"<worksheet" if "sheet1" in name else source.read(name))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t\n", "empty_file"),
        (TEXT.encode("utf-16"), "utf16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "bad_excel"),
        (b"PK\x03\x04 and nothing more", "bad_excel"),
        (book(["名称"])[:900], "bad_excel"),
        (broken_sheet(), "bad_excel"),
        ("名称,代码\n东\x00街道,1".encode(), "not_text"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xff", "bad_encoding"),
        ("名称,代码,名称\n".encode(), "double_heading"),
    ],
    ids=["none", "blank", "utf16", "xls", "zip", "cut", "xml", "nul", "jpeg", "doubled"],
)
def test_what_cannot_be_read_is_said(content, code):
    with pytest.raises(Invalid) as refused:
        tables.read_bytes(content, "a.csv")
    assert refused.value.code == code
    assert str(refused.value)


def test_too_much_is_refused():
    with pytest.raises(Invalid, match="3"):
        tables.read_bytes(TEXT.encode(), "a.csv", Limits(most_rows=3))
    with pytest.raises(Invalid) as refused:
        tables.read_bytes(TEXT.encode(), "a.csv", Limits(most_bytes=10))
    assert refused.value.code == "too_large"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"nowhere\.csv"):
        tables.read(tmp_path / "nowhere.csv")


def test_a_missing_column_is_named():
    rows = tables.read_bytes(TEXT.encode(), "a.csv")
    tables.require_columns(rows, ("code", "代码"), ("name", "名称"))
    with pytest.raises(Invalid, match="时间") as refused:
        tables.require_columns(rows, ("代码",), ("时间", "留言时间"))
    assert refused.value.code == "missing_column"


def test_faulty_rows_come_back_with_their_reason_and_no_formula(tmp_path):
    (tmp_path / "a.csv").write_text("名称,代码\n东街道,1\n,=1+1\n@甲,7\n", encoding="utf-8")
    table = tables.open_table(tmp_path / "a.csv")
    rows = {row.line: row for row in table.rows()}
    faults = [
        tables.Fault(3, "没有名称", rows[3].cells),
        tables.Fault(4, "代码不对", rows[4].cells, ("代码",)),
    ]
    fault_sheet.write_faults(tmp_path / "faults.xlsx", faults, table)
    sheet = load_workbook(tmp_path / "faults.xlsx").active
    assert [list(line) for line in sheet.iter_rows(values_only=True)] == [
        ["名称", "代码", "行号", "原因"],
        [None, "'=1+1", "3", "没有名称"],
        ["'@甲", "7", "4", "代码不对"],
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("320户", "320"), ("３２０户", "320"), ("1,200 人", "1200"), ("320.0", "320"), ("３２０", "320")]
    + [(text, text) for text in ("3万", "7天", "320户口", "户", "约320")],
)
def test_a_counter_after_a_number_is_dropped(text, found):
    assert tables.number(text) == found


@pytest.mark.parametrize(
    ("text", "near", "found"),
    [
        ("12月4日", date(2026, 11, 27), date(2026, 12, 4)),
        ("1月5号", date(2026, 11, 27), date(2027, 1, 5)),
        ("12月28日", date(2027, 1, 10), date(2026, 12, 28)),
        ("2月29日", date(2026, 11, 27), date(2028, 2, 29)),
        ("2月30日", date(2026, 11, 27), None),
        ("2025年12月4日", date(2026, 11, 27), date(2025, 12, 4)),
        ("12月4日", None, None),
    ],
)
def test_a_date_without_a_year_is_the_nearest(text, near, found):
    assert dates.day_of(text, near) == found


@pytest.mark.parametrize(
    ("title", "found"), [("2025年12月值班表", "2025年12月4日 18:00"), ("2025—2026年值班表", "12月4日 18:00")]
)
def test_a_date_without_a_year_gets_the_year_of_the_title(title, found):
    lines = [[title], ["姓名", "开始"], ["12月4日", "12月4日 18:00"]]
    table = table_of([Page("", lines)], Limits(), [("姓名",), ("开始",)])
    assert table.rows()[0].cells == {"姓名": "12月4日", "开始": found}


def test_of_two_columns_for_one_field_only_the_better_is_said_to_be_taken():
    known = [("事项编号", "编号", "序号"), ("事项名称", "名称")]
    lines = [["序号", "编号", "名称"], ["1", "A-1", "清雪"]]
    table = table_of([Page("", lines)], Limits(), known)
    assert table.taken == [("编号", "事项编号"), ("名称", "事项名称")]
    table = table_of([Page("", [["序号", "事项编号", "名称"], ["1", "A-1", "清雪"]])], Limits(), known)
    assert table.taken == [("名称", "事项名称")]
