"""Every offered move opens its form, in the page and as a fragment."""

import pytest

from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.states import State
from tickets.ticket import rights as ticket_rights

WHO = {
    State.REPORTED: ("community", "worker"),
    State.ESCALATED: ("center",),
    State.REFERRED: ("county",),
    State.DISPATCHED: ("head", "county"),
    State.HANDLING: ("head", "member", "county"),
    State.IN_REVIEW: ("county", "member"),
    State.RESOLVED: ("worker", "lead", "community"),
    State.RATING: ("worker",),
}


@pytest.mark.parametrize("state", WHO)
def test_every_offered_move_opens_its_form(walk, client, state):
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code, name="钱居民")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=at(21, 9)).ticket
    water, centre = walk.units["water"], walk.units["county_center"]
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state, came_from="referred", lead_unit=water, dispatched_by=centre
    )
    ticket.refresh_from_db()
    opened = 0
    for who in WHO[state]:
        client.force_login(walk.members[who].user)
        for move in ticket_rights.available(ticket, walk.actor(who)):
            address = f"/alpha/desk/tickets/{ticket.number}/?move={move.verb}"
            for headers in ({}, {"HX-Request": "true"}):
                answer = client.get(address, headers=headers)
                assert answer.status_code == 200, (who, move.verb)
                assert f"/moves/{move.verb}/" in answer.content.decode(), (who, move.verb, headers)
            opened += 1
    assert opened
