"""Twelve typical courses of a ticket (design 5.3), by actions, with the number of statements of each verb."""

from datetime import date

import pytest

from governance.access import actors
from governance.clocks.models import Clock
from governance.errors import Conflict, Forbidden, IllegalMove, Invalid
from governance.events.models import Event
from tests.journeys.walking import Walk
from tests.worlds import at
from tickets.models import Reporter, Ticket
from tickets.orders import actions
from tickets.orders.actions import merging, splitting
from tickets.states import Outcome, State
from tickets.ticket import unmasking

WRITE = 10
#: Verbs that write two things: a second ticket, the reopening that follows from the move, or the contact by an answer.
TWO_IN_ONE = {"reassign": 11, "merge": 19, "unmerge": 14, "callback": 13, "reopen": 16, "reply": 12}
FIXED = {"outcome": "fixed", "answer": "已办好", "evidence": "现场处理完毕"}


@pytest.fixture
def on(walk):
    path = Walk(walk)
    yield path
    assert {verb: n for verb, n in path.costs.items() if n > TWO_IN_ONE.get(verb, WRITE)} == {}


def upto_county(on, **more):
    on.report(name="钱居民", phone="13800001234", **more)
    on.go("community", "triage_major", at(23, 9, 30), reason="社区无力解决")
    on.go("center", "refer", at(23, 10), reason="需要部门办理")


def test_1_a_worker_mends_a_stair_lamp_and_no_resident_is_involved(on):
    on.world.tenant.settings = {"sampling_percent": 0}
    on.report(by="worker", channel="grid")
    on.go("worker", "self_resolve", at(23, 10), text="换了灯泡")
    assert (on.ticket.state, on.ticket.outcome) == (State.CLOSED, Outcome.FIXED)
    assert on.clocks(ended_at=None) == set()


def test_2_a_minor_matter_turns_out_major(on):
    on.report(name="钱居民", phone="13800001234")
    on.go("community", "triage_minor", at(23, 10), reason="换个灯泡")
    on.go("community", "upgrade", at(23, 15), reason="整条线路老化")
    assert (on.ticket.state, on.ticket.size) == (State.ESCALATED, "major")
    assert "resolve" in on.clocks(outcome="cancelled")


def test_3_the_street_says_minor_and_the_county_says_yours(on):
    on.report(name="钱居民", phone="13800001234")
    on.go("community", "triage_major", at(23, 10), reason="社区没有权限")
    on.go("center", "send_back", at(23, 11), reason="这是小事")
    on.go("community", "triage_major", at(23, 15), reason="确实没有权限")
    on.go("center", "dispatch", at(23, 16), unit="east_team")
    on.go("county", "arbitrate", at(24, 9), unit="lane", reason="属于社区职责")
    assert (on.ticket.lead_unit.code, on.ticket.ruling) == ("lane", "given")
    with pytest.raises(Forbidden):
        on.go("team", "accept", at(24, 10))
    on.go("community", "accept", at(24, 10))
    with pytest.raises(IllegalMove) as refusal:
        on.go("community", "request_transfer", at(24, 11), reason="还是不该我们")
    assert refusal.value.code in {"ruled", "illegal_move"}


def test_3_a_matter_returned_too_often_waits_for_the_county_alone(on):
    upto_county(on)
    for day, unit, head in ((23, "water", "head"), (24, "parks", "parks_head")):
        on.go("county", "dispatch", at(day, 11), unit=unit)
        on.go(head, "return_ticket", at(day, 15), reason="不属本单位职责")
    assert (on.ticket.returns, on.ticket.ruling) == (2, "due")
    assert on.clocks(ended_at=None) == {"arbitrate"}
    with pytest.raises(IllegalMove):
        on.go("county", "dispatch", at(24, 16), unit="water")
    on.go("county", "arbitrate", at(24, 16), unit="water", reason="供水设施由水务局管")
    with pytest.raises(IllegalMove):
        on.go("head", "return_ticket", at(24, 17), reason="仍不属")
    assert on.go("head", "accept", at(24, 17)).state == State.HANDLING


def test_4_the_street_tries_and_fails(on):
    on.report(name="钱居民", phone="13800001234")
    on.go("community", "triage_major", at(23, 10), reason="需执法")
    on.go("center", "take_up", at(23, 11), unit="east_team")
    on.go("team", "note", at(24, 9), text="业主拒不配合")
    on.go("center", "refer", at(24, 10), reason="街道没有强制权")
    assert (on.ticket.state, on.ticket.lead_unit_id) == (State.REFERRED, None)
    on.go("county", "dispatch", at(24, 11), unit="parks")
    on.go("parks_head", "accept", at(24, 15))


def test_5_a_department_gives_it_to_a_section_then_a_person(on):
    upto_county(on)
    on.go("county", "dispatch", at(23, 11), unit="water")
    on.go("head", "accept", at(23, 12))
    with pytest.raises(Invalid):
        on.go("head", "assign", at(23, 14), unit="parks")
    on.go("head", "assign", at(23, 14), unit="pipes")
    assert (on.ticket.lead_unit.code, on.ticket.holder_unit.code) == ("water", "pipes")
    assert Ticket.objects.visible_to(on.world.actor("pipes_member")).filter(pk=on.ticket.pk).exists()
    on.go("head", "assign", at(23, 15), person=on.world.members["pipes_member"])
    on.go("pipes_member", "contact", at(24, 9), text="已联系")
    assert on.go("pipes_member", "resolve", at(24, 10), **FIXED).state == State.RESOLVED


def test_6_accepted_then_found_on_site_to_be_anothers_duty(on):
    upto_county(on)
    on.go("county", "dispatch", at(23, 11), unit="water")
    on.go("head", "accept", at(23, 12))
    promised = on.ticket.promised_at
    with pytest.raises(Forbidden):
        on.go("member", "request_transfer", at(24, 9), reason="现场看是绿化用水")
    on.go("head", "request_transfer", at(24, 9), reason="现场看是绿化用水", unit="parks")
    assert "review" in on.clocks(ended_at=None)
    on.go("county", "refuse_transfer", at(24, 10), reason="请再核实权属")
    on.go("head", "request_transfer", at(24, 11), reason="权属图已附", unit="parks")
    on.go("county", "reassign", at(24, 15), unit="parks", reason="属园林局")
    assert (on.ticket.state, on.ticket.pending) == (State.DISPATCHED, "")
    on.go("parks_head", "accept", at(24, 16))
    assert on.ticket.promised_at == promised  # the due time promised to the resident stays
    resolve = Clock.objects.get(subject_id=on.ticket.pk, purpose="resolve")
    assert resolve.unit_id == on.world.units["parks"].pk


def test_7_noise_at_night_is_led_by_one_and_helped_by_others(on):
    upto_county(on)
    on.go("county", "dispatch", at(23, 11), unit="water", assistants=["parks", "east_office"])
    on.go("head", "accept", at(23, 12))
    on.go("parks_head", "assist_accept", at(23, 14))
    with pytest.raises(Forbidden):
        on.go("parks_head", "resolve", at(23, 15), **FIXED)
    on.go("parks_head", "note", at(23, 15), text="已到现场")
    with pytest.raises(Conflict) as refusal:
        on.go("member", "resolve", at(23, 16), **FIXED)
    assert refusal.value.code == "assistants_open"
    on.go("parks_head", "assist_finish", at(24, 9), text="隔音绿篱已补")
    on.go("member", "assist_waive", at(24, 10), assistant="east_office", reason="不再需要")
    assert on.go("member", "resolve", at(24, 11), **FIXED).state == State.RESOLVED
    assert on.clocks(outcome="met") >= {"join", "assist"}


def test_8_a_gas_retrofit_waits_for_next_years_money_then_cannot(on):
    upto_county(on)
    on.go("county", "dispatch", at(23, 11), unit="water")
    on.go("head", "accept", at(23, 12))
    on.go("member", "request_extension", at(24, 9), days=5, reason="等设计方案")
    with pytest.raises(IllegalMove):
        on.go("member", "request_extension", at(24, 10), days=5, reason="再申请")
    before = on.ticket.promised_at
    on.go("county", "approve_extension", at(24, 15))
    assert on.ticket.promised_at > before
    on.go("member", "request_deferral", at(25, 9), until=date(2027, 3, 1), reason="资金列入明年预算")
    on.go("county", "defer", at(25, 10), answer="资金列入明年预算,明年三月复查")
    assert (on.ticket.state, on.ticket.due_at, on.ticket.review_on) == (
        State.DEFERRED,
        None,
        date(2027, 3, 1),
    )
    review = at(1, 9, month=3).replace(year=2027)
    on.go("system", "release", review)
    assert on.ticket.state == State.HANDLING
    cannot = {"outcome": "cannot", "answer": "规划调整,无法改造"}
    on.go("member", "resolve", review, **cannot)
    assert on.go("county", "approve_closing", review).state == State.RESOLVED


def test_9_a_private_complaint_about_the_community_itself(on):
    on.report(name="钱居民", phone="13800001234", private=True, against="lane")
    assert (on.ticket.state, on.ticket.holder_unit.code) == (State.ESCALATED, "east_center")
    visible = Ticket.objects.visible_to
    assert not visible(on.world.actor("community")).filter(pk=on.ticket.pk).exists()
    assert not unmasking.may_unmask(on.ticket, on.world.actor("community"))
    assert visible(on.world.actor("center")).filter(pk=on.ticket.pk).exists()
    with pytest.raises(IllegalMove):
        on.go("center", "send_back", at(23, 10), reason="请社区先办")
    with pytest.raises(Invalid):
        on.go("center", "dispatch", at(23, 10), unit="lane")
    on.go("center", "take_up", at(23, 11), unit="east_office")
    on.go("street", "contact", at(23, 14), text="已听取意见")
    on.go("street", "resolve", at(24, 10), **FIXED)
    assert on.ticket.holder_unit.code == "east_center"  # not the unit that the complaint is about
    with pytest.raises(Forbidden):
        on.go("community", "verify", at(24, 11), done=True, text="办好了")
    assert on.go("center", "verify", at(24, 11), done=True, text="已核实").state == State.RATING


def test_9_a_unit_complained_about_learns_no_reporter_even_when_it_sees_the_matter(on):
    on.report(name="钱居民", phone="13800001234", against="lane")
    for who in ("community", "worker", "lead"):  # the community and its own grids
        assert unmasking.sealed(on.ticket, on.world.actor(who)), who
        with pytest.raises(Forbidden):
            unmasking.unmask(
                on.ticket, on.reporter.pk, by=on.world.actor(who), at=at(23, 10), reason="想知道"
            )
    assert not unmasking.sealed(on.ticket, on.world.actor("center"))


def test_10_smell_of_gas_at_two_on_sunday_night(on):
    night = at(22, 2)
    on.report(when=night, category="0103", name="钱居民", phone="13800001234")
    assert (on.ticket.state, on.ticket.holder_unit.code) == (State.DISPATCHED, "water")
    assert (on.ticket.due_at - night).total_seconds() == 15 * 60
    on.go("member", "accept", at(22, 2, 5))
    assert (on.ticket.due_at - at(22, 2, 5)).total_seconds() == 30 * 60  # the contact clock is due first
    on.go("member", "contact", at(22, 2, 10), text="已提醒关阀")
    on.go("member", "resolve", at(22, 3), **FIXED)


def test_11_a_hotline_sheet_without_a_place_and_three_demands_in_one(on):
    on.report(place="", channel="hotline", name="钱居民", phone="13800001234", text="灯不亮,下水堵,问养老")
    assert on.ticket.state == State.REFERRED
    whole = on.ticket.pk
    parts = [
        splitting.Part(text="路灯不亮", area=on.world.areas["lane"].code, category="0101"),
        splitting.Part(text="下水堵塞", area=on.world.areas["pond"].code),
        splitting.Part(text="咨询养老金", category="0104"),
    ]
    with pytest.raises(Invalid):
        on.go("county", "split", at(23, 10), parts=parts[:1], reason="一件")
    on.ticket = splitting.split(
        on.ticket, by=on.world.actor("county"), at=at(23, 10), parts=parts, reason="三件事"
    )
    assert on.ticket.state == State.DIVIDED
    children = list(Ticket.objects.filter(parent=whole).order_by("id"))
    assert [child.state for child in children] == [State.REFERRED] * 3
    for n, child in enumerate(children):
        on.ticket = child
        on.go("county", "dispatch", at(23, 11, n), unit="water")
        on.go("head", "accept", at(23, 12, n))
        on.go("member", "resolve", at(24, 10, n), **FIXED)
        if on.ticket.state == State.RESOLVED:
            who = ("community", "pond_community", "county")[n]
            on.go(who, "verify", at(24, 11, n), done=True, text="已核实")
        assert on.ticket.state == State.CLOSED
        on.ticket = Ticket.objects.get(pk=whole)
        splitting.close_divided(on.ticket, by=on.world.system, at=at(24, 12, n))
        on.ticket.refresh_from_db()
        assert on.ticket.state == (State.RESOLVED if n == 2 else State.DIVIDED)
    on.go("county", "verify", at(24, 14), done=True, text="三件都办了")
    assert on.rate(at(24, 15)).state == State.CLOSED


def test_11_a_split_is_undone_while_nobody_has_begun(on):
    on.report(name="钱居民", phone="13800001234")
    due = on.ticket.due_at
    parts = [splitting.Part(text="甲"), splitting.Part(text="乙")]
    on.ticket = splitting.split(
        on.ticket, by=on.world.actor("community"), at=at(23, 9, 30), parts=parts, reason="两件"
    )
    on.ticket = splitting.unite(on.ticket, by=on.world.actor("community"), at=at(23, 10), reason="原是一件")
    assert (on.ticket.state, on.ticket.due_at) == (State.REPORTED, due)
    assert set(on.ticket.parts.values_list("outcome", flat=True)) == {"void"}


def test_12_a_river_between_two_streets(on):
    on.report(place="district", name="钱居民", phone="13800001234", text="界河漂浮物")
    assert on.ticket.state == State.REFERRED
    leader = on.world.members["leader"]
    on.go("county", "lead_by_leader", at(23, 10), leader=leader, reason="涉及两个街道")
    on.go("county", "dispatch", at(23, 11), unit="east_center", assistants=["west_center"])
    on.go("center", "accept", at(23, 12))
    on.go("center", "assign", at(23, 14), unit="east_team")  # a street may assign to a unit of the street
    on.go("west_center", "assist_accept", at(23, 14))
    on.go("west_center", "assist_finish", at(24, 9), text="西岸已清理")
    on.go("team", "resolve", at(24, 10), **FIXED)
    assert on.ticket.led_by_id == leader.pk


def test_12_a_pension_question_needs_no_eyes_on_site(on):
    on.report(category="0104", name="钱居民", phone="13800001234", text="养老金怎么算")
    on.go("community", "triage_minor", at(23, 10), reason="社区可以解答")
    on.go("community", "resolve", at(23, 11), outcome="explained", answer="按缴费年限计算")
    assert on.ticket.state == State.RATING
    assert on.rate(at(23, 12)).state == State.CLOSED


def test_a_matter_told_twice_is_one_and_can_be_two_again(on):
    on.report(name="钱居民", phone="13800001234")
    first, earlier = on.ticket, on.reporter
    on.report(name="孙居民", phone="13900001234", when=at(23, 9, 30))
    second = on.ticket
    on.ticket = first
    on.go("community", "merge", at(23, 10), into=second, reason="同一盏灯")
    assert (on.ticket.state, on.ticket.outcome) == (State.CLOSED, Outcome.DUPLICATE)
    assert on.clocks(outcome="merged") == {"triage"}
    second.refresh_from_db()
    triage = Clock.objects.get(subject_id=second.pk, purpose="triage")
    assert triage.started_at == at(23, 9)  # the earlier start counts
    on.go("community", "unmerge", at(23, 10, 30), reason="其实是两盏")
    assert (on.ticket.state, on.ticket.due_at) == (State.REPORTED, at(23, 11))
    on.go("community", "merge", at(23, 10, 40), into=second, reason="还是一盏")
    on.ticket = second
    on.go("community", "triage_minor", at(23, 10, 50), reason="换灯泡")
    on.go("community", "resolve", at(23, 11), **FIXED)
    on.go("worker", "verify", at(23, 14), done=True, text="亮了")
    assert on.rate(at(23, 15)).state == State.RATING  # the other reporter must rate too
    on.reporter = earlier
    assert on.rate(at(23, 16)).state == State.CLOSED


def test_other_ends_and_new_beginnings(on):
    on.report(name="钱居民", phone="13800001234")
    on.go("community", "triage_minor", at(23, 10), reason="换灯泡")
    on.go("community", "ask_resident", at(23, 10, 30), question="是哪一盏?")
    assert (on.ticket.state, on.ticket.due_at) == (State.AWAITING_RESIDENT, None)
    on.go("clerk", "reply", at(24, 9), text="三单元门口")
    on.go("community", "resolve", at(24, 10), **FIXED)
    on.go("worker", "verify", at(24, 11), done=True, text="亮了")
    for day, hour in ((24, 14), (24, 15), (25, 9)):
        on.go("clerk", "callback", at(day, hour), contacted=False)
    called = Event.objects.filter(kind="ticket.callback").order_by("seq").last()
    assert called.facts["unreachable"]
    on.go("clerk", "callback", at(25, 10), contacted=True, solved=False, satisfied=False, text="又坏了")
    assert (on.ticket.state, on.ticket.reworks) == (State.HANDLING, 1)
    on.go("center", "supervise", at(25, 11), text="请三天内解决")
    on.go("center", "urge", at(25, 14), text="请抓紧")
    on.go("community", "answer_supervision", at(25, 15), text="明天更换整灯")
    on.go("center", "void", at(26, 9), reason="误报")
    with pytest.raises(Forbidden):
        on.go("center", "void", at(26, 10), reason="误报")
    on.go("county", "keep", at(26, 10), reason="并非误报")
    assert on.ticket.pending == ""
    on.go("community", "resolve", at(26, 11), **FIXED)
    on.go("worker", "verify", at(26, 14), done=True, text="亮了")
    on.rate(at(26, 15))
    for n in (2, 3):
        on.go("county", "reopen", at(26, 15, n), reason="又坏了")
        assert on.ticket.reworks == n
        if n < 3:
            on.go("community", "resolve", at(26, 16), **FIXED)
            on.go("worker", "verify", at(26, 16, 10), done=True, text="亮了")
            on.rate(at(26, 16, 20))
    assert on.ticket.supervised  # reworked three times: the level above supervises
    assert on.ticket.first_closed_at == at(26, 15)


def test_what_is_not_taken_on_and_what_is_taken_back(on):
    on.report(name="钱居民", phone="13800001234")
    on.go("community", "decline", at(23, 10), refusal="judicial", answer="已在法院审理,请依法院程序办理")
    assert on.ticket.outcome == Outcome.DECLINED
    with pytest.raises(IllegalMove):
        on.go("county", "reopen", at(23, 11), reason="再办")
    on.report(name="钱居民", phone="13800001234")
    by = actors.Actor(kind="reporter", tenant_id=on.world.tenant.pk, reporter_id=on.reporter.pk)
    other = merging.follow(on.ticket, by=by, at=at(23, 12), name="孙居民", phone="13900001234")
    on.ticket = actions.VERBS["withdraw"](on.ticket, by=by, at=at(23, 14), reason="已自行解决")
    assert on.ticket.state == State.REPORTED  # another reporter still follows
    by = actors.Actor(kind="reporter", tenant_id=on.world.tenant.pk, reporter_id=other.pk)
    on.ticket = actions.VERBS["withdraw"](on.ticket, by=by, at=at(23, 15), reason="已自行解决")
    assert (on.ticket.state, on.ticket.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    assert Reporter.objects.filter(ticket=on.ticket, left_at=None).count() == 1
