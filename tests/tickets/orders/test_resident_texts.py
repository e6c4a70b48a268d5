"""Texts to residents at the turns that need or concern them, and what counts as the first contact."""

from datetime import date

import pytest

from governance.clocks.models import Clock
from governance.events.models import Event
from governance.messages.models import Message
from tests.worlds import at
from tickets.desk.forms import PageMoveForm
from tickets.intake import actions as intake
from tickets.orders import actions, subscribers
from tickets.orders.actions import rating_links, resident_texts
from tickets.phones import actions as phones
from tickets.ticket import queries

MINOR = [("community", "triage_minor", {"reason": "能办"})]
TO_COUNTY = [("community", "triage_major", {"reason": "大"}), ("center", "refer", {"reason": "大"})]
EXTENDED = [
    *MINOR,
    ("community", "request_extension", {"days": 3, "reason": "等料"}),
    ("center", "approve_extension", {}),
]
DONE = {"outcome": "fixed", "answer": "好了", "evidence": "换了"}
TURNS = {
    "ticket.ask_resident": (
        [*MINOR, ("community", "ask_resident", {"question": "哪层？"})],
        "需要您补充情况",
    ),
    "ticket.defer": (
        [*MINOR, ("community", "defer", {"until": date(2026, 12, 9), "answer": "等"})],
        "已挂账",
    ),
    "ticket.decline": ([("community", "decline", {"refusal": "outside", "answer": "邻县"})], "不予受理"),
    "ticket.approve_extension": (EXTENDED, "办理时限已延长"),
    "ticket.reworked": (
        [*MINOR, ("community", "resolve", DONE), ("worker", "verify", {"done": False, "text": "没好"})],
        "已退回重新办理",
    ),
}


def walked(walk, moves, phone="13800001234"):
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code, name="钱", phone=phone)
    ticket = intake.report(draft, by=walk.system, at=at(23, 9)).ticket
    for who, verb, given in moves:
        ticket = actions.VERBS[verb](ticket, by=walk.actor(who), at=at(23, 10), **given)
    return ticket


@pytest.mark.parametrize("kind", sorted(TURNS))
def test_each_turn_is_texted_once_and_signed(walk, kind):
    moves, words = TURNS[kind]
    ticket = walked(walk, moves)
    for _again in range(2):
        subscribers.text_the_resident(Event.objects.get(kind=kind))
    text = Message.objects.get(kind="turn")
    assert text.text.startswith("【甲区】")
    assert (words in text.text, ticket.number in text.text) == (True, True)
    assert ("灯" in text.text, text.phone) == (False, "13800001234")


def test_without_a_telephone_nothing_is_sent_and_the_form_says_so(walk):
    ticket = walked(walk, MINOR, phone="")
    form = PageMoveForm(ticket=ticket, verb="ask_resident", by=walk.actor("community"), at=at(23, 10))
    assert "不发短信" in form.fields["question"].help_text
    walked(walk, TURNS["ticket.ask_resident"][0], phone="")
    subscribers.text_the_resident(Event.objects.get(kind="ticket.ask_resident"))
    assert not Message.objects.exists()


def test_every_text_to_a_resident_is_signed(walk):
    ticket = walked(walk, [("worker", "self_resolve", {"text": "换了灯泡"})])
    walk.tenant.settings = {"receipt_sms": True}
    ticket = actions.VERBS["verify"](ticket, by=walk.actor("colleague"), at=at(23, 11), done=True, text="亮")
    rating_links.send(ticket, queries.raters(ticket), at=at(23, 11))
    phones.send_code("13800005678", at=at(23, 11))
    texts = list(Message.objects.values_list("text", flat=True))
    assert len(texts) == 2
    assert all(text.startswith("【甲区】") for text in texts)


def contact_clock(ticket):
    return Clock.objects.get(subject_id=ticket.pk, subject_type="tickets.ticket", purpose="contact")


def test_a_question_alone_is_no_contact(walk):
    ticket = walked(walk, TURNS["ticket.ask_resident"][0])
    assert (contact_clock(ticket).state, contact_clock(ticket).outcome) == ("paused", "")
    ticket = actions.VERBS["reply"](ticket, by=walk.system, at=at(30, 10))
    assert contact_clock(ticket).state == "running"


@pytest.mark.parametrize("proof", ["answer", "text"])
def test_an_answer_or_a_text_that_was_sent_proves_the_contact(walk, proof):
    ticket = walked(walk, TURNS["ticket.ask_resident"][0])
    if proof == "text":
        subscribers.text_the_resident(Event.objects.get(kind="ticket.ask_resident"))
        assert not resident_texts.was_asked_by_text(ticket)
        text = Message.objects.get(kind="turn")
        text.end(Message.State.SENT, at(23, 10))
        text.save()
        actions.VERBS["reply"](ticket, by=walk.system, at=at(30, 10))
    else:
        actions.VERBS["reply"](ticket, by=walk.actor("community"), at=at(23, 11), text="三层")
    assert contact_clock(ticket).outcome == "met"
