"""Tickets of other systems: each number once, found by it, and handed back with the result."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance.errors import Conflict, Forbidden
from governance.tenancy.scope import scope
from governance.web.resources import moment_after, moment_cursor
from tests.pages import folded
from tests.tickets.calls import TICKETS
from tests.tickets.matters import DESK
from tickets.intake import actions as intake
from tickets.models import Rating, Ticket
from tickets.orders import actions
from tickets.states import Channel

RETURNS = TICKETS.replace("tickets", "returns")
NUMBER = "DH3716020261127001"


def taken(world, number=NUMBER, by="clerk", **more):
    with scope(world.tenant):
        draft = intake.Draft(
            text="路灯不亮",
            area=world.areas["lane"].code,
            channel=Channel.HOTLINE,
            source_number=number,
            **more,
        )
        now = timezone.now()
        return intake.report(draft, by=world.actor(by, now), at=now).ticket


def ended(world, ticket, ago=timedelta(minutes=9), **given):
    with scope(world.tenant):
        for verb, more in (("triage_minor", {}), ("resolve", given)):
            now = timezone.now()
            found = Ticket.objects.get(pk=ticket.pk)
            actions.VERBS[verb](found, by=world.actor("community", now), at=now, **more)
        Ticket.objects.filter(pk=ticket.pk).update(
            state="closed", outcome="fixed", closed_at=timezone.now() - ago, first_closed_at=timezone.now()
        )


def returns(call, query=""):
    answer = call.get(f"{RETURNS}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_number_of_another_system_is_taken_once(world):
    first = taken(world)
    with pytest.raises(Conflict) as refused:
        taken(world, f"  {NUMBER} ")
    assert refused.value.code == "source_number_used"
    assert first.number in str(refused.value)
    taken(world, "DH3716020261127002")
    taken(world, "")
    taken(world, "")


def test_the_api_takes_the_number_and_tells_it(world, call):
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "井盖缺失",
        "area": world.areas["lane"].code,
        "channel": "hotline",
        "source_number": NUMBER,
        "source_due_at": "2026-12-01T17:30:00+08:00",
    }
    made = call.post(TICKETS, body)
    assert made.status_code == 201, made.content
    told = call.get(f"{TICKETS}{made.json()['number']}/").json()
    assert (told["source_number"], told["source_due_at"]) == (NUMBER, "2026-12-01T09:30:00Z")
    again = call.post(TICKETS, {**body, "client_id": str(uuid.uuid4())})
    assert (again.status_code, again.json()["code"]) == (409, "source_number_used")


def test_it_is_found_by_that_number_and_the_page_shows_the_limit(world, as_):
    ticket = taken(world, source_due_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    taken(world, "DH3716020261127002")
    client = as_("community")
    found = folded(client.get(f"{DESK}tickets/?q={NUMBER}"))
    assert ticket.number in found
    assert found.count('class="ticket-row"') == 1
    assert "来源要求 12月1日 周二 17:30 前反馈" in folded(client.get(f"{DESK}tickets/{ticket.number}/"))
    assert ticket.number not in folded(as_("pond_community").get(f"{DESK}tickets/?q={NUMBER}"))


def test_ended_tickets_are_handed_back_with_answer_and_rating(world, call):
    ticket, other = taken(world), taken(world, "DH3716020261127002")
    assert returns(call) == {"results": [], "next": None}
    ended(world, ticket, outcome="fixed", answer="灯泡已更换", evidence="更换灯泡")
    page = returns(call)
    (row,) = page["results"]
    assert (row["source_number"], row["number"], row["outcome"]) == (NUMBER, ticket.number, "fixed")
    assert (row["answer"], row["solved"]) == ("灯泡已更换", None)
    assert returns(call, f"?cursor={page['next']}") == {"results": [], "next": None}
    assert returns(call, "?channel=portal")["results"] == []
    ended(world, other, timedelta(minutes=5), outcome="fixed", answer="已维修", evidence="维修")
    (row,) = returns(call, f"?cursor={page['next']}&channel=hotline")["results"]
    assert row["number"] == other.number


def test_a_merged_one_comes_with_the_result_of_the_one_it_went_to(world, call):
    ticket, other = taken(world), taken(world, "DH3716020261127002")
    with scope(world.tenant):
        now = timezone.now()
        by = world.actor("community", now)
        actions.VERBS["merge"](ticket, by=by, at=now, into=other, reason="同一盏灯")
    assert returns(call)["results"] == []
    ended(world, other, outcome="fixed", answer="灯泡已更换", evidence="更换灯泡")
    rows = returns(call)["results"]
    assert {row["source_number"] for row in rows} == {NUMBER, "DH3716020261127002"}
    assert {row["answer"] for row in rows} == {"灯泡已更换"}


def test_a_member_reads_only_what_the_member_may_see(world, call):
    ended(world, taken(world), outcome="fixed", answer="灯泡已更换", evidence="更换灯泡")
    assert call.get(RETURNS, "pond_community").json()["results"] == []


@pytest.mark.parametrize("cursor", ["x", "1", "-1.2", "1.2.3", "9" * 30 + ".1"])
def test_a_cursor_that_no_page_gave_is_refused(world, call, cursor):
    answer = call.get(f"{RETURNS}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_a_cursor_keeps_the_moment_exactly():
    moment = datetime(2026, 11, 27, 11, 45, 12, 345678, tzinfo=UTC)
    assert moment_after(moment_cursor(moment, 7)) == (moment, 7)
    assert moment_after(moment_cursor(moment + timedelta(microseconds=1), 7)) != (moment, 7)


@pytest.mark.parametrize("typed", ["hl-1", "ＨＬ－１", "HL\u200b-1", "HL\u2212 1"])
def test_a_number_has_one_form(world, typed):
    taken(world, "HL-1")
    with pytest.raises(Conflict):
        taken(world, typed)


def test_a_number_that_grows_in_its_one_form_is_too_long(world, call):
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "占号",
        "area": world.areas["lane"].code,
        "channel": "hotline",
    }
    answer = call.post(TICKETS, {**body, "source_number": "㎯" * 40})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_long")


def test_who_calls_nobody_back_gives_no_number_of_another_system(world, as_, call):
    with pytest.raises(Forbidden):
        taken(world, by="worker")
    body = {"client_id": str(uuid.uuid4()), "text": "占号", "area": world.areas["lane"].code}
    answer = call.post(TICKETS, {**body, "channel": "hotline", "source_number": NUMBER}, "worker")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_source")
    assert 'name="source_number"' not in folded(as_("worker").get(f"{DESK}tickets/new/"))
    assert 'name="source_number"' in folded(as_("clerk").get(f"{DESK}tickets/new/"))


def test_what_has_just_ended_waits_until_nothing_older_can_commit(world, call):
    ended(
        world, taken(world), timedelta(seconds=20), outcome="fixed", answer="灯泡已更换", evidence="更换灯泡"
    )
    assert returns(call)["results"] == []


def test_an_earlier_answer_is_not_that_of_a_ticket_that_was_made_void(world, call):
    ticket = taken(world)
    ended(world, ticket, outcome="fixed", answer="灯泡已更换", evidence="更换灯泡")
    with scope(world.tenant):
        Ticket.objects.filter(pk=ticket.pk).update(outcome="void")
    (row,) = returns(call)["results"]
    assert (row["outcome"], row["answer"], row["solved"]) == ("void", None, None)


def test_only_the_rating_of_the_last_round_counts_and_only_with_a_proven_phone(world, call):
    ticket = taken(world)
    ended(world, ticket, outcome="fixed", answer="灯泡已更换", evidence="更换灯泡")
    with scope(world.tenant):
        stars = {"ticket": ticket, "result": 5, "at": timezone.now(), "reporter": ticket.reporters.first()}
        Rating.objects.create(round=0, solved=False, proven=True, **stars)
        Ticket.objects.filter(pk=ticket.pk).update(reworks=1)
        assert returns(call)["results"][0]["solved"] is None
        rated = Rating.objects.create(round=1, solved=True, proven=False, **stars)
        assert returns(call)["results"][0]["solved"] is None
        Rating.objects.filter(pk=rated.pk).update(proven=True)
    assert returns(call)["results"][0]["solved"] is True


def test_the_result_of_a_ticket_that_one_may_not_see_is_not_told(world, call):
    ticket, other = taken(world), taken(world, "")
    with scope(world.tenant):
        now = timezone.now()
        by = world.actor("community", now)
        actions.VERBS["merge"](ticket, by=by, at=now, into=other, reason="同一盏灯")
        Ticket.objects.filter(pk=other.pk).update(private=True)
    ended(world, other, outcome="fixed", answer="保密答复", evidence="更换灯泡")
    assert [row["answer"] for row in returns(call)["results"]] == ["保密答复"]
    assert call.get(RETURNS, "clerk").json()["results"] == []
