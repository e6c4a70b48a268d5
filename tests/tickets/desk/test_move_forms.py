"""Every offered move opens its form, in the page and as a fragment."""

import pytest

from tests.tickets.matters import DESK, TO_RATING, walked
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
        state=state,
        came_from="referred",
        lead_unit=water,
        dispatched_by=centre,
        promised_at=at(31, 9, month=12),
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


def test_a_refusal_is_shown_in_the_form_with_the_typed_text(world, as_):
    number = walked(world, *TO_RATING[:2]).ticket.number
    page = as_("community").get(f"{DESK}tickets/{number}/").content.decode()
    assert "由他人核实" in page
    assert "?move=verify" not in page
    given = {"expected": "resolved", "done": "true", "text": "我自己看过了"}
    answer = as_("community").post(f"{DESK}tickets/{number}/moves/verify/", given)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert page.count("由他人核实") == 2
    assert ("我自己看过了" in page, number in page) == (True, True)
