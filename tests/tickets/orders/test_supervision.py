"""The answer to a supervision is due from the unit that has the ticket, also after dispatches and merges."""

import pytest

from governance.clocks.models import Clock
from governance.errors import Forbidden
from grids.models import Unit
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.states import State
from tickets.today.instructions import instructions_of

FIXED = {"outcome": "fixed", "answer": "已办好", "evidence": "现场处理完毕"}


@pytest.fixture
def told(walk):
    """(walk, go): a major ticket at the street, supervised by the county; `go` makes further moves on it."""
    draft = intake.Draft(
        text="水管漏水", area=walk.areas["lane_building"].code, name="钱居民", phone="13800001234"
    )
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket

    def go(who, verb, when, **given):
        nonlocal ticket
        actor = walk.system if who == "system" else walk.actor(who, when)
        ticket = actions.VERBS[verb](ticket, by=actor, at=when, **given)
        return ticket

    go("county", "supervise", at(23, 10), text="请两日内说明情况")
    go("community", "triage_major", at(23, 11), reason="社区无力解决")
    return walk, go


def owing(ticket):
    """The codes of the units whose answer is due."""
    clocks = Clock.objects.filter(subject_id=ticket.pk, purpose="supervise", ended_at=None)
    return [Unit.objects.get(pk=unit_id).code for unit_id in clocks.values_list("unit_id", flat=True)]


def test_the_answer_goes_along_with_the_matter(told):
    walk, go = told
    steps = [
        ("center", "refer", {"reason": "需要水务部门"}),
        ("county", "dispatch", {"unit": walk.units["water"]}),
        ("head", "accept", {}),
        ("county", "reassign", {"unit": walk.units["parks"], "reason": "属绿化用水"}),
        ("parks_head", "accept", {}),
        ("parks_head", "resolve", FIXED),
    ]
    found = []
    for n, (who, verb, given) in enumerate(steps):
        ticket = go(who, verb, at(24, 9, n), **given)
        found.append((str(ticket.state), *owing(ticket)))
    assert found == [
        ("referred", "county_center"),
        ("dispatched", "water"),
        ("handling", "water"),
        ("dispatched", "parks"),
        ("handling", "parks"),
        ("resolved", "parks"),
    ]
    ticket = go("parks_head", "answer_supervision", at(24, 15), text="已换阀门")
    assert (ticket.supervised, owing(ticket)) == (False, [])


def test_what_is_looked_at_by_others_is_answered_by_who_worked_on_it(told):
    walk, go = told
    go("center", "refer", at(24, 9), reason="需要水务部门")
    go("county", "answer_supervision", at(24, 10), text="已交水务局")
    go("county", "dispatch", at(24, 11), unit=walk.units["water"])
    go("head", "accept", at(24, 12))
    ticket = go("head", "resolve", at(24, 15), outcome="explained", answer="属正常减压")
    assert ticket.state == State.IN_REVIEW
    assert owing(go("leader", "supervise", at(24, 16), text="请说明依据")) == ["water"]
    assert owing(go("county", "approve_closing", at(25, 9))) == ["water"]


def test_a_merge_undone_brings_the_supervision_back(told):
    walk, go = told
    draft = intake.Draft(
        text="水管漏水", area=walk.areas["lane_building"].code, name="孙居民", phone="13900001234"
    )
    other = intake.report(draft, by=walk.actor("clerk"), at=at(23, 12)).ticket
    ticket = go("center", "merge", at(24, 9), into=other, reason="同一处漏水")
    assert (ticket.supervised, owing(ticket)) == (False, [])
    ticket = go("center", "unmerge", at(24, 10), reason="不是同一处")
    assert (ticket.supervised, owing(ticket)) == (True, ["east_center"])


def test_what_was_answered_before_a_merge_stays_answered(told):
    walk, go = told
    go("center", "answer_supervision", at(23, 14), text="已安排")
    go("center", "refer", at(23, 15), reason="需要水务部门")
    go("leader", "supervise", at(24, 9), text="请说明进度")
    other = intake.report(
        intake.Draft(text="水管漏水", area=walk.areas["lane_building"].code),
        by=walk.actor("clerk"),
        at=at(24, 9),
    ).ticket
    go("county", "merge", at(24, 10), into=other, reason="同一处漏水")
    assert owing(go("county", "unmerge", at(24, 11), reason="不是同一处")) == ["county_center"]


def test_a_reopened_matter_goes_on_with_the_last_promise_alone(told):
    walk, go = told
    walk.tenant.settings = {"reopen_continues": True}
    go("center", "take_up", at(23, 14), unit=walk.units["east_team"])
    go("center", "refer", at(24, 9), reason="街道办不了")
    go("county", "dispatch", at(24, 10), unit=walk.units["water"])
    go("head", "accept", at(24, 11))
    go("head", "resolve", at(24, 15), **FIXED)
    go("worker", "verify", at(24, 16), done=False, text="还在漏")
    running = Clock.objects.filter(purpose="resolve", ended_at=None)
    assert [Unit.objects.get(pk=clock.unit_id).code for clock in running] == ["water"]


def test_an_instruction_is_kept_on_the_ticket_and_answered(told):
    walk, go = told
    go("center", "answer_supervision", at(23, 14), text="已安排")
    ticket = go("leader", "instruct", at(24, 9), text="请本周内解决并答复居民")
    assert (ticket.supervised, owing(ticket)) == (True, ["east_center"])
    (row,) = instructions_of(walk.actor("leader"))
    assert (row["text"], row["answer"]) == ("请本周内解决并答复居民", None)
    go("center", "answer_supervision", at(24, 11), text="周五前更换")
    (row,) = instructions_of(walk.actor("leader"))
    assert (row["answer"], row["answered_at"]) == ("周五前更换", at(24, 11))
    assert instructions_of(walk.actor("county")) == []


def test_an_instruction_during_a_supervision_is_answered_with_it(told):
    _walk, go = told
    ticket = go("leader", "instruct", at(24, 9), text="请说明情况")
    assert owing(ticket) == ["east_center"]
    ticket = go("center", "answer_supervision", at(24, 10), text="已安排")
    assert (ticket.supervised, owing(ticket)) == (False, [])


@pytest.mark.parametrize("who", ["county", "center", "community", "head", "clerk"])
def test_only_a_leader_instructs(told, who):
    _walk, go = told
    with pytest.raises(Forbidden):
        go(who, "instruct", at(24, 9), text="请抓紧")


def test_an_instruction_goes_along_with_a_merge(told):
    walk, go = told
    go("center", "answer_supervision", at(23, 14), text="已安排")
    go("leader", "instruct", at(24, 9), text="请说明情况")
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane_building"].code)
    other = intake.report(draft, by=walk.actor("clerk"), at=at(24, 9)).ticket
    go("center", "merge", at(24, 10), into=other, reason="同一处漏水")
    other.refresh_from_db()
    assert (other.supervised, owing(other)) == (True, ["lane"])
    actions.VERBS["answer_supervision"](other, by=walk.actor("community"), at=at(24, 11), text="已到现场")
    (row,) = instructions_of(walk.actor("leader"))
    assert row["answer"] == "已到现场"
