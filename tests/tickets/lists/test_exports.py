"""Export of a list: masked, marked and logged; a large one is written by a worker and downloaded once."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from governance.events.models import Event
from governance.sheets.tables import harmless
from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, TO_HANDLING, reported, walked
from tests.worlds import ZONE, at
from tickets.lists.actions import exports
from tickets.models import Export

TAKE = DESK + "tickets/export/"
EVERY = DESK + "exports/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "exports"


def rows(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def ordered(world, as_, monkeypatch, many=3):
    """Order an export that is too large for the request; returns (client, export)."""
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(exports, "BATCH", 2)
    for _n in range(many):
        reported(world)
    client = as_("community")
    assert client.post(TAKE, {"query": ""})["Location"] == EVERY
    return client, only(world)


def only(world):
    with scope(world.tenant):
        return Export.objects.get()


def test_a_short_list_comes_at_once_masked_and_marked(world, as_):
    number = reported(world).ticket.number
    reported(world, name="", phone="", anonymous=True)
    answer = as_("community").post(TAKE, {"query": "state=reported"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Cache-Control"] == "no-store"
    headings, *cells = rows(answer.content)
    book = load_workbook(io.BytesIO(answer.content))
    mark, filters = [cell.value for cell in book["说明"]["A"]]
    assert world.members["community"].name in mark
    assert "状态：待分单" in filters
    assert len(headings) == len(cells[0])
    found = {row[0]: row for row in cells}
    assert len(found) == 2
    assert found[number][15:17] == ["钱*", "138****1234"]
    everything = ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert ("钱居民" in everything, "13800001234" in everything) == (False, False)
    assert "<oddHeader>" in everything
    assert (book.properties.description, mark in book.active.oddFooter.center.text) == (mark, True)


def test_moments_are_dates_of_the_spreadsheet_in_the_time_of_the_district(world, as_):
    ticket = reported(world).ticket
    headings, row = rows(as_("community").post(TAKE, {"query": ""}).content)
    assert row[headings.index("登记时间")] == ticket.created_at.astimezone(ZONE).replace(
        tzinfo=None, microsecond=0
    )
    assert row[headings.index("销号时间")] is None


def test_a_list_holds_what_the_reader_may_see_and_the_filters_leave(world, as_):
    kept = walked(world, *TO_HANDLING).ticket.number
    reported(world)
    reported(world, area=world.areas["pond"].code)
    content = as_("community").post(TAKE, {"query": "state=handling,reported&q=" + kept}).content
    assert [row[0] for row in rows(content)[1:]] == [kept]
    assert len(rows(as_("community").post(TAKE, {"query": ""}).content)[1:]) == 2


def test_the_log_says_how_many_and_by_which_filters_without_words(world, as_):
    reported(world)
    as_("community").post(TAKE, {"query": "state=reported&q=钱居民家&order=due"})
    with scope(world.tenant):
        event = Event.objects.get(kind="ticket.exported")
        assert event.facts == {"count": 0, "filters": {"state": "reported", "q": "*", "order": "due"}}
        assert (event.subject_type, event.subject_id) == ("governance.tenant", world.tenant.pk)


def test_a_cell_is_never_a_formula(world, as_):
    reported(world, text="=HYPERLINK(1)")
    assert rows(as_("community").post(TAKE, {"query": ""}).content)[1][1].startswith("'=")


def test_a_large_list_is_written_in_batches_and_fetched_once_by_its_owner(world, as_, monkeypatch, folder):
    client, export = ordered(world, as_, monkeypatch)
    page = client.get(EVERY).content.decode()
    assert ("<progress" in page, 'hx-trigger="every 2s"' in page) == (True, True)
    assert client.post(f"{EVERY}{export.pk}/file/").status_code == 409
    exports.write(world.tenant, export.pk, timezone.now())
    export = only(world)
    assert (export.state, export.done, export.total) == ("ready", 3, 3)
    assert as_("center").post(f"{EVERY}{export.pk}/file/").status_code == 404
    client = as_("community")
    assert "every 2s" not in client.get(EVERY).content.decode()
    answer = client.post(f"{EVERY}{export.pk}/file/")
    assert len(rows(answer.content)[1:]) == 3
    assert client.post(f"{EVERY}{export.pk}/file/").status_code == 409
    assert only(world).state == "fetched"


def test_written_twice_it_is_one_file(world, as_, monkeypatch, folder):
    _client, export = ordered(world, as_, monkeypatch)
    for _n in range(2):
        exports.write(world.tenant, export.pk, timezone.now())
    assert len(list(folder.rglob("*.xlsx"))) == 1


def test_a_second_large_one_waits_for_the_first(world, as_, monkeypatch):
    client, _export = ordered(world, as_, monkeypatch)
    assert client.post(TAKE, {"query": ""}).status_code == 409
    only(world)


def test_too_much_is_refused_and_not_logged(world, as_, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 1)
    reported(world)
    reported(world)
    assert as_("community").post(TAKE, {"query": ""}).status_code == 400
    with scope(world.tenant):
        assert not Event.objects.filter(kind="ticket.exported").exists()


def test_what_breaks_is_told_and_leaves_the_way_free(world, as_, monkeypatch):
    client, export = ordered(world, as_, monkeypatch)
    monkeypatch.setattr(exports.Sheet, "append", lambda *_given: 1 / 0)
    exports.write(world.tenant, export.pk, timezone.now())
    assert only(world).state == "failed"
    assert "操作未成功" in client.get(EVERY).content.decode()


def test_after_a_day_the_file_is_gone(world, as_, monkeypatch, folder):
    _client, export = ordered(world, as_, monkeypatch)
    exports.write(world.tenant, export.pk, timezone.now())
    exports.sweep(world.tenant, timezone.now() + timedelta(hours=23))
    assert only(world).state == "ready"
    exports.sweep(world.tenant, timezone.now() + timedelta(hours=25))
    with scope(world.tenant):
        assert not Export.objects.exists()
    assert list(folder.rglob("*.xlsx")) == []


def test_one_that_no_worker_writes_is_ordered_again(world, as_, monkeypatch):
    _client, export = ordered(world, as_, monkeypatch)
    sent = []
    monkeypatch.setattr(exports, "_send", lambda export: sent.append(export.pk))
    exports.sweep(world.tenant, timezone.now())
    assert sent == []
    exports.sweep(world.tenant, timezone.now() + exports.STUCK_AFTER + timedelta(seconds=1))
    assert sent == [export.pk]


def test_a_sheet_costs_the_same_statements_for_many_rows(world, as_):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            as_("community").post(TAKE, {"query": ""})
        return len(caught)

    reported(world)
    cost()
    few = cost()
    for _n in range(3):
        reported(world)
    assert cost() == few


def test_what_is_typed_as_a_code_is_no_text_for_the_log(walk):
    query = QueryDict("category=张三13800001234&holder=water&q=漏水&state=reported")
    assert exports._codes(query) == {"category": "*", "holder": "water", "q": "*", "state": "reported"}


def test_a_character_that_no_sheet_holds_spoils_no_sheet(walk):
    assert harmless("灯\x0b不亮") == "灯不亮"


def test_an_export_under_way_is_not_written_twice_and_leftovers_go(walk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    export = Export.objects.create(
        member=walk.members["county"],
        query="",
        total=1,
        created_at=at(23, 9),
        moved_at=at(23, 9),
        state="running",
    )
    assert exports._start(walk.tenant, export.pk, at(23, 9, 1)) is None
    assert exports._start(walk.tenant, export.pk, at(23, 9, 10)) is not None
    left = exports.folder() / walk.tenant.slug / "left.xlsx"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    exports._forget(walk.tenant, timezone.now())
    assert left.exists()
    exports._forget(walk.tenant, timezone.now() + timedelta(days=2))
    assert not left.exists()
