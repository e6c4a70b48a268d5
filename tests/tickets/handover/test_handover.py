"""Handover (工作交接): everything of the leaving member goes to the successor."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.access.models import Member, User
from governance.errors import Forbidden, Invalid
from governance.events import notice_texts
from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from grids.models import DutyShift, Leave, Post
from grids.people import actions as people_actions
from grids.people import records as people
from grids.roster import actions as roster
from grids.tree import local_day
from tests.pages import folded
from tests.tickets.walks.test_statements import draft
from tests.worlds import SINCE, at
from tickets.handover import actions as handover
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions, subscribers

URL = "/alpha/desk/settings/handover/"
NOON = at(23, 12)


@pytest.fixture
def laden(walk):
    """Give 卫经办 two assigned tickets, a coming shift, and the deputyship of the head."""
    for _n in range(2):
        ticket = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
        for who, verb, given in (
            ("community", "triage_major", {"reason": "社区无力解决"}),
            ("center", "refer", {"reason": "需要水务部门"}),
            ("county", "dispatch", {"unit": walk.units["water"]}),
            ("head", "accept", {}),
            ("head", "assign", {"person": walk.members["member"]}),
        ):
            ticket = actions.VERBS[verb](ticket, by=walk.actor(who), at=at(23, 10), **given)
        assert ticket.lead_member_id == walk.members["member"].pk
    span = {"starts_at": at(24, 18), "ends_at": at(25, 8), "by": walk.actor("admin"), "at": NOON}
    roster.plan_shift(walk.units["water"], walk.members["member"], **span)
    away = {"starts_at": at(26, 8), "ends_at": at(27, 18), "by": walk.actor("head"), "at": NOON}
    roster.take_leave(walk.members["head"], deputy=walk.members["member"], **away)
    return walk


def give(walk, to="parks_head", by="admin", **more):
    who = walk.members["member"]
    return handover.hand_over(who, walk.members[to], by=walk.actor(by), at=NOON, **more)


def test_everything_goes_over_and_each_is_written_down(laden):
    old, new = laden.members["member"], laden.members["parks_head"]
    assert give(laden) == {"tickets": 2, "posts": 1, "shifts": 1, "stands_in": 1}
    assert set(Ticket.objects.values_list("lead_member_id", flat=True)) == {new.pk}
    assert Event.objects.filter(kind="ticket.handed_over", facts__member=new.pk).count() == 2
    assert Post.objects.filter(
        member=new, unit=laden.units["water"], role="unit_member", valid_to=None
    ).exists()
    assert Post.objects.get(member=old).valid_to == NOON.date()
    assert DutyShift.objects.get().member_id == new.pk
    assert Leave.objects.get().deputy_id == new.pk
    assert handover.load_of(old, NOON + timedelta(days=1)).counts == dict.fromkeys(
        ("tickets", "posts", "shifts", "stands_in"), 0
    )
    old.refresh_from_db()
    assert old.active


def test_the_successor_is_told_once_and_the_moves_are_theirs(laden):
    give(laden, leaves=True)
    new = laden.members["parks_head"]
    (notice,) = Notice.objects.filter(member=new, kind=handover.HANDED)
    (told,) = notice_texts.told([notice], laden.actor("parks_head"), NOON)
    assert told.line.what == "工作交接给您：在办工单 2 件，岗位 1 个，值班 1 班"
    laden.members["member"].refresh_from_db()
    assert not laden.members["member"].active
    ticket = Ticket.objects.first()
    given = {"outcome": "fixed", "answer": "已修", "evidence": "换阀门"}
    actions.VERBS["resolve"](ticket, by=laden.actor("parks_head", NOON), at=NOON, **given)


def test_a_shift_that_the_successor_has_already_is_not_doubled(laden):
    span = {"starts_at": at(24, 20), "ends_at": at(25, 6), "by": laden.actor("admin"), "at": NOON}
    roster.plan_shift(laden.units["parks"], laden.members["parks_head"], **span)
    give(laden)
    assert DutyShift.objects.get().unit_id == laden.units["parks"].pk


def test_who_was_stood_in_for_gets_no_deputy_of_their_own(laden):
    give(laden, to="head")
    assert Leave.objects.get().deputy_id is None
    posts = Post.objects.filter(member=laden.members["head"], unit=laden.units["water"], valid_to=None)
    assert set(posts.values_list("role", flat=True)) == {"unit_head", "unit_member"}


def test_only_who_keeps_the_people_hands_over_and_never_to_the_same_person(laden):
    with pytest.raises(Forbidden):
        give(laden, by="head")
    with pytest.raises(Invalid) as refusal:
        give(laden, to="member")
    assert refusal.value.field == "successor"
    assert set(Ticket.objects.values_list("lead_member_id", flat=True)) == {laden.members["member"].pk}


def test_the_page_shows_what_there_is_and_does_it(world, as_):
    client, member = as_("admin"), world.members["member"]
    assert "卫经办" in client.get(URL).content.decode()
    page = client.get(f"{URL}?member={member.pk}").content.decode()
    assert "卫经办名下的工作" in page
    assert client.post(URL, {"member": member.pk}).status_code == 400
    done = client.post(
        URL, {"member": member.pk, "successor": world.members["parks_head"].pk}, follow=True
    ).content.decode()
    assert "已交接给" in done
    with scope(world.tenant):
        assert Post.objects.filter(member=world.members["parks_head"], unit=world.units["water"]).exists()
    assert client.get(URL + "?member=9999999").status_code == 404
    assert client.get(URL + "?member=x").status_code == 404
    assert as_("head").get(URL).status_code == 403


def test_grids_of_both_are_covered_where_the_successor_has_the_post_already(walk):
    pond, by = walk.areas["pond_grid"], walk.actor("admin")
    unit, member = walk.units["lane_grids"], walk.members["nobody"]
    people_actions.post_person(
        member, unit, "grid_worker", since=at(20, 0).date(), areas=[pond], by=walk.system, at=NOON
    )
    handover.hand_over(member, walk.members["worker"], by=by, at=NOON)
    post = Post.objects.get(member=walk.members["worker"], valid_to=None)
    assert {one.area.code for one in post.covers.all()} == {pond.code, walk.areas["lane_grid"].code}


def test_who_covers_a_whole_unit_covers_no_less_afterwards(walk):
    by, member = walk.actor("admin"), walk.members["nobody"]
    people_actions.post_person(
        member, walk.units["lane_grids"], "grid_worker", since=at(20, 0).date(), by=walk.system, at=NOON
    )
    handover.hand_over(member, walk.members["worker"], by=by, at=NOON)
    post = Post.objects.get(member=walk.members["worker"], valid_to=None)
    assert not post.covers.exists()  # no rows: the post covers the whole area of the unit


def test_who_is_switched_off_gives_the_rest_back_to_the_unit(walk, laden):
    member = walk.members["member"]
    people_actions.leave(member, by=walk.actor("admin"), at=NOON)
    assert not Ticket.objects.filter(lead_member=member).exists()
    assert not DutyShift.objects.filter(member=member).exists()
    assert not Leave.objects.filter(deputy=member).exists()
    told = Event.objects.filter(kind="ticket.handed_over")
    assert [event.facts for event in told] == [{"from": member.pk}] * 2
    for event in told:
        subscribers.tell_the_unit_of_what_came_back(event)
    notices = Notice.objects.filter(kind="ticket.handed_over")
    assert {one.member_id for one in notices} == {walk.members["head"].pk}
    (one, _other) = notice_texts.told(notices, walk.actor("head"), NOON)
    assert one.line.what == "经办人已停用，请重新指派"


def test_the_page_first_says_what_is_in_the_name_and_offers_the_handover(world, client):
    with scope(world.tenant):
        member = world.members["member"]
        ticket = intake.report(draft(world), by=world.actor("clerk"), at=at(23, 9)).ticket
        row = {"state": "handling", "lead_unit": world.units["water"], "lead_member": member}
        Ticket.objects.filter(pk=ticket.pk).update(**row)
    admin = User.objects.get(pk=world.members["admin"].user_id)
    client.force_login(admin, "governance.access.backend.LoginBackend")
    switch = reverse("people:switch", kwargs={"tenant": "alpha", "pk": member.pk})
    first = client.post(switch, {"active": "0"}, follow=True)
    page = first.content.decode()
    assert first.redirect_chain[-1][0] == f"{URL}?member={member.pk}&leaves=1"
    assert "请先安排接手" in page
    assert ticket.number in page
    assert "停用，退回单位" in page
    assert "checked" in page
    with scope(world.tenant):
        assert Member.objects.get(pk=member.pk).active
    client.post(switch, {"active": "0", "give_back": "1"})
    with scope(world.tenant):
        assert not Member.objects.get(pk=member.pk).active
        assert Ticket.objects.get(pk=ticket.pk).lead_member_id is None


def test_requests_that_nobody_else_can_decide_are_named(walk):
    county = walk.members["county"]
    ticket = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
    row = {"pending": "extension", "pending_unit": walk.units["county_center"], "state": "handling"}
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    assert handover.load_of(county, NOON).requests.count() == 1
    people.appoint(walk.members["clerk"], walk.units["county_center"], "county_center", since=SINCE, areas=[])
    assert handover.load_of(county, NOON).requests.count() == 0


def test_a_complaint_is_not_handed_to_the_accused(walk):
    """The successor gets the post too, but works in the unit complained about: the ticket goes back to its unit."""
    ticket = intake.report(draft(walk, against="water"), by=walk.actor("clerk"), at=at(23, 9)).ticket
    row = {"state": "handling", "lead_unit": walk.units["parks"], "lead_member": walk.members["parks_head"]}
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    given = {"by": walk.actor("admin"), "at": NOON}
    handover.hand_over(walk.members["parks_head"], walk.members["member"], **given)
    ticket.refresh_from_db()
    assert ticket.lead_member_id is None


@pytest.fixture
def last(world):
    """A ticket that rests at 荷塘社区居委会, where only 周社区 has a post, and the id of that post."""
    with scope(world.tenant):
        intake.report(draft(world, area=world.areas["pond"].code), by=world.actor("clerk"), at=at(23, 9))
        return Post.objects.get(member=world.members["pond_community"]).pk


LEFT = "荷塘社区居委会在任的只有周社区，该单位还有在办工单<b>1</b>件，离任后无人接收。"


def test_the_last_person_of_a_unit_with_open_tickets_is_not_switched_off_unsaid(world, as_, last):
    client, member = as_("admin"), world.members["pond_community"]
    switch = reverse("people:switch", kwargs={"tenant": "alpha", "pk": member.pk})
    first = client.post(switch, {"active": "0"}, follow=True)
    assert first.redirect_chain[-1][0] == f"{URL}?member={member.pk}&leaves=1"
    assert LEFT in folded(first)
    with scope(world.tenant):
        people.appoint(world.members["community"], world.units["pond"], "community_worker", since=SINCE)
    client.post(switch, {"active": "0"})
    with scope(world.tenant):
        assert not Member.objects.get(pk=member.pk).active


def test_nor_is_the_last_post_of_a_unit_ended_unsaid(world, as_, last):
    client, member = as_("admin"), world.members["pond_community"]
    relieve = reverse("people:relieve", kwargs={"tenant": "alpha", "pk": last})
    with scope(world.tenant):  # a successor who has not begun receives nothing yet
        soon = local_day(timezone.now()) + timedelta(days=7)
        people.appoint(world.members["community"], world.units["pond"], "community_worker", since=soon)
    first = client.post(relieve, follow=True)
    assert first.redirect_chain[-1][0] == f"{URL}?member={member.pk}&post={last}"
    page = folded(first)
    assert LEFT in page
    assert f"{soon.month}月{soon.day}日" in page
    assert "仍要解除岗位" in page
    assert client.post(relieve, {"leave_bare": "1"}).status_code == 302
    with scope(world.tenant):
        assert Post.objects.get(pk=last).valid_to is not None


def test_a_unit_without_open_tickets_may_lose_its_last_person(world, as_):
    client, member = as_("admin"), world.members["pond_community"]
    switch = reverse("people:switch", kwargs={"tenant": "alpha", "pk": member.pk})
    client.post(switch, {"active": "0"})
    with scope(world.tenant):
        assert not Member.objects.get(pk=member.pk).active
