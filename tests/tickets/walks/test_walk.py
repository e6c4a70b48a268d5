"""The main course of a ticket, by actions alone."""

from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders.actions import dispatching, handling, judging, triage
from tickets.states import State


def test_a_ticket_goes_from_report_to_stars(walk):
    draft = intake.Draft(
        text="三单元楼道灯不亮", area=walk.areas["lane_building"].code, name="钱居民", phone="13800001234"
    )
    receipt = intake.report(draft, by=walk.actor("community"), at=at(23, 9))
    ticket = receipt.ticket
    assert (ticket.state, ticket.number) == (State.REPORTED, "ALPH-20261123-0001")
    assert ticket.due_at == at(23, 11)
    ticket = triage.triage_major(ticket, by=walk.actor("community"), at=at(23, 10), reason="需要部门")
    ticket = dispatching.refer(ticket, by=walk.actor("center"), at=at(23, 10, 10), reason="街道无权")
    ticket = dispatching.dispatch(
        ticket, by=walk.actor("county"), at=at(23, 10, 20), unit=walk.units["water"]
    )
    ticket = dispatching.accept(ticket, by=walk.actor("head"), at=at(23, 10, 30))
    ticket = dispatching.assign(
        ticket, by=walk.actor("head"), at=at(23, 10, 40), person=walk.members["member"]
    )
    ticket = handling.resolve(
        ticket, by=walk.actor("member"), at=at(24, 10), outcome="fixed", answer="已修好", evidence="更换灯泡"
    )
    assert ticket.state == State.RESOLVED
    ticket = judging.verify(ticket, by=walk.actor("worker"), at=at(24, 11), done=True, text="灯亮了")
    assert ticket.state == State.RATING
    from tickets.orders.actions import rating_links

    link = rating_links.of_token(rating_links.token_of(receipt.reporter, 0))
    ticket = judging.rate_by_link(
        link, judging.Stars(speed=5, attitude=5, result=4, solved=True), at=at(24, 12)
    )
    assert ticket.state == State.CLOSED
    assert Ticket.objects.get().outcome == "fixed"
