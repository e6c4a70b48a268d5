"""Sheets as offices send them: titles, notes, merged cells, late headings, odd digits and dates, old formats."""

import base64
import io
import zipfile
import zlib
from contextlib import suppress
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from governance.errors import Invalid
from governance.sheets import columns, dates, layout
from governance.sheets.layout import table_of
from governance.sheets.reading import Limits, Page, load
from governance.tenancy.scope import scope
from grids.areas import imports as area_imports
from grids.models import Area
from tests.governance.sheets.pages import Pages, words_of
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db
WANTED = area_imports.WANTED
#: A workbook of Excel 2003: a sheet of notes first, then a title, "filled in by", headings in row 3, odd numbers.
XLS = (
    "eNrtWE1IVFEUPvf9zF/jOGMajIUMQlbmQm1RDOiUUC6iwRxBicLGnDBGRpkK0kVZNiBYYD+boo3gpo3Vpn+iFkGFpOQiCAJNAqFN"
    "gVEL9XXOee+Z1ls4UJLxznDPPffc891z59yf894bGw1MDN4pnIRfqBpkmNfc4FikE1jcZsMP2K9pJJq1C4tm06oitwsX0qHCo5wR"
    "J60hrfckSHBbeYYc4AOWg9AJ0Y5UIrSCVMNziAuaQ5VQcO9JcAOLD4I8rzzmR5ivZX6LbR8z38mai8yr0HZCHIDRSLR0h7GPm6Ri"
    "7vMhF3CPMe9YUwEF8IL28ZkBoduqsCt9LN7+b3YUKV4YAly52kQqkY63T0A+LuEQfNVCADPmWX0asvUrqxeA+u9L9U4L/RVJAegB"
    "7bCgjZjBW3WvQj2KSDa19c30+45mwAuDKukkEY7l1c/CZViDLSpOEDkNn7suNExFxannzckmB4jp1OvGcIws2/qwScM8jBZq/cev"
    "RvEUkZ4ghkg4dLy9pTOBVeXJcEwGsSHa2Bcb8IIIakHNrwWMYnK/hrOpKKssL8dBRi59O1TdFY55KDXwVeJfcpXk8AHzIm+FXJYD"
    "fMz8mCxmb355s6+lLtLMmh5OH3qS2UhRAQ3OEgLBvoUenZcyYivzczzqepYLmefj4cC6pK7AEPb0ss157i1BP9uYxiObFsmbUc58"
    "2n+/KDMV2YLycO1kd/7w28ggFGPSa0U8/XqhTJSJ69eIHkTMWhjX0Xvmwd+uJpfkN+auGZk0F+bAw2JAT7dSHtwlU7y6ftJKRFVP"
    "8PIqjqpsGVX6x0+4RdGh+JC9sFgFwfbmiJLFiBJbUIz0Fo2oLLQkbKkGWrZAy4ymOMsYc5nRANMvx8faa4TkQA2NQGjFAq0w2ml4"
    "UxjtWmgR0m34Vi3QKqM9hm9V9x1KvCLfpyUPL2UAutHsoxEJvmn0/QhW+9Emm2yyySabbFr1JDjd6w+A9KihGo+ETuO7zhyWefsz"
    "yX9L9dCBvxP4WrobUlinoSur/bMOVGGOJZaJMb8XEjWi9zQkoYXnkcx6/+Irglj8f5YN9P+5I5St//ls5vmX/f8A0TMulQ=="
)
DUTIES = "/alpha/desk/settings/duties/"


def book(*sheets, merged=()):
    """An .xlsx with sheets (name, lines); the ranges are merged in the last one."""
    workbook, buffer = Workbook(), io.BytesIO()
    for name, lines in sheets:
        page = workbook.create_sheet(name)
        for line in lines:
            page.append(line)
    del workbook["Sheet"]
    for box in merged:
        page.merge_cells(box)
    workbook.save(buffer)
    return buffer.getvalue()


def ods(lines):
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in line
        )
        + "</table:table-row>"
        for line in lines
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        out.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
        out.writestr(
            "content.xml",
            f"<office:document-content{names}>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def table(content, wanted=WANTED):
    return table_of(load(content, "a", Limits()), Limits(), wanted)


TITLED = [
    ["滨城区区划一览表（2026 年）"],
    ["填表单位：民政局    填表人：王五    2026年11月"],
    [],
    ["序号", " 名　称 ", "统计用区划代码*", "户数（户）", "备注"],
    [1, "甲区", 990101000000, None, None],
    [2, "东街道", "９９０１０１００１０００", "１，２００", "新"],
    [3, "里巷社区", 990101001001, 350.0, None],
    ["合计", None, None, None, None],
    ["审核人：赵六"],
]
FOUND = [
    {"名称": "甲区", "统计用区划代码": "990101000000"},
    {"名称": "东街道", "统计用区划代码": "990101001000"},
    {"名称": "里巷社区", "统计用区划代码": "990101001001"},
]


def cut(rows):
    return [{key: row.cells[key] for key in ("名称", "统计用区划代码")} for row in rows]


def test_the_headings_are_found_below_a_title(in_scope):
    found = table(book(("区划", TITLED), merged=["A1:E1", "A2:E2"]))
    rows = found.rows()
    assert [row.line for row in rows] == [5, 6, 7]
    assert cut(rows) == FOUND
    said = " ".join(found.words())
    assert "工作表“区划”的第 4 行当作表头" in said
    assert "“户数（户）”→“户数”" in said
    assert "第 8、9 行是说明" in said
    report = area_imports.import_areas(rows)
    assert (report.created, report.faults) == (3, [])
    assert Area.objects.get(code="990101001000").households == 1200


def test_the_sheet_with_the_headings_is_read_and_the_others_are_named(in_scope):
    notes = ("填表说明", [["请按名称填写"], ["代码 12 位"]])
    found = table(book(notes, ("区划", TITLED)))
    assert cut(found.rows()) == FOUND
    assert "其他工作表没有读：填表说明" in " ".join(found.words())


def test_a_workbook_of_2003_is_read(in_scope):
    rows = table(zlib.decompress(base64.b64decode(XLS))).rows()
    found = [(row.line, row.get("区划名称"), row.get("区划代码"), row.get("户数")) for row in rows]
    assert found == [
        (4, "甲区", "990101000000", ""),
        (5, "东街道", "990101001000", "1,200"),
        (6, "里巷社区", "990101001001", "350"),
    ]


@pytest.mark.parametrize("kind", ["ods", "gbk", "tabs"])
def test_other_formats_of_offices_are_read(in_scope, kind):
    lines = [[str(cell or "") for cell in line] for line in TITLED]
    text = "\n".join(("\t" if kind == "tabs" else ",").join(line) for line in lines)
    content = ods([line or [""] for line in lines]) if kind == "ods" else text.encode("gb18030")
    assert cut(table(content).rows()) == FOUND


def test_merged_cells_count_for_every_row_below(in_scope):
    lines = [["一级分类", "二级分类"], ["环境", "垃圾"], [None, "噪声"], [None, "油烟"], ["交通", "停车"]]
    rows = table(book(("a", lines), merged=["A2:A4"]), (("一级分类",), ("二级分类",))).rows()
    assert [row.cells["一级分类"] for row in rows] == ["环境", "环境", "环境", "交通"]


def test_headings_of_two_rows_are_the_lower_one(in_scope):
    lines = [["代码", "名称", "规模", None], [None, None, "户数", "人口"], ["990101000000", "甲区", 1, 2]]
    found = table(book(("a", lines), merged=["A1:A2", "B1:B2", "C1:D1"]))
    assert found.heading == 1
    assert [row.cells for row in found.rows()] == [
        {"代码": "990101000000", "名称": "甲区", "户数": "1", "人口": "2"}
    ]


def test_a_merged_heading_does_not_become_data(in_scope):
    lines = [["代码", "名称"], [None, None], ["990101000000", "甲区"]]
    rows = table(book(("a", lines), merged=["A1:A2", "B1:B2"])).rows()
    assert [row.line for row in rows] == [3]


def test_merged_cells_are_limited():
    page = Page("a", [["x"]] + [[] for _ in range(1000)], ((0, 0, 1000, 0),) * 1000)
    with pytest.raises(Invalid) as refused:
        table_of([page], Limits(most_rows=100))
    assert refused.value.code == "too_many_cells"


WAYS = [
    "2026-11-21",
    "2026/11/21",
    "2026.11.21",
    "2026年11月21日",
    "20261121",
    "46347",
    "2026年11月21日 星期六",
]


@pytest.mark.parametrize("text", WAYS)
def test_a_date_is_read_in_every_usual_way(in_scope, text):
    assert (columns.day(text), dates.day_of(text)) == ("2026-11-21", date(2026, 11, 21))


@pytest.mark.parametrize("text", ["2026-02-30", "26-11-21", "2026-11", "昨天", "2026-11-21 25:00", "99999"])
def test_other_texts_are_no_dates(in_scope, text):
    assert dates.moment_of(text) is None
    with pytest.raises(Invalid):
        columns.day(text)


def test_times_are_read_in_the_words_of_offices(in_scope):
    at = datetime(2026, 11, 21, 15, 20)
    for text in ("2026-11-21 15:20", "2026年11月21日 下午3点20分", "2026/11/21 15：20", "46347.638888889"):
        assert dates.moment_of(text) == at, text
        assert columns.moment(text) == "2026-11-21 15:20"


def test_numbers_typed_as_text_are_numbers(in_scope):
    assert [columns.whole(0, 9999)(text) for text in ("1,200", "1200.0", "1，200", "7")] == [
        "1200",
        "1200",
        "1200",
        "7",
    ]
    assert layout.narrow("Ａ座１２号") == "A座12号"
    assert layout.narrow("\u200b 12\u3000") == "12"


def test_a_column_that_fits_by_name_wins_over_one_that_only_resembles_it(in_scope):
    rows = table(book(("a", [["名称（旧）", "代码", "名称"], ["老街", "990101000000", "甲区"]]))).rows()
    assert (rows[0].get("名称"), rows[0].get("名称（旧）")) == ("甲区", "老街")


# -- all importers


def test_the_command_says_what_was_taken_and_returns_the_layout(tenant, tmp_path):
    lines = [list(line) for line in TITLED]
    lines[6][2] = "99010100100A"
    (tmp_path / "a.xlsx").write_bytes(book(("区划", lines), merged=["A1:E1"]))
    call_command(
        "import_areas",
        tmp_path / "a.xlsx",
        tenant="alpha",
        errors=tmp_path / "e.xlsx",
        stdout=(out := StringIO()),
    )
    said = out.getvalue()
    assert "工作表“区划”的第 4 行当作表头。" in said
    assert said.index("当作表头") < said.index("新增 2，更新 0，无变化 0，有误 1")
    page = load_workbook(tmp_path / "e.xlsx").active
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    assert rows[0][0] == TITLED[0][0]
    assert rows[3] == [*(one.strip() for one in TITLED[3][:1]), *TITLED[3][1:], "行号", "原因"]
    assert rows[4][:3] + rows[4][5:6] == ["3", "里巷社区", "99010100100A", "7"]
    assert [str(box) for box in page.merged_cells.ranges] == ["A1:E1"]
    red = [cell.column for cell in page[5] if cell.fill.fill_type]
    assert red == [3]
    assert table((tmp_path / "e.xlsx").read_bytes()).heading == 3  # it can be handed in again


COMMANDS = {
    "import_people": ["登录名", "姓名", "手机号码", "单位", "角色", "辖区"],
    "import_categories": ["一级分类", "二级分类", "三级分类"],
    "import_tickets": ["留言编号", "留言主题", "留言详情", "留言时间"],
    "import_duties": ["序号", "事项名称", "清单类别", "责任单位"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_finds_its_headings_below_a_title(world, tmp_path, command):
    line = {"留言时间": "2025年3月2日", "单位": "没有的单位"}
    cells = [line.get(name, "甲") for name in COMMANDS[command]]
    (tmp_path / "a.xlsx").write_bytes(book(("a", [["标题"], ["填表人：王五"], COMMANDS[command], cells])))
    with suppress(CommandError):  # the row is faulty
        call_command(
            command, tmp_path / "a.xlsx", "--dry-run", tenant="alpha", stdout=(out := StringIO()), stderr=out
        )
    assert "第 3 行当作表头" in out.getvalue()
    assert "缺少列" not in out.getvalue()


def test_a_mapped_heading_is_found_below_a_title(world, tmp_path):
    lines = [["来信登记"], ["什么事", "哪天"], ["路灯不亮", "2025.3.2"]]
    (tmp_path / "a.xlsx").write_bytes(book(("a", lines)))
    given = {"map": ["text=什么事", "created_at=哪天"], "tenant": "alpha", "stdout": StringIO()}
    call_command("import_tickets", tmp_path / "a.xlsx", **given)
    with scope(world.tenant):
        assert Ticket.objects.get().text == "路灯不亮"


def test_a_settings_sheet_of_an_office_is_previewed_with_what_was_taken(world, as_):
    pages = Pages(world, as_("admin"))
    lines = [
        ["事项分类表"],
        ["填表人：王五"],
        ["代 码", "名称（必填）", "备注"],
        ["０１０１", "路灯照明", ""],
    ]
    address, said = pages.preview("categories", lines)
    assert "第 3 行当作表头" in said
    assert "“代 码”→“代码”" in said
    assert "修改 1 行" in said
    assert pages.confirm(address).status_code == 302
    with scope(world.tenant):
        assert Category.objects.get(code="0101").name == "路灯照明"


def test_the_fault_sheet_of_a_setting_keeps_the_layout_and_marks_the_cells(world, as_):
    pages = Pages(world, as_("admin"))
    heading = ["备注", "代码", "名称", "紧急程度"]
    address, _said = pages.preview("categories", [["事项分类表"], heading, ["x", "0101", "路灯", "很急"]])
    page = load_workbook(io.BytesIO(pages.client.get(address + "faults/").content)).active
    assert page["A1"].value == "事项分类表"
    assert [cell.value for cell in page[2]] == [*heading, "行号", "原因"]
    assert [cell.value for cell in page[3]][:5] == ["x", "0101", "路灯", "很急", "3"]
    assert [cell.column for cell in page[3] if cell.fill.fill_type] == [4]


def test_a_duty_list_of_an_office_says_what_was_taken(world, as_):
    lines = [["履职事项清单"], ["序 号", "履职事项", "类别", "责任单位"], ["1", "甲", "基本", "街道"]]
    upload = io.BytesIO(book(("清单", lines)))
    upload.name = "a.xlsx"
    given = {"name": "清单", "valid_from": "2026-12-01", "file": upload, "dry_run": "on"}
    said = words_of(as_("admin").post(DUTIES, given))
    assert "工作表“清单”的第 2 行当作表头" in said
    assert "检查通过" in said
