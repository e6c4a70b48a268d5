"""Complaints about a county centre, a street and a community, from the report to the rating."""

import pytest

from governance.errors import Forbidden, Invalid
from tests.hardening.accusing import complaint
from tests.worlds import at
from tickets.models import Ticket
from tickets.orders import actions
from tickets.states import State
from tickets.ticket import rights as ticket_rights
from tickets.ticket import unmasking
from tickets.today import queries as today

pytestmark = [pytest.mark.django_db]


def test_a_complaint_about_the_county_centre_walks_to_the_end_with_a_leader(walk):
    """The leader dispatches, decides requests and reviews; nobody of the centre has a part in it."""
    ticket = complaint(walk, "county_center")
    assert ticket.state == State.REFERRED
    leader, water = walk.actor("leader"), walk.actor("head")
    assert Ticket.objects.visible_to(leader).filter(pk=ticket.pk).exists()
    assert ticket.number in {row["number"] for row in today.rows(leader, at(23, 10))}
    move = actions.VERBS
    ticket = move["dispatch"](ticket, by=leader, at=at(23, 10), unit=walk.units["water"])
    ticket = move["accept"](ticket, by=water, at=at(23, 11))
    ticket = move["request_extension"](ticket, by=water, at=at(23, 12), days=3, reason="要查")
    ticket = move["approve_extension"](ticket, by=leader, at=at(23, 13))
    given = {"outcome": "explained", "answer": "已说明", "evidence": "谈话记录"}
    ticket = move["resolve"](ticket, by=water, at=at(23, 14), **given)
    assert ticket.state == State.IN_REVIEW
    ticket = move["approve_closing"](ticket, by=leader, at=at(23, 15))
    assert ticket.state in {State.RESOLVED, State.RATING}
    reporter = ticket.reporters.get()
    assert unmasking.unmask(ticket, reporter.pk, by=leader, at=at(23, 16), reason="回访").name == "钱居民"
    with pytest.raises(Forbidden):
        ticket_rights.check(ticket, "void", by=walk.actor("county"))


@pytest.mark.parametrize("accused", ["east_office", "east_center"])
def test_a_complaint_about_a_street_is_the_countys_to_the_end(walk, accused):
    """The office, the command centre and the communities of the street have no part in it."""
    ticket = complaint(walk, accused)
    assert ticket.state == State.REFERRED
    for name in ("center", "street", "community", "worker", "lead"):
        assert not Ticket.objects.visible_to(walk.actor(name)).filter(pk=ticket.pk).exists(), name
    county, water, move = walk.actor("county"), walk.actor("head"), actions.VERBS
    for unit in ("east_office", "east_center", "lane"):
        with pytest.raises((Invalid, Forbidden)):
            move["dispatch"](ticket, by=county, at=at(23, 10), unit=walk.units[unit])
    ticket = move["dispatch"](ticket, by=county, at=at(23, 10), unit=walk.units["water"])
    ticket = move["accept"](ticket, by=water, at=at(23, 11))
    ticket = move["contact"](ticket, by=water, at=at(23, 12), text="已联系")
    given = {"outcome": "fixed", "answer": "已改正", "evidence": "谈话记录"}
    ticket = move["resolve"](ticket, by=water, at=at(23, 14), **given)
    if ticket.state == State.RESOLVED:
        for name in ("center", "community", "worker"):
            with pytest.raises(Forbidden):
                ticket_rights.check(ticket, "verify", by=walk.actor(name))
        ticket = move["verify"](ticket, by=county, at=at(23, 15), done=True, text="属实")
    assert ticket.state == State.RATING


def test_a_complaint_about_a_community_stays_with_its_street(walk):
    ticket = complaint(walk, "lane")
    assert ticket.state == State.ESCALATED
    assert Ticket.objects.visible_to(walk.actor("center")).filter(pk=ticket.pk).exists()
