"""The first page of the desk and the morning brief: waiting tickets, linked figures, receivers and times."""

import re

import pytest
from django.utils import timezone

from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from grids.roster import actions as roster
from tests.tickets.matters import DESK, TO_RATING, reported, walked
from tests.tickets.walks.test_statements import counted, draft
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import dispatching, triage
from tickets.ticket import worklist
from tickets.ticket.queries import Filters, page
from tickets.today import actions as today_actions
from tickets.today import brief
from tickets.today import queries as today

pytestmark = pytest.mark.django_db


def waits_for(walk, name, moment):
    return {row["number"]: row["step"] for row in today.rows(walk.actor(name), moment)}


def test_a_matter_waits_for_the_one_whose_step_is_next_and_for_nobody_else(walk):
    ticket = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
    course = [
        ("community", "分单", triage.triage_major, {"reason": "社区无力解决"}),
        ("center", "派单", dispatching.refer, {"reason": "需要水务部门"}),
        (
            "county",
            "派单",
            dispatching.dispatch,
            {"unit": walk.units["water"], "assistants": [walk.units["parks"]]},
        ),
        ("head", "接单", dispatching.accept, {}),
    ]
    people = ("community", "center", "county", "head", "parks_head")
    for minute, (who, step, verb, given) in enumerate(course):
        moment = at(23, 9, 10 + minute)
        assert waits_for(walk, who, moment) == {ticket.number: step}
        others = [name for name in people if name != who and waits_for(walk, name, moment)]
        assert others == (["parks_head"] if step == "接单" else [])
        ticket = verb(ticket, by=walk.actor(who), at=moment, **given)
    assert waits_for(walk, "parks_head", at(23, 10)) == {ticket.number: "协办"}
    ticket = actions.VERBS["request_extension"](
        ticket, by=walk.actor("member"), at=at(23, 10), days=3, reason="等配件"
    )
    assert waits_for(walk, "county", at(23, 11)) == {ticket.number: "批复"}
    assert waits_for(walk, "head", at(23, 11)) == {ticket.number: "办结"}


def test_the_least_time_stands_first_with_its_share_of_the_time_gone(walk):
    early = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
    late = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 10)).ticket
    rows = today.rows(walk.actor("community"), at(23, 10))
    assert [row["number"] for row in rows] == [early.number, late.number]
    assert [row["gone"] for row in rows] == [50, 0]
    assert [row["gone"] for row in today.rows(walk.actor("community"), at(24, 10))] == [100, 100]


def test_every_figure_leads_to_exactly_what_it_counts(walk):
    for minute in range(3):
        intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9, minute))
    triage.triage_major(Ticket.objects.first(), by=walk.actor("community"), at=at(23, 9, 30), reason="大事")
    moment = at(23, 15)
    seen = 0
    for name in ("community", "center", "county", "head", "lead"):
        actor = walk.actor(name)
        for one in today.counters(actor, moment, 0):
            if not one.address.startswith("tickets/"):
                continue
            given = dict(re.findall(r"(\w+)=(\w+)", one.address))
            filters = Filters(**{key: True for key in given if key != "order"}, by_due=True)
            assert len(page(actor, filters, at=moment).rows) == one.count, (name, one)
            seen += one.count
    assert seen >= 6


@pytest.mark.parametrize("name", ["community", "center", "county", "head", "leader", "admin"])
def test_the_page_sends_the_same_statements_for_few_and_for_many(walk, name):
    intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9))

    def whole():
        actor = walk.actor(name)
        return [
            today.rows(actor, at(25, 9)),
            today.counters(actor, at(25, 9), 0),
            today.overseen(actor, at(25, 9)),
        ]

    whole()
    _found, few = counted(whole)
    for minute in range(25):
        intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 10, minute))
    _found, many = counted(whole)
    assert many == few <= (30 if name == "admin" else 6)  # the setup check has its own fixed number


def test_what_is_done_waits_for_those_near_the_place_and_not_for_the_centres(world):
    number = walked(world, *TO_RATING[:-1]).ticket.number
    with scope(world.tenant):
        now = timezone.now()
        waits = {
            name: number in {row["number"] for row in today.rows(world.actor(name, now), now)}
            for name in ("worker", "community", "center", "county", "head")
        }
    assert waits == {"worker": True, "community": True, "center": False, "county": False, "head": False}


def test_void_waits_for_a_second_person_and_not_for_the_one_who_asked(walk):
    ticket = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
    ticket = actions.VERBS["void"](ticket, by=walk.actor("center"), at=at(23, 10), reason="误报")
    assert not Ticket.objects.filter(worklist.approving(walk.actor("center"))).exists()
    assert Ticket.objects.filter(worklist.approving(walk.actor("county"))).get() == ticket


# -- the brief


def test_the_brief_parts_new_due_today_and_overdue(walk):
    actor = walk.actor("community")
    intake.report(draft(walk), by=walk.actor("clerk"), at=at(20, 9))  # on Friday: overdue on Monday
    intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 8, 31))
    made = brief.brief(actor, at(23, 9))
    assert {name: part.count for name, part in made.own.items()} == {"new": 2, "due": 1, "late": 1}
    assert made.span.since == at(20, 8, 30)
    assert made.places is None


def test_who_oversees_reads_who_is_behind(walk):
    intake.report(draft(walk), by=walk.actor("clerk"), at=at(20, 9))
    made = brief.brief(walk.actor("leader"), at(23, 9))
    assert (made.places["open"], made.places["late"]) == (1, 1)
    assert [(row["holder_unit__name"], row["late"]) for row in made.units] == [("里巷社区居委会", 1)]


def test_the_brief_is_told_once_a_working_day_to_those_it_concerns(world):
    with scope(world.tenant):
        intake.report(draft(world), by=world.system, at=at(20, 9))
    assert today_actions.send(world.tenant, at(23, 8, 29)) == 0
    assert today_actions.send(world.tenant, at(22, 9)) == 0  # on Sunday
    told = today_actions.send(world.tenant, at(23, 8, 31))
    assert told > 0
    assert today_actions.send(world.tenant, at(23, 8, 36)) == 0
    with scope(world.tenant):
        rows = Notice.objects.filter(kind=today_actions.BEGUN)
        assert rows.count() == told
        mine = rows.get(member_id=world.members["community"].pk)
        assert (mine.facts["late"], mine.rings_at, mine.link) == (1, at(23, 8, 31), "desk/brief/")
        assert not rows.filter(member_id=world.members["parks_head"].pk).exists()


def test_a_brief_that_was_interrupted_goes_on_and_tells_nobody_twice(world, monkeypatch):
    with scope(world.tenant):
        intake.report(draft(world), by=world.system, at=at(20, 9))
    monkeypatch.setattr(today_actions, "BATCH", 2)
    whole, calls = today_actions._tell, []

    def once(*args):
        calls.append(args)
        if len(calls) == 4:
            raise ConnectionError("killed")
        return whole(*args)

    monkeypatch.setattr(today_actions, "_tell", once)
    with pytest.raises(ConnectionError):
        today_actions.send(world.tenant, at(23, 8, 31))
    monkeypatch.setattr(today_actions, "_tell", whole)
    today_actions.send(world.tenant, at(23, 8, 36))
    with scope(world.tenant):
        told = list(Notice.objects.filter(kind=today_actions.BEGUN).values_list("member_id", flat=True))
        assert len(told) == len(set(told)) > 0
        assert world.members["community"].pk in told
        assert Event.objects.filter(kind=today_actions.SENT).count() == 1


def test_a_district_can_do_without(world):
    with scope(world.tenant):
        intake.report(draft(world), by=world.system, at=at(20, 9))
    world.tenant.settings = {**world.tenant.settings, "brief": False}
    assert today_actions.send(world.tenant, at(23, 8, 31)) == 0


def test_the_pages_say_it(world, as_):
    number = reported(world).ticket.number
    client = as_("community")
    home = client.get(DESK).content.decode()
    assert number in home
    assert f"/alpha/desk/tickets/{number}/?move=triage_minor#move" in home
    assert number in client.get(DESK + "brief/").content.decode()
    told = client.get(DESK + "brief/").content.decode()
    assert "今日到期" in told


def test_a_void_under_way_leaves_the_others_their_own_next_step(walk):
    ticket = intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket
    for who, verb, given in (
        ("community", "triage_major", {"reason": "社区无力解决"}),
        ("center", "refer", {"reason": "需要水务部门"}),
        ("county", "dispatch", {"unit": walk.units["water"]}),
        ("county", "void", {"reason": "误报"}),
    ):
        ticket = actions.VERBS[verb](ticket, by=walk.actor(who), at=at(23, 10), **given)
    assert waits_for(walk, "head", at(23, 11)) == {ticket.number: "接单"}
    assert waits_for(walk, "county", at(23, 11)) == {}
    assert waits_for(walk, "center", at(23, 11)) == {ticket.number: "批复"}


def test_a_brief_waits_for_who_is_away_and_nobody_reads_anothers(world):
    with scope(world.tenant):
        intake.report(draft(world), by=world.system, at=at(20, 9))
        span = {"starts_at": at(22, 9), "ends_at": at(27, 9)}
        community, lead = world.members["community"], world.members["lead"]
        roster.take_leave(community, deputy=lead, **span, by=world.actor("community"), at=at(20, 9))
    today_actions.send(world.tenant, at(23, 8, 31))
    with scope(world.tenant):
        told = Notice.objects.filter(kind=today_actions.BEGUN)
        assert told.get(member=community).facts["late"] == 1
        assert not told.filter(member=lead, facts__has_key="stands_for").exists()
