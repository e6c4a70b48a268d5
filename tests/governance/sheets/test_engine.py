"""Rules for every sheet: all or nothing, preview first, own district only."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from governance.events.models import Event
from governance.sheets import reading, registry, storing, uploads
from governance.sheets.models import SheetUpload
from governance.sheets.uploaded import LIMITS
from governance.tenancy.config import compiled
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.roster import actions as roster
from tests.governance.sheets.pages import URL, book_of, edited, lines_of, new, words_of
from tickets.catalog import actions, choices
from tickets.models import Category
from tickets.questions import actions as question_actions
from tickets.replies import actions as replies

pytestmark = pytest.mark.django_db
CATEGORIES = URL + "categories/"


def state(world):
    with scope(world.tenant):
        return list(Category.objects.order_by("code").values()), Event.objects.count()


@pytest.fixture
def filled(world):
    """Create at least one row for every sheet, some with texts that are easily misread."""
    with scope(world.tenant):
        by, at = world.actor("admin"), timezone.now()
        lamp = Category.objects.get(code="0101")
        options = ["水管、阀门", "灯具；灯杆", "是", "=其他"]
        choice = {"kind": "choice", "options": options, "stop_on": "是", "stop_text": "请先\n离开"}
        question_actions.keep(lamp, text="-哪里坏了|何时", **choice, by=by, at=at)
        question_actions.keep(lamp, text="有人吗", kind="yes_no", stop_on="是", stop_text="x", by=by, at=at)
        replies.keep(verb="resolve", title="通用", text="=办结\r\n\n  - 附", category=None, by=by, at=at)
        span = {"starts_at": at + timedelta(hours=1), "ends_at": at + timedelta(hours=9)}
        roster.plan_shift(world.units["water"], world.members["head"], **span, by=by, at=at)


@pytest.mark.parametrize("slug", registry.slugs())
def test_what_was_taken_out_changes_nothing_when_it_comes_back(world, pages, slug, filled):
    lines = pages.export(slug)
    assert len(lines) > 1
    said = pages.preview(slug, lines)[1]
    assert "没有变化" in said
    assert "按此更新" not in said


@pytest.mark.parametrize("slug", registry.slugs())
def test_a_stranger_is_refused(world, as_, slug):
    client = as_("member")
    for path in ("", "export/"):
        assert client.get(f"{URL}{slug}/{path}").status_code == 403
    assert client.post(f"{URL}{slug}/").status_code == 403
    assert client.post(f"{URL}{slug}/1/confirm/").status_code == 403


def test_a_sheet_that_is_not_offered_is_not_there(world, pages):
    assert pages.client.get(f"{URL}nothing/").status_code == 404


def test_a_preview_stores_nothing(world, pages):
    before = state(world)[0]
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    _address, said = pages.preview(
        "categories", [*lines, new(lines[0], 代码="0105", 上级代码="01", 名称="井盖")]
    )
    assert "新增 1 行，修改 1 行，不变 4 行，有误 0 行" in said
    assert "路灯 → 路灯照明" in said
    assert state(world)[0] == before
    with scope(world.tenant):
        assert not Event.objects.filter(kind="settings.changed").exists()


def test_nothing_that_was_tried_stays_compiled(world, pages):
    def offered():
        with scope(Tenant.objects.get(slug="alpha")):
            return {name for _code, name in choices.every()}

    before = offered()
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    address, _said = pages.preview("categories", lines)
    assert offered() == before
    pages.confirm(address)
    assert offered() == before - {"路灯"} | {"路灯照明"}


def test_a_trial_leaves_no_version_behind_that_others_could_meet(world):
    with scope(world.tenant):
        tenant = Tenant.objects.get(pk=world.tenant.pk)
    with scope(tenant):
        by = world.actor("admin")
        lines = book_of([["代码", "名称"], ["0101", "路灯照明"]])
        version = tenant.config_version
        uploads.look_at(
            registry.sheet_for("categories", by), reading.load(lines, "a", LIMITS), by=by, at=timezone.now()
        )
        assert tenant.config_version == version
        assert compiled(tenant, "probe", lambda: "fresh") == "fresh"


def test_one_fault_stores_nothing_and_comes_back_as_a_sheet(world, pages):
    before = state(world)[0]
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    lines = [*edited(lines, "0102", 紧急程度="很急"), new(lines[0], 代码="0199", 上级代码="09", 名称="井盖")]
    address, said = pages.preview("categories", lines)
    assert "文件有误，没有更新" in said
    assert "第 4 行：“紧急程度”里不能填“很急”" in said
    assert "第 7 行：没有代码为 09 的分类" in said
    assert "不变 3 行，有误 2 行；文件中没有的 0 行保持不变" in said
    assert "按此更新" not in said
    assert pages.confirm(address).status_code == 409
    assert state(world)[0] == before
    faults = lines_of(pages.client.get(address + "faults/").content)
    assert [line[-2] for line in faults] == ["行号", "4", "7"]
    assert faults[0][:-2] == lines[0]
    assert faults[0][-1] == "原因"
    assert "09" in faults[2][-1]


def test_mended_faults_can_be_handed_in_as_they_are(world, pages):
    lines = edited(pages.export("categories"), "0102", 紧急程度="很急")
    address, _said = pages.preview("categories", lines)
    faults = lines_of(pages.client.get(address + "faults/").content)
    said = pages.bring("categories", edited(faults, "0102", 紧急程度="一般", 名称="供水"))
    assert "修改 1 行" in said
    assert "不认识的列" not in said
    with scope(world.tenant):
        assert Category.objects.get(code="0102").name == "供水"


def test_who_was_faster_is_not_overwritten(world, pages):
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    address, _said = pages.preview("categories", lines)
    with scope(world.tenant):
        row = Category.objects.get(code="0102")
        actions.change_category(row, name="供水", by=world.actor("admin"), at=timezone.now())
    before = state(world)[0]
    answer = pages.confirm(address)
    said = words_of(answer)
    assert answer.status_code == 409
    assert "有人改过这项设置" in said
    assert "供水 → 供水管道" in said
    assert state(world)[0] == before
    assert pages.confirm(address).status_code == 302
    with scope(world.tenant):
        assert Category.objects.get(code="0101").name == "路灯照明"


def test_a_file_is_used_once_and_by_who_brought_it(world, pages, as_):
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    address, _said = pages.preview("categories", lines)
    assert pages.confirm(address).status_code == 302
    assert pages.confirm(address).status_code == 404
    assert pages.client.get(address).status_code == 404
    address, _said = pages.preview("categories", edited(lines, "0101", 名称="灯"))
    with scope(world.tenant):
        assert SheetUpload.objects.update(member=world.members["county"]) == 1
    assert pages.client.get(address).status_code == 404
    assert pages.confirm(address).status_code == 404


def test_a_newer_file_is_said_to_have_replaced_the_first(world, pages):
    lines = pages.export("categories")
    first, _said = pages.preview("categories", edited(lines, "0101", 名称="灯"))
    second, _said = pages.preview("categories", edited(lines, "0101", 名称="路灯照明"))
    for answer in (pages.confirm(first), pages.client.get(first)):
        assert answer.status_code == 409
        assert "已被您后来上传的文件取代" in words_of(answer)
        assert f'href="{second}"' in answer.content.decode()
        assert f'action="{CATEGORIES}"' in answer.content.decode()
    assert pages.confirm(second).status_code == 302
    assert pages.confirm(first).status_code == 404


def test_a_file_waits_for_a_day(world, pages):
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    address, _said = pages.preview("categories", lines)
    uploads.forget(world.tenant, at=timezone.now())
    assert pages.client.get(address).status_code == 200
    with scope(world.tenant):
        SheetUpload.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert pages.client.get(address).status_code == 404
    assert uploads.forget(world.tenant, at=timezone.now()) == 1


def test_what_waits_lies_encrypted(world, pages):
    pages.preview("categories", edited(pages.export("categories"), "0101", 名称="路灯照明"))
    with scope(world.tenant), connection.cursor() as cursor:
        cursor.execute("SELECT rows || preview FROM governance_sheetupload")
        assert "路灯" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n\xff\xfe\x80\x81\xff", "编码"),
        (b"", "文件是空的"),
        (book_of([["代码", "名称"]]), "没有数据行"),
        (book_of([["部门", "电话"], ["水务局", "1"]]), "缺少列：代码、名称"),
        (book_of([["代码", "名称", "代码"], ["1", "2", "3"]]), "表头重复"),
        (b"x" * (LIMITS.most_bytes + 1), "文件超过 5 MB"),
        ("代码,名称\n".encode() + b"1,a\n" * LIMITS.most_rows, "一次最多 20000 行"),
    ],
    ids=["pdf", "empty", "headings only", "other headings", "doubled", "large", "long"],
)
def test_a_file_that_is_none_is_refused_with_the_reason(world, pages, content, words):
    answer = pages.upload("categories", content)
    assert answer.status_code == 400
    assert words in words_of(answer)
    with scope(world.tenant):
        assert not SheetUpload.objects.exists()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(world, pages):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (101 << 20))
    answer = pages.upload("categories", buffer.getvalue())
    assert answer.status_code == 400
    assert "文件超过 100 MB" in words_of(answer)


def test_too_many_changes_at_once_are_refused(world, pages, monkeypatch):
    monkeypatch.setattr(storing, "MOST_CHANGES", 1)
    lines = pages.export("categories")
    lines = edited(edited(lines, "0101", 名称="甲"), "0102", 名称="乙")
    answer = pages.upload("categories", lines)
    assert answer.status_code == 400
    assert "一次最多更新 1 行，该文件有 2 行需更新" in words_of(answer)


@pytest.mark.parametrize("name", ["=1+1", "+路灯", "-路灯", "@路灯", "'=1+1", "''-x"])
def test_a_text_that_looks_like_a_formula_goes_out_harmless_and_comes_back(world, pages, name):
    with scope(world.tenant):
        row = Category.objects.get(code="0101")
        actions.change_category(row, name=name, by=world.actor("admin"), at=timezone.now())
    lines = pages.export("categories")
    (cell,) = [line[2] for line in lines if line[0] == "0101"]
    assert cell == "'" + name
    assert "没有变化" in pages.preview("categories", lines)[1]
    address, _said = pages.preview("categories", edited(lines, "0101", 紧急程度="很急"))
    faults = lines_of(pages.client.get(address + "faults/").content)
    pages.bring("categories", edited(faults, "0101", 紧急程度="特急"))
    with scope(world.tenant):
        assert Category.objects.values_list("name", "tier").get(code="0101") == (name, "emergency")


def test_codes_stay_text_and_choices_are_offered(world, pages):
    book = load_workbook(io.BytesIO(pages.client.get(CATEGORIES + "export/").content))
    page, explained = book.worksheets
    assert (page["A2"].value, page["A2"].number_format, page.freeze_panes) == ("01", "@", "A2")
    assert page.column_dimensions["A"].number_format == "@"
    offered = {str(one.sqref): one.formula1 for one in page.data_validations.dataValidation}
    assert offered["L2:L20000"] == '"启用,停用"'
    told = [row[0] for row in explained.iter_rows(values_only=True)]
    assert told[1:13] == [cell.value for cell in page[1]]


@pytest.mark.parametrize("slug", registry.slugs())
def test_a_sheet_in_english_is_known_in_chinese(world, pages, slug, filled):
    pages.client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    lines = pages.export(slug)
    assert len(set(lines[0])) == len(lines[0])
    del pages.client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert len(lines) > 1
    said = pages.preview(slug, lines)[1]
    assert "没有变化" in said
    assert "不认识的列" not in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("slug", registry.slugs())
def test_no_two_columns_or_choices_have_one_name(world, slug, language):
    with scope(world.tenant), translation.override(language):
        sheet = registry.sheet_for(slug, world.actor("admin"))
        headings = [str(column.heading).lower() for column in sheet.columns]
        assert len(set(headings)) == len(headings)
        for column in sheet.columns:
            words = [str(word).lower() for word in (column.choices or {}).values()]
            assert len(set(words)) == len(words), column.key


def test_csv_codes_and_english_words_are_taken_too(world, pages):
    text = "code,name,tier,colour\n0101,路灯,urgent,是\n0102,供水管道,Ordinary,no\n"
    address = pages.upload("categories", text.encode("gb18030"), "a.csv")["Location"]
    said = words_of(pages.client.get(address))
    assert "修改 2 行，不变 0 行，有误 0 行；文件中没有的 3 行保持不变" in said
    assert "不认识的列没有读：colour" in said


def test_columns_that_the_file_has_not_stay_as_they_are(world, pages):
    with scope(world.tenant):
        before = Category.objects.values().get(code="0103")
    pages.bring("categories", [["代码", "名称"], ["0103", "燃气"]])
    with scope(world.tenant):
        assert Category.objects.values().get(code="0103") == {**before, "name": "燃气"}


def test_a_line_twice_is_a_fault(world, pages):
    lines = pages.export("categories")
    assert "第 7 行：与文件中前面的一行重复" in pages.preview("categories", [*lines, lines[1]])[1]


def test_statements_do_not_grow_with_rows_that_stay(world, pages):
    def cost():
        lines = pages.export("categories")
        with CaptureQueriesContext(connection) as told:
            pages.preview("categories", lines)
        return len(told)

    cost()
    few = cost()
    with scope(world.tenant):
        for n in range(20):
            Category.objects.create(code=f"9{n}", name=f"其他{n}")
    assert cost() == few


def test_statements_of_a_change_are_few(world, pages):
    lines = pages.export("categories")

    def cost(*codes):
        told = lines
        for code in codes:
            told = edited(told, code, 名称=f"新{code}")
        address, _said = pages.preview("categories", told)
        with CaptureQueriesContext(connection) as log:
            assert pages.confirm(address).status_code == 302
        return len(log)

    one, three = cost("0101"), cost("0101", "0102", "0103", "0104")
    assert (three - one) / 3 <= 10


def test_taking_out_and_bringing_back_stand_in_the_log(world, pages):
    lines = edited(pages.export("categories"), "0101", 名称="路灯照明")
    pages.bring("categories", lines)
    with scope(world.tenant):
        kinds = Event.objects.order_by("pk").values_list("kind", "facts")
        assert list(kinds) == [
            ("sheet.exported", {"sheet": "categories", "count": 5}),
            ("settings.changed", {"code": "0101", "fields": ["name"]}),
            ("sheet.imported", {"sheet": "categories", "added": 0, "changed": 1}),
        ]


def test_rows_of_another_district_are_neither_seen_nor_touched(world, pages):
    with scope(world.other):
        Category.objects.create(code="0101", name="乙区路灯")
    lines = pages.export("categories")
    assert "乙区路灯" not in str(lines)
    pages.bring("categories", edited(lines, "0101", 名称="路灯照明"))
    with scope(world.other):
        assert Category.objects.get().name == "乙区路灯"
