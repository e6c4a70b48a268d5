"""The duty list in a dispatch: the check, admissions and proposals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from governance.errors import Conflict, Forbidden, Invalid
from governance.events.models import Event
from tests.tickets.duty_lists import published, referred, send
from tests.tickets.walks.test_statements import WRITE, counted
from tests.worlds import at
from tickets.duties import gate, proposals
from tickets.duties.actions import admissions
from tickets.intake import actions as intake
from tickets.models import Push, Ticket, WorkAdmission
from tickets.orders import actions
from tickets.orders.forms import units_for
from tickets.states import Outcome, State

pytestmark = [pytest.mark.django_db]


# -- the check of a dispatch


def check(walk, ticket, unit, helpers=()):
    """The list alone, without the levels of the five orders."""
    by = walk.actor("county")
    return gate.check_dispatch(ticket, walk.units[unit], helpers, verb="dispatch", by=by, at=at(23, 10))


def test_work_the_list_does_not_carry_is_not_sent_to_a_street(walk):
    published(walk)
    ticket = referred(walk)
    with pytest.raises(gate.PushRefused) as refused:
        send(walk, ticket, "east_office")
    assert "由水务局负责" in str(refused.value)
    assert (refused.value.code, refused.value.field) == ("push_refused", "unit")
    push = refused.value.push
    assert (push.department_id, push.onto_id) == (walk.units["water"].pk, walk.units["east_office"].pk)
    assert send(walk, ticket, "water").state == State.DISPATCHED


@pytest.mark.parametrize("unit", ["east_office", "east_center"])
def test_what_the_list_gives_the_street_passes_to_its_centre_too(walk, unit):
    published(walk)
    gone = send(walk, referred(walk, "0101"), unit)
    assert gone.duty_item.code == "2"
    facts = Event.objects.get(kind="ticket.dispatch").facts
    assert facts["item"] == "2"
    assert facts["followed"] is True
    assert "gate" not in facts


@pytest.mark.parametrize("unit", ["lane", "lane_grids"])
def test_a_community_that_only_assists_does_not_lead(walk, unit):
    published(walk)
    ticket = referred(walk, "0101")
    with pytest.raises(gate.PushRefused):
        check(walk, ticket, unit)
    assert check(walk, ticket, "east_center", [walk.units[unit]]).item_id


def test_on_the_cooperating_list_a_street_assists_but_does_not_lead(walk):
    published(walk)
    ticket = referred(walk, "0104")
    with pytest.raises(gate.PushRefused):
        send(walk, ticket, "east_office")
    send(walk, ticket, "parks", assistants=[walk.units["east_office"]])


def test_a_street_named_by_itself_is_not_any_street(walk):
    published(walk, ("7", "路灯", "基本履职", "东街道指挥中心", "", "", "0101"))
    send(walk, referred(walk, "0101"), "east_office")
    with pytest.raises(gate.PushRefused):
        send(walk, referred(walk, "0101"), "west_office")


def test_an_item_of_the_category_above_counts(walk):
    published(walk, ("7", "城乡建设", "基本履职", "街道", "", "", "01"))
    assert send(walk, referred(walk), "east_office").duty_item.code == "7"


def test_without_a_published_list_the_gate_is_open(walk):
    assert send(walk, referred(walk), "east_office").duty_item is None


def test_a_street_sends_to_its_own_units_without_a_gate(walk):
    published(walk)
    ticket = referred(walk)
    ticket = actions.VERBS["send_back"](ticket, by=walk.actor("county"), at=at(23, 9, 30), reason="请再看")
    gone = send(walk, ticket, "east_team", who="center")
    assert (gone.state, gone.duty_item.code) == (State.DISPATCHED, "1")
    assert Event.objects.get(kind="ticket.dispatch").facts["followed"] is False


@pytest.mark.parametrize("verb", ["reassign", "arbitrate"])
def test_reassigning_and_ruling_go_through_the_same_gate(walk, verb):
    published(walk)
    ticket = send(walk, referred(walk), "water")
    with pytest.raises(gate.PushRefused):
        send(walk, ticket, "east_office", verb=verb, reason="应由街道办")
    assert send(walk, ticket, "parks", verb=verb, reason="应由园林办").lead_unit == walk.units["parks"]


def test_a_category_put_right_on_the_way_is_the_one_that_counts(walk):
    published(walk)
    ticket = referred(walk, "0101")
    with pytest.raises(gate.PushRefused):
        send(walk, ticket, "east_office", category=walk.categories["leak"])
    assert send(walk, ticket, "water", category=walk.categories["leak"]).duty_item.code == "1"


def test_an_emergency_passes_and_is_counted(walk):
    published(walk)
    ticket = referred(walk)
    Ticket.objects.filter(pk=ticket.pk).update(tier="emergency")
    send(walk, ticket, "east_office")
    assert Push.objects.get().verdict == Push.Verdict.EMERGENCY
    assert Event.objects.get(kind="ticket.dispatch").facts["gate"] == "emergency"


def test_the_gate_costs_no_statement(walk):
    ticket, other = referred(walk), referred(walk)
    send(walk, referred(walk), "water", assistants=[walk.units["parks"]])
    _gone, before = counted(lambda: send(walk, ticket, "water", assistants=[walk.units["parks"]]))
    published(walk)
    send(walk, referred(walk), "water", assistants=[walk.units["parks"]])
    _gone, after = counted(lambda: send(walk, other, "water", assistants=[walk.units["parks"]]))
    assert (after, after <= WRITE) == (before, True)


# -- admissions


def asked(walk, who="head", **more):
    given = {
        "name": "汛期管道巡查",
        "category": walk.categories["leak"],
        "unit": walk.units["water"],
        "reason": "汛期人手不足",
        "valid_from": date(2026, 11, 23),
        "valid_until": date(2026, 11, 30),
        "onto_kind": "street_office",
        "budget": Decimal("20000"),
        "budget_source": "水务局防汛专项",
        **more,
    }
    return admissions.ask(admissions.Wish(**given), by=walk.actor(who), at=at(20, 9))


def test_what_is_admitted_passes_until_its_last_day_and_is_counted(walk):
    published(walk)
    admission = asked(walk)
    with pytest.raises(gate.PushRefused):
        send(walk, referred(walk), "east_office")
    admissions.approve(admission, by=walk.actor("leader"), at=at(20, 15), answer="同意")
    send(walk, referred(walk), "east_office")
    ticket = referred(walk)
    _gone, sent = counted(lambda: send(walk, ticket, "east_office"))
    assert sent <= WRITE
    push = Push.objects.get(ticket=ticket)
    assert (push.verdict, push.admission, push.department) == ("admitted", admission, walk.units["water"])
    with pytest.raises(gate.PushRefused):  # the admission covers streets, not communities
        check(walk, referred(walk), "lane")
    late = referred(walk)
    with pytest.raises(gate.PushRefused):
        dispatch = actions.VERBS["dispatch"]
        dispatch(late, by=walk.actor("county"), at=at(1, 9, month=12), unit=walk.units["east_office"])


def test_an_admission_for_units_lets_only_them_through(walk):
    published(walk)
    admission = asked(walk, onto_kind="", onto=[walk.units["east_office"]])
    admissions.approve(admission, by=walk.actor("county"), at=at(20, 15))
    assert send(walk, referred(walk), "east_center").state == State.DISPATCHED
    with pytest.raises(gate.PushRefused):
        send(walk, referred(walk), "west_office")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"onto_kind": ""}, "onto_kind"),
        ({"onto_kind": "department"}, "onto_kind"),
        ({"reason": " "}, "reason"),
        ({"budget_source": ""}, "budget_source"),
        ({"valid_until": date(2026, 11, 1)}, "valid_until"),
        ({"valid_until": date(2028, 1, 1)}, "valid_until"),
    ],
)
def test_an_admission_that_does_not_hold_names_the_field(walk, more, field):
    with pytest.raises(Invalid) as refused:
        asked(walk, **more)
    assert refused.value.field == field
    assert WorkAdmission.objects.count() == 0


def test_a_department_asks_for_itself_and_others_decide(walk):
    with pytest.raises(Forbidden):
        asked(walk, unit=walk.units["parks"])
    with pytest.raises(Forbidden):
        asked(walk, who="member")
    admission = asked(walk)
    for who in ("head", "center", "admin"):
        with pytest.raises(Forbidden):
            admissions.approve(admission, by=walk.actor(who), at=at(20, 15))
    with pytest.raises(Invalid):
        admissions.refuse(admission, by=walk.actor("leader"), at=at(20, 15), answer=" ")
    assert (
        admissions.refuse(admission, by=walk.actor("leader"), at=at(20, 15), answer="不同意").answer
        == "不同意"
    )
    with pytest.raises(Conflict):
        admissions.approve(admission, by=walk.actor("leader"), at=at(20, 16))


# -- proposals


def settled(walk, unit, days=30, **more):
    ticket = referred(walk)
    given = {"state": State.CLOSED, "outcome": Outcome.FIXED, "closed_at": at(23, 9) - timedelta(days=days)}
    Ticket.objects.filter(pk=ticket.pk).update(lead_unit=walk.units[unit], **{**given, **more})


def test_the_list_is_proposed_first_then_how_it_went_then_the_category(walk):
    published(walk)
    walk.categories["top"].duty_unit = walk.units["pipes"]
    walk.categories["top"].save()
    ticket = referred(walk)
    for unit in ("parks", "parks", "water"):
        settled(walk, unit)
    settled(walk, "parks", days=181)
    settled(walk, "parks", outcome=Outcome.CANNOT)
    proposals.propose(ticket, at(23, 10))
    found, sent = counted(lambda: proposals.propose(ticket, at(23, 10)))
    assert sent <= 2
    assert [(one.unit.code, one.source) for one in found] == [
        ("water", "duty_list"),
        ("parks", "history"),
        ("pipes", "category"),
    ]
    assert found[0].assistants == (walk.units["parks"],)
    assert found[0].why == "依据履职清单第 1 项“供水管道抢修”(上级部门收回)，《城市供水条例》第三十条"
    assert found[1].why == "近半年本街道同类 3 件，2 件由园林局办结"


def test_a_kind_of_unit_means_the_one_that_serves_the_place(walk):
    published(walk)
    found = proposals.propose(referred(walk, "0101"), at(23, 10))
    assert [one.unit.code for one in found] == ["east_center"]
    assert [unit.code for unit in found[0].assistants] == ["lane"]


def test_who_settled_the_like_elsewhere_is_not_proposed(walk):
    ticket = referred(walk, "0102")
    settled(walk, "pond")
    assert proposals.propose(ticket, at(23, 10)) == []
    settled(walk, "parks")
    assert [one.unit.code for one in proposals.propose(ticket, at(23, 10))] == ["parks"]


def test_only_what_can_be_chosen_is_proposed_and_the_own_place_stands_first(walk):
    published(walk)
    draft = intake.Draft(text="水管漏水", area=walk.areas["lane"].code, category="0102", name="钱")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = actions.VERBS["triage_major"](
        ticket, by=walk.actor("community"), at=at(23, 9, 10), reason="大事"
    )
    offered = units_for(ticket, "dispatch")
    codes = [unit.code for unit in offered]
    assert "east_center" not in codes
    assert codes.index("lane") < codes.index("pond")
    assert proposals.propose(ticket, at(23, 10), offered) == []


def test_the_unit_a_complaint_is_about_is_not_proposed(walk):
    published(walk)
    ticket = referred(walk)
    ticket.against_unit = walk.units["water"]
    assert proposals.propose(ticket, at(23, 10)) == []


# -- giving back


def test_a_return_says_by_which_item_it_is_not_ours(walk):
    published(walk)
    ticket = send(walk, referred(walk), "parks")
    give_back = actions.VERBS["return_ticket"]
    with pytest.raises(Invalid) as refused:
        give_back(ticket, by=walk.actor("parks_head"), at=at(23, 11), reason="不是我们的", duty_item="99")
    assert refused.value.field == "duty_item"
    give_back(ticket, by=walk.actor("parks_head"), at=at(23, 11), reason="不是我们的", duty_item="1")
    assert Event.objects.get(kind="ticket.return_ticket").facts["item"] == "1"
    assert ticket.remarks.get(verb="return_ticket").text == "不是我们的\n依据履职清单第 1 项“供水管道抢修”"
