"""Regressions: members who saw or did more than they may."""

import pytest
from django.utils import timezone

from governance.access.actors import Actor
from governance.errors import Conflict, IllegalMove, Invalid
from governance.tenancy.scope import scope
from tests.worlds import at
from tickets.desk.page import ticket_page
from tickets.intake import actions as intake
from tickets.lists.filters import filters_for
from tickets.models import Ticket, TicketGroupObjectPermission
from tickets.orders import actions
from tickets.orders.actions import merging, splitting
from tickets.privacy.actions import requests as privacy
from tickets.states import State
from tickets.ticket import rights, sharing

pytestmark = pytest.mark.django_db


def report(world, by="clerk", **more):
    given = {"text": "路灯不亮,我姓钱", "area": world.areas["lane_building"].code, **more}
    return intake.report(intake.Draft(**given), by=world.actor(by), at=at(23, 9))


def reporter_actor(world, reporter):
    return Actor(kind="reporter", tenant_id=world.tenant.pk, reporter_id=reporter.pk)


def test_a_known_telephone_hands_nobody_the_code_of_who_reported(walk):
    receipt = report(walk, name="钱居民", phone="13800001234")
    other = merging.follow(receipt.ticket, by=walk.system, at=at(23, 10), phone="13800001234")
    assert (other.pk == receipt.reporter.pk, other.code == receipt.reporter.code) == (False, False)
    assert other.phone == ""


def test_a_follower_cannot_take_back_what_staff_found(walk):
    ticket = report(walk, by="worker", channel="grid").ticket
    stranger = merging.follow(ticket, by=walk.system, at=at(23, 10))
    by = reporter_actor(walk, stranger)
    ticket = actions.VERBS["withdraw"](ticket, by=by, at=at(23, 11), reason="不要了")
    assert ticket.state == State.REPORTED


@pytest.mark.parametrize("verb", ["dispatch", "arbitrate"])
def test_who_a_complaint_is_about_does_not_assist_with_it(walk, verb):
    accused = "lane" if verb == "dispatch" else "east_office"
    ticket = report(walk, private=True, against=accused).ticket
    who, more = ("center", {}) if verb == "dispatch" else ("county", {"reason": "请配合"})
    with pytest.raises(Invalid) as refusal:
        actions.VERBS[verb](
            ticket,
            by=walk.actor(who),
            at=at(23, 10),
            unit=walk.units["east_team" if verb == "dispatch" else "water"],
            assistants=[walk.units[accused]],
            **more,
        )
    assert (refusal.value.code, refusal.value.field) == ("against_it", "assistants")


def test_a_complaint_is_not_sent_back_to_the_unit_it_is_about(walk):
    ticket = report(walk, private=True, against="lane").ticket
    assert (ticket.state, ticket.matter) == (State.ESCALATED, "complaint")
    assert "send_back" not in {move.verb for move in rights.available(ticket, walk.actor("center"))}
    with pytest.raises(IllegalMove) as refused:
        actions.VERBS["send_back"](ticket, by=walk.actor("center"), at=at(23, 10), reason="请社区办")
    assert refused.value.code == "against_it"


def test_a_matter_about_an_office_keeps_the_type_that_was_chosen(walk):
    assert report(walk, against="lane", matter="accusation").ticket.matter == "accusation"


def test_a_complaint_about_a_unit_is_private_and_found_by_it_nowhere(walk):
    ticket = report(walk, against="lane").ticket
    assert ticket.private
    for who in ("community", "worker", "lead"):
        assert not Ticket.objects.visible_to(walk.actor(who)).filter(pk=ticket.pk).exists(), who


def test_a_complaint_is_merged_only_with_one_about_the_same_unit(walk):
    complaint = report(walk, against="lane").ticket
    ordinary = report(walk, private=True).ticket
    with pytest.raises(Invalid):
        actions.VERBS["merge"](
            complaint, by=walk.actor("center"), at=at(23, 10), into=ordinary, reason="同一件"
        )


def test_a_follower_who_asks_for_deletion_takes_only_their_own_contact_away(walk):
    ticket = report(walk, by="worker", channel="grid").ticket
    follower = merging.follow(ticket, by=walk.system, at=at(23, 10), name="李四", phone="13900001234")
    actions.VERBS["decline"](
        ticket, by=walk.actor("community"), at=at(23, 11), refusal="outside", answer="不在辖区"
    )
    made = privacy.ask(follower, "delete", by=walk.system, at=at(23, 12))
    privacy.grant(made.pk, by=walk.actor("county"), at=at(24, 9))
    follower.refresh_from_db()
    assert follower.phone == ""
    assert "路灯" in Ticket.objects.get(pk=ticket.pk).text


def test_the_promise_shown_is_the_promise_that_runs(walk):
    ticket = report(walk, name="钱居民", phone="13800001234").ticket
    lead = walk.actor("community")
    ticket = actions.VERBS["triage_minor"](ticket, by=lead, at=at(23, 10), reason="换灯泡")
    first = ticket.promised_at
    ticket = actions.VERBS["ask_resident"](ticket, by=lead, at=at(23, 11), question="哪一盏?")
    ticket = actions.VERBS["reply"](ticket, by=walk.actor("clerk"), at=at(26, 11), text="门口那盏")
    assert ticket.promised_at > first
    assert ticket.promised_at == ticket.due_at


def test_parts_that_were_worked_on_are_not_made_void(walk):
    ticket = report(walk).ticket
    by = walk.actor("community")
    parts = [splitting.Part(text="甲"), splitting.Part(text="乙")]
    ticket = actions.VERBS["split"](ticket, by=by, at=at(23, 10), parts=parts, reason="两件")
    part = ticket.parts.order_by("id").first()
    actions.VERBS["decline"](part, by=by, at=at(23, 11), refusal="outside", answer="不在辖区")
    with pytest.raises(Conflict):
        actions.VERBS["unite"](ticket, by=by, at=at(23, 12), reason="合回")


def test_a_follower_reads_the_course_and_not_the_words_of_who_reported(world, client):
    with scope(world.tenant):
        ticket = report(world, category="0101").ticket
        follower = merging.follow(ticket, by=world.system, at=at(23, 10))
        keys = {"number": ticket.number, "code": follower.code}
    page = client.get("/alpha/track/", keys).content.decode()
    assert ticket.number in page
    assert "我姓钱" not in page
    with scope(world.tenant):
        follower.left_at = at(23, 11)
        follower.save(update_fields=["left_at"])
    assert client.post("/alpha/track/withdraw/", {**keys, "text": "不要了"}).status_code == 404


def test_a_department_sees_of_a_split_sheet_its_own_part_alone(walk):
    ticket = report(walk).ticket
    by = walk.actor("community")
    parts = [splitting.Part(text="甲处漏水"), splitting.Part(text="乙家纠纷")]
    ticket = actions.VERBS["split"](ticket, by=by, at=at(23, 10), parts=parts, reason="两件")
    assert len(ticket_page(by, ticket.number, at(23, 11)).ticket.pieces) == 2
    water = walk.actor("head")
    TicketGroupObjectPermission.objects.create(
        content_object=ticket,
        group_id=walk.units["water"].group_id,
        permission_id=sharing.share_permission(),
    )
    assert ticket_page(water, ticket.number, at(23, 11)).ticket.pieces == []


def test_who_is_under_the_unit_complained_about_reads_sealed_everywhere(world, client):
    """A section of the department complained about sees nothing and finds no ticket by telephone."""
    with scope(world.tenant):
        now = timezone.now()
        draft = intake.Draft(
            text="水务局推诿",
            area=world.areas["lane_building"].code,
            against="water",
            name="钱居民",
            phone="13800001234",
        )
        ticket = intake.report(draft, by=world.system, at=now).ticket
        section = world.actor("member", now)
        assert ticket.against_unit_id in section.unit_ids
        TicketGroupObjectPermission.objects.create(
            content_object=ticket,
            group_id=world.units["water"].group_id,
            permission_id=sharing.share_permission(),
        )
        assert ticket_page(section, ticket.number, now) is None
        assert not hasattr(filters_for({"q": "13800001234"}, section), "ids")
        county = world.actor("county", now)
        assert ticket_page(county, ticket.number, now).reporters
        assert filters_for({"q": "13800001234"}, county).ids == (ticket.pk,)
