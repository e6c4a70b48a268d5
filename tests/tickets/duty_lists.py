"""Helpers for duty lists: a published list of three lines, a ticket at the county, and its dispatch."""

from datetime import date

from governance.sheets.tables import Row
from tests.worlds import at
from tickets.duties import imports as duty_imports
from tickets.duties.actions import versions as duty_versions
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.states import State

HEADINGS = ("事项编号", "事项名称", "清单类别", "牵头单位", "配合单位", "法律依据", "分类代码")
LINES = (
    ("1", "供水管道抢修", "上级部门收回", "水务局", "园林局", "《城市供水条例》第三十条", "0102"),
    ("2", "路灯报修", "基本履职", "街道（乡镇）", "社区（村）", "", "0101"),
    ("3", "养老政策宣传", "配合履职", "园林局", "街道", "", "0104"),
)


def rows(*lines, headings=HEADINGS):
    return [Row(n, dict(zip(headings, line, strict=True))) for n, line in enumerate(lines, 2)]


def published(walk, *lines, since=date(2026, 1, 1), when=None):
    when = when or at(20, 9)
    done = duty_imports.import_duties(
        rows(*(lines or LINES)), name="2026 年版", valid_from=since, by=walk.actor("admin"), at=when
    )
    assert done.report.faults == []
    return duty_versions.publish(done.version, by=walk.actor("admin"), at=when)


def referred(walk, category="0102", **more):
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane"].code, category=category, name="钱", **more)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    if ticket.state == State.REPORTED:
        ticket = actions.VERBS["triage_major"](
            ticket, by=walk.actor("community"), at=at(23, 9, 10), reason="社区无力解决"
        )
    return actions.VERBS["refer"](ticket, by=walk.actor("center"), at=at(23, 9, 20), reason="街道无力解决")


def send(walk, ticket, unit, verb="dispatch", who="county", **more):
    given = {"unit": walk.units[unit], **more}
    return actions.VERBS[verb](ticket, by=walk.actor(who), at=at(23, 10), **given)
