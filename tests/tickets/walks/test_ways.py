"""Regressions: dead ends and unwanted visibility."""

import pytest

from governance.clocks.models import Clock
from governance.errors import Forbidden, Invalid
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import assisting, dispatching, handling, judging, rating_links, triage
from tickets.states import State
from tickets.ticket import photos
from tickets.ticket import rights as ticket_rights

SOLVED = {"outcome": "fixed", "answer": "已办好", "evidence": "现场处理"}


def reported(walk, area="lane_building", by="clerk", **more):
    code = walk.areas[area].code if area else ""
    draft = intake.Draft(**{"text": "灯不亮", "area": code, **more})
    return intake.report(draft, by=walk.actor(by), at=at(23, 9))


def test_a_matter_without_a_place_is_verified_by_who_holds_it(walk):
    ticket = reported(walk, area="", name="钱居民", phone="13800001234").ticket
    assert ticket.state == State.REFERRED
    ticket = dispatching.dispatch(ticket, by=walk.actor("county"), at=at(23, 10), unit=walk.units["water"])
    ticket = dispatching.accept(ticket, by=walk.actor("head"), at=at(23, 11))
    ticket = handling.resolve(ticket, by=walk.actor("member"), at=at(24, 10), **SOLVED)
    assert ticket.holder_unit_id == walk.units["county_center"].pk
    with pytest.raises(Forbidden):
        judging.verify(ticket, by=walk.actor("center"), at=at(24, 11), done=True, text="好了")
    ticket = judging.verify(ticket, by=walk.actor("county"), at=at(24, 11), done=True, text="好了")
    assert ticket.state == State.RATING


def test_a_place_is_given_on_the_way_back_or_out(walk):
    ticket = reported(walk, area="").ticket
    with pytest.raises(Invalid) as refusal:
        triage.send_back(ticket, by=walk.actor("county"), at=at(23, 10), reason="请社区先办")
    assert refusal.value.field == "area"
    lane = walk.areas["lane"]
    ticket = triage.send_back(ticket, by=walk.actor("county"), at=at(23, 10), reason="请先办", area=lane)
    assert (ticket.state, ticket.area_path) == (State.ESCALATED, lane.path)
    assert ticket.holder_unit_id == walk.units["east_center"].pk


def test_a_find_that_was_not_mended_can_go_up(walk):
    receipt = reported(walk, by="worker", name="钱居民", phone="13800001234", channel="grid")
    ticket = triage.self_resolve(receipt.ticket, by=walk.actor("worker"), at=at(23, 10), text="换了灯泡")
    ticket = judging.verify(ticket, by=walk.actor("lead"), at=at(23, 11), done=False, text="还不亮")
    offered = {move.verb for move in ticket_rights.available(ticket, walk.actor("worker"))}
    assert "upgrade" in offered


def test_an_unnamed_resident_judges_too(walk):
    receipt = intake.report(
        intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code, anonymous=True),
        by=walk.actor("clerk"),
        at=at(23, 9),
    )
    ticket = triage.self_resolve(receipt.ticket, by=walk.actor("worker"), at=at(23, 10), text="换了灯泡")
    assert ticket.state == State.RESOLVED
    ticket = judging.verify(ticket, by=walk.actor("lead"), at=at(23, 11), done=True, text="亮了")
    link = rating_links.of_token(rating_links.token_of(receipt.reporter, 0))
    stars = judging.Stars(speed=5, attitude=5, result=5, solved=True)
    assert judging.rate_by_link(link, stars, at=at(23, 12)).state == State.CLOSED


def dispatched(walk, **more):
    ticket = reported(walk, name="钱居民", phone="13800001234", **more).ticket
    ticket = triage.triage_major(ticket, by=walk.actor("community"), at=at(23, 10), reason="大事")
    ticket = dispatching.refer(ticket, by=walk.actor("center"), at=at(23, 10), reason="部门")
    return dispatching.dispatch(
        ticket,
        by=walk.actor("county"),
        at=at(23, 10),
        unit=walk.units["water"],
        assistants=[walk.units["parks"]],
    )


def waive_parks(walk, ticket, when):
    parks = walk.units["parks"]
    return assisting.assist_waive(
        ticket, by=walk.actor("member"), at=when, assistant=parks, reason="不需要配合"
    )


def seen_by(walk, name, ticket):
    return Ticket.objects.visible_to(walk.actor(name)).filter(pk=ticket.pk).exists()


def test_who_keeps_the_settings_sees_no_ticket(walk):
    ticket = reported(walk, area="", private=True).ticket
    assert not seen_by(walk, "admin", ticket)
    assert not seen_by(walk, "clerk", ticket)
    assert seen_by(walk, "county", ticket)


def test_a_unit_that_returned_a_matter_sees_it_no_longer(walk):
    ticket = dispatched(walk, private=True)
    assert seen_by(walk, "head", ticket)
    assert seen_by(walk, "parks_head", ticket)
    ticket = dispatching.return_ticket(ticket, by=walk.actor("head"), at=at(23, 11), reason="不属本单位")
    assert not seen_by(walk, "head", ticket)
    assert not seen_by(walk, "parks_head", ticket)


def test_who_dispatched_gives_it_to_another_unit(walk):
    ticket = dispatched(walk)
    with pytest.raises(Invalid):
        dispatching.reassign(
            ticket, by=walk.actor("county"), at=at(23, 11), unit=walk.units["water"], reason="再派一次"
        )
    with pytest.raises(Forbidden):
        dispatching.reassign(
            ticket, by=walk.actor("center"), at=at(23, 11), unit=walk.units["parks"], reason="改派"
        )
    ticket = dispatching.reassign(
        ticket, by=walk.actor("county"), at=at(23, 11), unit=walk.units["parks"], reason="属园林职责"
    )
    assert (ticket.state, ticket.lead_unit_id) == (State.DISPATCHED, walk.units["parks"].pk)
    assert not seen_by(walk, "head", ticket)
    assert dispatching.accept(ticket, by=walk.actor("parks_head"), at=at(23, 14)).state == State.HANDLING


def test_a_review_that_is_refused_asks_for_no_second_contact(walk):
    ticket = dispatching.accept(dispatched(walk), by=walk.actor("head"), at=at(23, 11))
    ticket = handling.contact(ticket, by=walk.actor("member"), at=at(23, 14), text="已联系")
    ticket = waive_parks(walk, ticket, at(23, 14))
    ticket = handling.resolve(
        ticket, by=walk.actor("member"), at=at(23, 15), outcome="cannot", answer="暂时无法解决"
    )
    ticket = handling.refuse_closing(ticket, by=walk.actor("county"), at=at(23, 16), reason="依据不足")
    running = Clock.objects.filter(subject_id=ticket.pk, state="running").values_list("purpose", flat=True)
    assert set(running) == {"resolve"}


@pytest.mark.parametrize("name", ["leader", "admin", "pond_community"])
def test_only_who_works_on_it_adds_evidence(walk, name):
    ticket = dispatching.accept(dispatched(walk), by=walk.actor("head"), at=at(23, 11))
    with pytest.raises(Forbidden):
        photos.allow_adding(ticket, "evidence", walk.actor(name))
    for name in ("member", "parks_head"):  # the lead unit and an assistant
        photos.allow_adding(ticket, "evidence", walk.actor(name))


def test_half_a_coordinate_is_no_place(walk):
    with pytest.raises(Invalid) as refusal:
        reported(walk, lat="37.4")
    assert refusal.value.field == "lng"


def test_what_had_been_merged_before_comes_back_with_what_took_it_in(walk):
    by = walk.actor("community")
    lamp, again, once_more, whole = (reported(walk).ticket for _n in range(4))
    merge = actions.VERBS["merge"]
    merge(once_more, by=by, at=at(23, 10), into=again, reason="同一盏")
    merge(again, by=by, at=at(23, 10, 1), into=lamp, reason="同一盏")
    merge(lamp, by=by, at=at(23, 10, 2), into=whole, reason="同一路段")
    other = reported(walk).ticket
    merge(other, by=by, at=at(23, 10, 3), into=whole, reason="同一路段")
    lamp.refresh_from_db()
    actions.VERBS["unmerge"](lamp, by=by, at=at(23, 10, 4), reason="另一处")
    where = dict(Ticket.objects.values_list("pk", "merged_into_id"))
    assert (where[again.pk], where[once_more.pk]) == (lamp.pk, lamp.pk)
    assert (where[other.pk], where[lamp.pk]) == (whole.pk, None)
