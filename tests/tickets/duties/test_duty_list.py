"""Versions of the duty list, and their import from a file."""

from datetime import date

import pytest

from governance.errors import Conflict, Forbidden
from tests.tickets.duty_lists import LINES, published, referred, rows, send
from tests.worlds import at
from tickets.duties import imports as duty_imports
from tickets.duties import queries as duty_queries
from tickets.duties.actions import versions as duty_versions
from tickets.models import DutyItem, DutyList

pytestmark = [pytest.mark.django_db]


# -- versions


def test_a_version_holds_from_its_day_and_ends_the_former(walk):
    old = published(walk)
    new = published(walk, LINES[0], since=date(2026, 12, 1))
    old.refresh_from_db()
    assert (old.state, old.valid_to) == (DutyList.State.SUPERSEDED, date(2026, 11, 30))
    assert duty_queries.in_force(at(30, 23)).pk == old.pk
    assert duty_queries.in_force(at(1, 0, month=12)).pk == new.pk
    with pytest.raises(Conflict):
        published(walk, since=date(2026, 11, 30))


def test_a_draft_changes_nothing_and_the_next_one_takes_its_place(walk):
    for _ in range(2):
        duty_imports.import_duties(
            rows(*LINES), name="草稿", valid_from=date(2026, 1, 1), by=walk.actor("admin"), at=at(20, 9)
        )
    assert (DutyList.objects.count(), DutyItem.objects.count()) == (1, 3)
    assert duty_queries.in_force(at(23, 9)) is None
    send(walk, referred(walk), "east_office")


def test_only_who_keeps_the_settings_publishes(walk):
    done = duty_imports.import_duties(
        rows(*LINES), name="草稿", valid_from=date(2026, 1, 1), by=walk.actor("admin"), at=at(20, 9)
    )
    with pytest.raises(Forbidden):
        duty_versions.publish(done.version, by=walk.actor("county"), at=at(20, 9))


# -- import


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("4", "", "基本履职", "水务局", "", "", ""), "“事项名称”不能为空"),
        (("4", "清雪", "其他", "水务局", "", "", ""), "不认识的清单类别“其他”"),
        (("4", "清雪", "基本履职", "无此局", "", "", ""), "没有单位“无此局”"),
        (("4", "清雪", "基本履职", "水务局", "园林局、无此局", "", ""), "没有单位“无此局”"),
        (("4", "清雪", "基本履职", "水务局", "", "", "9999"), "没有代码为 9999 的分类"),
        (("1", "清雪", "基本履职", "水务局", "", "", ""), "编号 1 在文件中重复"),
        (("4", "清" * 201, "基本履职", "水务局", "", "", ""), "“事项名称”最多 200 字"),
    ],
)
def test_of_a_file_with_a_faulty_row_nothing_is_kept(walk, line, words):
    done = duty_imports.import_duties(
        rows(*LINES, line), name="草稿", valid_from=date(2026, 1, 1), by=walk.actor("admin"), at=at(20, 9)
    )
    assert [(fault.line, fault.reason) for fault in done.report.faults] == [(5, words)]
    assert (done.version, DutyList.objects.count()) == (None, 0)


def test_english_headings_and_codes_are_read_too(walk):
    headings = ("code", "name", "kind", "lead", "assistants", "legal_basis", "category")
    table = rows(
        ("A-1", "Leaks", "taken_back", "water", "parks,street_office", "", "0102"), headings=headings
    )
    done = duty_imports.import_duties(
        table, name="v", valid_from=date(2026, 1, 1), by=walk.system, at=at(20, 9)
    )
    item = DutyItem.objects.get(version=done.version)
    assert (item.lead_unit, item.kind) == (walk.units["water"], "taken_back")
    named = [(one.unit_id, one.kind) for one in item.assistants.all()]
    assert named == [(walk.units["parks"].pk, ""), (None, "street_office")]


def test_a_dry_run_tells_the_differences_to_the_version_in_force(walk):
    published(walk)
    changed = ("2", "路灯报修", "赋权", "街道（乡镇）", "社区（村）", "", "0101")
    done = duty_imports.import_duties(
        rows(LINES[0], changed, ("4", "清雪", "基本履职", "街道", "", "", "")),
        name="v",
        valid_from=date(2026, 12, 1),
        by=walk.system,
        at=at(20, 9),
        dry_run=True,
    )
    found = done.differences
    assert ([c.code for c in found.added], [c.code for c in found.removed]) == (["4"], ["3"])
    assert [(c.code, c.fields) for c in found.changed] == [("2", (("清单类别", "基本履职", "赋权"),))]
    assert (found.unchanged, done.version, DutyList.objects.count()) == (1, None, 1)


def test_what_is_exported_can_be_read_in_again(walk):
    from governance.sheets import tables

    version = published(walk)
    table = tables.read_bytes(duty_imports.exported(version), "x.xlsx")
    done = duty_imports.import_duties(
        table, name="v", valid_from=date(2026, 1, 1), by=walk.system, at=at(20, 9), dry_run=True
    )
    found = done.differences
    assert (done.report.faults, found.added, found.removed, found.changed) == ([], [], [], [])
    assert found.unchanged == 3
