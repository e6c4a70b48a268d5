"""Figures and times of the first page: district and streets for leaders, one count of the time left."""

import pytest

from tests.worlds import at
from tickets.desk.page import ticket_page
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.today import queries
from tickets.today.streets import Share, by_street


def report(walk, area="lane_building", when=None):
    draft = intake.Draft(text="灯不亮", area=walk.areas[area].code)
    return intake.report(draft, by=walk.system, at=when or at(23, 9)).ticket


def _named(counters):
    return {one.label: one.count for one in counters}


def test_a_leader_reads_the_figures_of_the_district_and_no_zeros_of_their_own(walk):
    for _n in range(2):
        report(walk)
    late = at(24, 12)
    found = _named(queries.counters(walk.actor("leader"), late, 0))
    assert (found["辖区在办"], found["辖区超期"]) == (2, 2)
    assert not {"待我办", "待办超期", "超期"} & set(found)
    assert _named(queries.counters(walk.actor("community"), late, 0))["待办超期"] == 2


def test_the_rates_of_the_streets_have_their_counts(walk):
    report(walk)
    report(walk, area="hill")
    first, second = by_street(walk.actor("leader"), at(24, 12))
    assert [(one.name, one.late) for one in (first, second)] == [
        ("东街道", Share(1, 1)),
        ("西街道", Share(1, 1)),
    ]
    assert (first.late.percent, first.solved.percent) == (100, None)
    assert by_street(walk.actor("center"), at(24, 12)) == []


def test_what_has_no_street_yet_has_a_row_so_that_the_rows_add_up(walk):
    report(walk)
    report(walk, area="district")
    rows = by_street(walk.actor("leader"), at(23, 10))
    assert [(one.name, one.late.whole) for one in rows][-1] == ("未定街道（乡镇）", 1)
    assert sum(one.late.whole for one in rows) == 2


def test_near_is_the_clocks_own_warning_on_tile_and_row(walk):
    report(walk)
    by = walk.actor("community")
    for hour, minute, tone in ((9, 30, "ok"), (10, 0, "near"), (11, 1, "late")):
        moment = at(23, hour, minute)
        (row,) = queries.rows(by, moment)
        assert row["left"].tone == tone
        assert _named(queries.counters(by, moment, 0))["待办临期"] == (tone == "near")


@pytest.mark.parametrize("hour", [9, 16, 18, 20])
def test_list_and_page_tell_the_same_time_left(walk, hour):
    ticket = report(walk)
    for moment in (at(23, hour), at(23, hour, 30)):
        if moment == at(23, hour):
            actions.VERBS["triage_minor"](ticket, by=walk.actor("community"), at=moment, reason="能办")
        (row,) = queries.rows(walk.actor("community"), moment)
        page = ticket_page(walk.actor("community"), ticket.number, moment)
        (story,) = [one for one in page.clocks if one.due_at == row["due_at"]]
        assert row["left"].phrase == story.remaining.phrase()


def test_lateness_after_closing_time_names_the_due_time(walk):
    report(walk, when=at(23, 15, 30))
    (row,) = queries.rows(walk.actor("community"), at(23, 18))
    assert row["left"].phrase == "已超时（今日 17:30 到期）"
