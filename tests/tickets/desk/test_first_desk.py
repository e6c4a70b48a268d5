"""The first desk: whose duty it is, a category from the words, and a minor matter without a reason."""

import pytest

from governance.tenancy import config
from tests.tickets.duty_lists import published
from tests.worlds import at
from tickets.catalog.tree import proposed
from tickets.desk.forms import PageMoveForm
from tickets.intake import actions as intake
from tickets.models import Category
from tickets.orders import actions
from tickets.states import State


def report(walk, text, **more):
    draft = intake.Draft(text=text, area=walk.areas["lane_building"].code, **more)
    return intake.report(draft, by=walk.system, at=at(23, 9)).ticket


def form(walk, ticket, verb, who="community"):
    return PageMoveForm(ticket=ticket, verb=verb, by=walk.actor(who), at=at(23, 10))


def test_the_first_desk_reads_that_the_list_gives_it_to_a_department(walk):
    published(walk)
    ticket = report(walk, "水管漏水", category="0102")
    assert form(walk, ticket, "triage_minor").hint == "清单属水务局，请按大事上报"
    ticket = actions.VERBS["triage_major"](ticket, by=walk.actor("community"), at=at(23, 10), reason="大")
    for verb in ("dispatch", "take_up"):
        assert form(walk, ticket, verb, "center").hint == "清单属水务局，请上报区县", verb
    ticket = actions.VERBS["refer"](ticket, by=walk.actor("center"), at=at(23, 10), reason="大")
    found = form(walk, ticket, "dispatch", "county")
    assert (found.hint, found.initial["unit"]) == ("", "water")
    assert form(walk, report(walk, "灯不亮", category="0101"), "triage_minor").hint == ""


def test_the_hint_is_on_the_page_before_sending(walk, client):
    published(walk)
    number = report(walk, "水管漏水", category="0102").number
    client.force_login(walk.members["community"].user)
    page = client.get(f"/alpha/desk/tickets/{number}/?move=triage_minor").content.decode()
    assert "清单属水务局，请按大事上报" in page


@pytest.mark.parametrize(
    ("text", "code"),
    [("三单元门口路灯不亮", "0101"), ("供水管道漏水", "0102"), ("供水管漏了", "0102"), ("有人吵架", None)],
)
def test_a_category_is_proposed_from_the_words_and_confirmed_by_sending(walk, text, code):
    node = proposed(text)
    assert (node and node.code) == code
    ticket = report(walk, text)
    sort = form(walk, ticket, "triage_minor")
    assert sort.initial.get("category") == code
    if code:
        given = {"expected": ticket.state, "category": sort.initial["category"]}
        sent = PageMoveForm(
            given, ticket=ticket, verb="triage_minor", by=walk.actor("community"), at=at(23, 10)
        )
        assert sent.is_valid(), sent.errors
        done = actions.VERBS["triage_minor"](
            ticket, by=walk.actor("community"), at=at(23, 10), **sent.given()
        )
        assert (done.state, done.category.code) == (State.HANDLING, code)


def test_a_complaint_about_an_office_gets_a_category_of_complaints(walk):
    Category.objects.create(code="0901", name="工作作风", level=2, matter="complaint")
    config.changed(walk.tenant)
    ticket = report(walk, "居委会不理人", against="lane")
    assert form(walk, ticket, "dispatch", "center").initial["category"] == "0901"


def test_a_minor_matter_needs_no_reason(walk):
    ticket = actions.VERBS["triage_minor"](report(walk, "灯不亮"), by=walk.actor("community"), at=at(23, 10))
    assert ticket.state == State.HANDLING
    assert not ticket.remarks.exists()
