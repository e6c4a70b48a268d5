"""The five orders from report to rating, over HTTP, with a real worker, beat and broker."""

import uuid

import pytest

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def report(stack, who="clerk", **more):
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "三单元门口水管漏水",
        "area": stack.tokens["_areas"]["lane_building"],
        "category": "0102",
        "channel": "hotline",
        "reporter": {"name": "钱居民", "phone": "13800001234"},
        **more,
    }
    answer = stack.call(who, "POST", "tickets/", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


#: Member, verb, fields, state afterwards, clock that runs then, unit that is notified.
WALK = (
    ("community", "triage_major", {"reason": "社区无力解决"}, "escalated", "dispatch", "east_center"),
    ("center", "refer", {"reason": "需要水务部门"}, "referred", "dispatch", "county_center"),
    ("county", "dispatch", {"unit": "water", "assistants": ["parks"]}, "dispatched", "accept", "water"),
    ("head", "accept", {}, "handling", "resolve", None),
    ("head", "assign", {"person": None}, "handling", "resolve", None),
    ("member", "contact", {"text": "已电话联系"}, "handling", "resolve", None),
    ("member", "note", {"text": "正在更换阀门", "public": True}, "handling", "resolve", None),
    ("parks_head", "assist_accept", {}, "handling", "resolve", None),
    ("parks_head", "assist_finish", {"text": "绿地已恢复"}, "handling", "resolve", None),
    (
        "member",
        "resolve",
        {"outcome": "fixed", "answer": "已修复", "evidence": "更换阀门"},
        "resolved",
        "verify",
        "lane",
    ),
    ("worker", "verify", {"done": True, "text": "现场不漏了"}, "rating", "rate", None),
    ("worker", "rate", {"speed": 5, "attitude": 4, "result": 5, "solved": True}, "closed", None, None),
)


def test_every_state_clock_event_and_notice_of_the_main_walk(stack):
    receipt = report(stack)
    number = receipt["number"]
    assert receipt["state"] == "reported"
    member = stack.sql("SELECT id FROM governance_member WHERE name = '卫经办'")[0][0]
    for who, verb, given, state, promise, told in WALK:
        given = {**given, "person": member} if verb == "assign" else given
        answer = stack.move(who, number, verb, **given)
        assert answer.status_code == 200, (verb, answer.text)
        assert answer.json()["state"] == state
        assert running(stack, number) == ({promise} if promise else set()) | beside(verb)
        if told:
            stack.wait_for(
                lambda t=told, v=verb: was_told(stack, number, v, t), f"{told} was not told of {verb}"
            )
    kinds = [
        event["kind"] for event in stack.call("county", "GET", f"tickets/{number}/events/").json()["results"]
    ]
    assert kinds == ["ticket.report", *(f"ticket.{verb}" for _, verb, *_ in WALK)]
    clocks = stack.call("county", "GET", f"tickets/{number}/clocks/").json()["results"]
    assert {clock["outcome"] for clock in clocks} == {"met"}
    assert "0 处不符" in stack.manage("verify_log", "--tenant", "alpha")


def beside(verb):
    """Further clocks after a verb: contact until the first contact, join or assist until the assistant is done."""
    contact = {"contact"} if verb in {"accept", "assign"} else set()
    part = {"assist_accept": "assist"}.get(verb, "join")
    waiting = verb in {"dispatch", "accept", "assign", "contact", "note", "assist_accept"}
    return contact | ({part} if waiting else set())


def running(stack, number):
    rows = stack.sql(
        "SELECT c.purpose FROM governance_clock c JOIN tickets_ticket t ON t.id = c.subject_id "
        "WHERE t.number = %s AND c.subject_type = 'tickets.ticket' AND c.state = 'running'",
        number,
    )
    return {row[0] for row in rows}


def was_told(stack, number, verb, unit):
    return stack.sql(
        "SELECT n.id FROM governance_notice n JOIN tickets_ticket t ON t.id = n.subject_id "
        "JOIN grids_post p ON p.member_id = n.member_id JOIN grids_unit u ON u.id = p.unit_id "
        "WHERE t.number = %s AND n.kind = %s AND u.code = %s",
        number,
        f"ticket.{verb}",
        unit,
    )


def test_a_matter_that_nobody_sorts_rises_by_itself(stack):
    number = report(stack)["number"]
    stack.sql(
        "UPDATE governance_deadline d SET "
        "due_at = now() - interval '1 minute' * (CASE d.step WHEN 'due' THEN 9 ELSE 2 END), "
        "next_attempt_at = now() - interval '1 minute' FROM tickets_ticket t "
        "WHERE t.id = d.subject_id AND t.number = %s AND d.fired_at IS NULL AND d.step IN ('due', 'escalate_1')",
        number,
    )
    stack.wait_for(lambda: state_of(stack, number) == "escalated", "the matter did not rise")
    kinds = [
        event["kind"] for event in stack.call("county", "GET", f"tickets/{number}/events/").json()["results"]
    ]
    assert kinds == ["ticket.report", "clock.breached", "clock.escalated", "ticket.rise"]
    assert running(stack, number) == {"dispatch"}
    stack.wait_for(lambda: was_told(stack, number, "rise", "east_center"), "the street was not told")


def state_of(stack, number):
    return stack.call("county", "GET", f"tickets/{number}/").json()["state"]
