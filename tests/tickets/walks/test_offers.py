"""An offered move is never refused for the one it is offered to: each is made, with what its form offers."""

from datetime import date, timedelta

import pytest
from django import forms
from django.db import transaction

from tests.tickets.walks.test_moves_table import PEOPLE, disputed
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.orders.actions.splitting import Part
from tickets.orders.forms import MoveForm
from tickets.ticket import rights

LATER = MONDAY + timedelta(hours=1)
UNTIL = date(2026, 12, 10)
WHY = {"reason": "理由"}
MINOR = [("community", "triage_minor", WHY)]
UP = [("community", "triage_major", WHY)]
TO_COUNTY = [*UP, ("center", "refer", WHY)]
SENT = [*TO_COUNTY, ("county", "dispatch", {"unit": "water", "assistants": ["parks"]})]
TAKEN = [*SENT, ("head", "accept", {})]
ALONE = [*TO_COUNTY, ("county", "dispatch", {"unit": "water"}), ("head", "accept", {})]
FIXED = {"outcome": "fixed", "answer": "好了", "evidence": "换了"}
WALKS = {
    "reported": [],
    "asked before it was sorted": [("community", "ask_resident", {"question": "哪一层？"})],
    "minor": MINOR,
    "minor, given to a team": [("community", "triage_minor", {**WHY, "unit": "lane_grids"})],
    "escalated": UP,
    "referred": TO_COUNTY,
    "taken up": [*UP, ("center", "take_up", {"unit": "east_team"})],
    "dispatched by the street": [*UP, ("center", "dispatch", {"unit": "lane"})],
    "dispatched": SENT,
    "returned": [*SENT, ("head", "return_ticket", WHY)],
    "ruling due": [*SENT, ("head", "return_ticket", WHY), *SENT[2:], ("head", "return_ticket", WHY)],
    "handling, assisted": TAKEN,
    "handling alone": ALONE,
    "transfer asked": [*ALONE, ("head", "request_transfer", WHY)],
    "extension asked": [*ALONE, ("head", "request_extension", {**WHY, "days": 3})],
    "extension asked by oneself": [*MINOR, ("community", "request_extension", {**WHY, "days": 3})],
    "deferral asked": [*ALONE, ("head", "request_deferral", {**WHY, "until": UNTIL})],
    "void asked": [*UP, ("center", "void", WHY)],
    "waits for the resident": [*MINOR, ("community", "ask_resident", {"question": "哪一层？"})],
    "deferred": [*MINOR, ("community", "defer", {"until": UNTIL, "answer": "等材料"})],
    "divided": [("community", "split", {**WHY, "parts": [Part(text="一"), Part(text="二")]})],
    "in review": [*ALONE, ("head", "resolve", {**FIXED, "outcome": "explained"})],
    "resolved": [*ALONE, ("head", "resolve", FIXED)],
    "resolved nearby": [*MINOR, ("community", "resolve", FIXED)],
    "solved on the spot": [("worker", "self_resolve", {"text": "换了灯泡"})],
    "rating": [
        ("worker", "self_resolve", {"text": "换了灯泡"}),
        ("colleague", "verify", {"done": True, "text": "亮"}),
    ],
    "closed": [("community", "decline", {"refusal": "outside", "answer": "请找邻县"})],
    "supervised": [*MINOR, ("center", "supervise", {"text": "请抓紧"})],
}


def walked(walk, moves):
    draft = intake.Draft(
        text="楼道灯不亮", area=walk.areas["lane_building"].code, name="钱", phone="13800001234"
    )
    ticket = intake.report(draft, by=walk.system, at=MONDAY).ticket
    for who, verb, given in moves:
        more = dict(given)
        if "unit" in more:
            more["unit"] = walk.units[more["unit"]]
        if "assistants" in more:
            more["assistants"] = [walk.units[name] for name in more["assistants"]]
        ticket = actions.VERBS[verb](ticket, by=walk.actor(who), at=MONDAY, **more)
    return ticket


SAID = {
    "parts": "一\n二",
    "until": UNTIL.isoformat(),
    "days": "2",
    "held_at": "2026-11-23T08:00",
    "signed_on": "2026-11-20",
    "due_on": "2026-12-10",
    "outcome": "explained",
}


def filled(form, other):
    """Data for a form: what it offers first, and some text where it asks for words."""
    data = {"expected": form.ticket.state}
    for name, field in form.fields.items():
        if name in SAID:
            data[name] = SAID[name]
        elif name == "into":
            data[name] = other.number
        elif isinstance(field, forms.ModelChoiceField):
            first = field.queryset.first()
            data[name] = first and getattr(first, field.to_field_name or "pk")
            if isinstance(field, forms.ModelMultipleChoiceField):
                data[name] = [data[name]] if name == "units" else []
        elif isinstance(field, forms.ChoiceField):
            data[name] = field.choices[0][0]
        elif isinstance(field, forms.CharField) and name not in {"expected", "duty_item"}:
            data[name] = "说明"
    return {name: value for name, value in data.items() if value not in (None, "")}


@pytest.mark.parametrize("standing", sorted(WALKS))
def test_every_offered_move_can_be_made(walk, standing):
    ticket = walked(walk, WALKS[standing])
    other = intake.report(
        intake.Draft(text="另一件", area=walk.areas["lane"].code), by=walk.system, at=MONDAY
    ).ticket
    made = 0
    for name in sorted({*PEOPLE.values(), "colleague", "team"}):
        by = walk.actor(name)
        for move in rights.available(ticket, by, rights.RuleFacts(ticket, at=LATER)):
            asked = MoveForm(ticket=ticket, verb=move.verb, by=by, at=LATER)
            form = MoveForm(filled(asked, other), ticket=ticket, verb=move.verb, by=by, at=LATER)
            assert form.is_valid(), (name, move.verb, form.errors)
            with transaction.atomic():
                actions.VERBS[move.verb](ticket, by=by, at=LATER, **form.given())
                transaction.set_rollback(True)
            ticket.refresh_from_db()
            made += 1
    assert made or standing == "closed"


def test_who_handled_a_matter_is_told_that_another_verifies(walk):
    ticket = walked(walk, WALKS["resolved nearby"])
    moves, withheld = rights.offers(ticket, walk.actor("community"))
    assert "verify" not in {move.verb for move in moves}
    assert withheld == ["您是办理人，须由他人核实"]
    assert "verify" in {move.verb for move in rights.available(ticket, walk.actor("worker"))}


def test_a_dispute_is_mediated_and_signed_by_what_is_offered(walk):
    category = disputed(walk)
    ticket = walked(walk, MINOR)
    ticket.category = category
    ticket.save(update_fields=["category"])
    assert {"mediate", "sign"} <= {m.verb for m in rights.available(ticket, walk.actor("community"))}
