"""Import of published divisions, and of faulty lists."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from governance.errors import Invalid
from governance.sheets import tables
from governance.tenancy.scope import scope
from grids.areas import imports
from grids.models import Area, Level, Unit, UnitKind
from tests import shared, worlds

pytestmark = [pytest.mark.django_db]
PUBLISHED = [
    ("bincheng", "滨城区", "371602000000", {"district": 1, "street": 15, "community": 398}),
    ("jiancaoping", "尖草坪区", "140108000000", {"district": 1, "street": 14, "community": 134}),
]


def rows_of(text):
    return tables.read_bytes(text.encode(), "a.csv")


def counted(report):
    return report.created, report.updated, report.unchanged, len(report.faults)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("slug", "name", "code", "levels"), PUBLISHED, ids=lambda value: str(value)[:11])
@shared.needs("divisions_bincheng.csv")
def test_a_published_division_comes_in_whole(tmp_path, slug, name, code, levels, kind):
    tenant = worlds.make_tenant(slug, name, code)
    path = shared.FOLDER / f"divisions_{slug}.csv"
    if kind == "xlsx":
        path = as_sheet(path, tmp_path / "a.xlsx")
    rows = tables.read(path)
    total = sum(levels.values())
    with scope(tenant):
        assert counted(imports.import_areas(rows, dry_run=True)) == (total, 0, 0, 0)
        assert (Area.objects.count(), Unit.objects.count()) == (0, 0)
        assert counted(imports.import_areas(rows)) == (total, 0, 0, 0)
        assert Counter(Area.objects.values_list("level", flat=True)) == levels
        assert counted(imports.import_areas(rows)) == (0, 0, total, 0)
        units = Counter(Unit.objects.values_list("kind", flat=True))
        assert units == {
            UnitKind.COUNTY_CENTER: 1,
            UnitKind.STREET: levels["street"],
            UnitKind.STREET_CENTER: levels["street"],
            UnitKind.COMMUNITY: levels["community"],
            UnitKind.GRID_TEAM: levels["community"],
        }
        lost = [a.code for a in Area.objects.select_related("parent") if a.path != path_of(a)]
        assert lost == []


def path_of(area):
    return (area.parent.path if area.parent else "") + area.code + "/"


def as_sheet(path, target):
    """Write the same list as a workbook with codes as numbers, as Excel does; returns the path."""
    book = Workbook(write_only=True)
    sheet, rows = book.create_sheet(), tables.read(path)
    sheet.append(list(rows[0].cells))
    for row in rows:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row.cells.values()])
    book.save(target)
    return target


GOOD = """名称,代码
甲区,990101000000
东街道,990101001000
里巷社区,990101001001
里巷第一网格,990101001001001
"""


def test_levels_and_parents_are_told_by_the_codes(in_scope):
    assert counted(imports.import_areas(rows_of(GOOD))) == (4, 0, 0, 0)
    grid = Area.objects.get(level=Level.GRID)
    assert grid.path == "990101000000/990101001000/990101001001/990101001001001/"


def test_children_may_stand_before_their_parents(in_scope):
    heading, *lines = GOOD.splitlines()
    shuffled = "\n".join([heading, *reversed(lines)])
    assert counted(imports.import_areas(rows_of(shuffled))) == (4, 0, 0, 0)


def test_a_new_name_is_an_update(in_scope):
    imports.import_areas(rows_of(GOOD))
    assert counted(imports.import_areas(rows_of(GOOD))) == (0, 0, 4, 0)
    assert counted(imports.import_areas(rows_of(GOOD.replace("里巷社区", "里巷新村")))) == (0, 1, 3, 0)
    assert Area.objects.get(code="990101001001").name == "里巷新村"


def test_a_list_in_gbk_is_read(in_scope, tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD.encode("gbk"))
    assert counted(imports.import_areas(tables.read(tmp_path / "a.csv"))) == (4, 0, 0, 0)


FAULTY = [
    ("里巷东社区,99010100100", "无法识别代码"),
    ("里巷东社区,99010100100A", "无法识别代码"),
    (",990101001002", "没有名称"),
    ("丙区,990103000000", "不属于本区县"),
    ("丙区社区,990103001001", "上级"),
    ("远方社区,990101009001", "990101009000 不存在"),
    ("第九网格,990101001009001", "990101001009 不存在"),
    ("1号楼,99010100100100101,村", "应为 12 位"),
    ("里巷东社区,990101001002,小区", "不认识的层级"),
    ("丙区社区,990103001001,社区,990101001000", "不属于本区县"),
    ("里巷东社区,990101001002,社区,990101001001", "层级必须更高"),
    ("里巷东社区,990101001002,社区,990101009000", "990101009000 不存在"),
    ("长" * 101 + ",990101001002", "最多 100 字"),
    ("里巷东社区,990101001002,,,1²", "户数或人口"),
    ("里巷东社区,990101001002,,,99999999999", "户数或人口"),
    ("里巷东社区,990101001002,,,,北纬三十七度", "不是经纬度"),
    ("里巷东社区,990101001002,,,,91", "不是经纬度"),
    ("里巷东社区,990101001002,,,,nan", "不是经纬度"),
]


@pytest.mark.parametrize(("line", "reason"), FAULTY, ids=lambda value: value[:12])
def test_a_faulty_row_says_why_and_the_good_ones_stay(in_scope, line, reason):
    heading = "名称,代码,级别,上级代码,户数,纬度"
    report = imports.import_areas(rows_of(GOOD.replace("名称,代码", heading) + line))
    assert (report.created, report.updated) == (4, 0)
    assert [(fault.line, reason in fault.reason) for fault in report.faults] == [(6, True)], report.faults
    assert Area.objects.count() == 4


def test_a_building_stands_in_its_community_where_it_names_no_grid(in_scope):
    assert (
        counted(imports.import_areas(rows_of(GOOD + "1号楼,99010100100100001\n2号楼,99010100100100102\n")))[0]
        == 6
    )
    parents = Area.objects.filter(level=Level.BUILDING).values_list("name", "parent__level")
    assert dict(parents) == {"1号楼": "community", "2号楼": "grid"}


def test_what_hangs_on_a_faulty_row_is_faulty_too(in_scope):
    report = imports.import_areas(rows_of(GOOD.replace("里巷社区", "")))
    assert report.created == 2
    assert [fault.line for fault in report.faults] == [4, 5]


def test_a_list_without_codes_is_refused_whole(in_scope):
    with pytest.raises(Invalid, match="代码"):
        imports.import_areas(rows_of("名称\n甲区\n"))
    assert Area.objects.count() == 0


def test_the_command_hands_the_faulty_rows_back(tenant, tmp_path):
    (tmp_path / "a.csv").write_text(GOOD + "\n".join(line for line, _ in FAULTY[:4]), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command(
        "import_areas", tmp_path / "a.csv", tenant="alpha", errors=tmp_path / "e.xlsx", stdout=out, stderr=err
    )
    assert out.getvalue().splitlines()[-1] == "新增 4，更新 0，无变化 0，有误 4"
    lines = list(load_workbook(tmp_path / "e.xlsx").active.iter_rows(values_only=True))
    assert [line[-2] for line in lines] == ["行号", "6", "7", "8", "9"]
    assert all(line[-1] for line in lines)
    assert err.getvalue().count("\n") == 4


def test_the_command_says_what_is_wrong_with_the_file(tenant, tmp_path):
    (tmp_path / "a.csv").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-16"):
        call_command("import_areas", tmp_path / "a.csv", tenant="alpha")


def test_a_dry_run_of_the_command_stores_nothing(tenant, tmp_path):
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    call_command("import_areas", tmp_path / "a.csv", "--dry-run", tenant="alpha", stdout=(out := StringIO()))
    assert out.getvalue() == "[试运行] 新增 4，更新 0，无变化 0，有误 0\n"
    with scope(tenant):
        assert Area.objects.count() == 0
