"""The number of statements of actions and reads: limited, the same for one row and many (design 7)."""

import uuid
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.access.models import User
from governance.accounts import actions as account_actions
from tests.worlds import at
from tickets.catalog import marks
from tickets.intake import actions as intake
from tickets.orders.actions import assisting, dispatching, handling, judging, triage
from tickets.ticket import ended_level, queries, sharing
from tickets.ticket.queries import Filters

LIST, DETAIL, WRITE = 5, 6, 10
IDENTITY = 3  # tenant, token, grants; the scope's BEGIN bypasses Django and is sent with the first of them
EDGE = 2  # the API reads the ticket before and after the move


def draft(world, **more):
    area = world.areas["lane_building"].code
    given = {"text": "水管漏水", "area": area, "category": "0102", "name": "钱居民", "phone": "13800001234"}
    return intake.Draft(**{**given, "client_id": uuid.uuid4(), **more})


def counted(work):
    """Run `work`; returns (its result, number of statements)."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        found = work()
    return found, len(caught)


@pytest.fixture
def warm(walk):
    """Fill the caches of the process; returns `walk`."""
    intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9))
    sharing.share_permission()
    judging.needs_eyes(None)
    ended_level.level_of(None)
    marks.is_dispute(None)
    return walk


def test_a_report_and_every_move_of_the_main_walk(warm):
    walk = warm
    clerk = walk.actor("clerk")
    receipt, sent = counted(lambda: intake.report(draft(walk), by=clerk, at=at(23, 9)))
    counts = {"report": sent}
    steps = [
        ("community", triage.triage_major, {"reason": "社区无力解决"}),
        ("center", dispatching.refer, {"reason": "需要水务部门"}),
        ("county", dispatching.dispatch, {"unit": walk.units["water"], "assistants": [walk.units["parks"]]}),
        ("head", dispatching.accept, {}),
        ("member", handling.contact, {"text": "已联系"}),
        ("member", handling.note, {"text": "在修"}),
        ("parks_head", assisting.assist_accept, {}),
        ("parks_head", assisting.assist_finish, {"text": "已配合"}),
        ("member", handling.resolve, {"outcome": "fixed", "answer": "已修", "evidence": "换阀门"}),
    ]
    ticket = receipt.ticket
    for minute, (who, verb, given) in enumerate(steps):
        actor = walk.actor(who)
        ticket, sent = counted(
            lambda t=ticket, a=actor, v=verb, g=given, m=minute: v(t, by=a, at=at(23, 10, m), **g)
        )
        counts[verb.__name__] = sent
    assert {verb: n for verb, n in counts.items() if n > WRITE} == {}


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_a_list_and_a_detail_send_the_same_for_any_number_of_rows(warm, rows):
    walk = warm
    for _ in range(rows):
        intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9))
    for who in ("county", "community", "head"):
        actor = walk.actor(who)
        found, sent = counted(lambda a=actor: queries.page(a, Filters(), at=at(23, 10)))
        assert sent == 1, who
        assert len(found.rows) == (0 if who == "head" else min(rows + 1, 50))
    number = (
        found.rows[0]["number"]
        if found.rows
        else intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket.number
    )
    county = walk.actor("county")
    _ticket, sent = counted(lambda: queries.detail(county, number))
    assert sent <= DETAIL


@pytest.mark.servers
def test_a_request_to_the_api_adds_identity_and_for_a_move_what_is_shown(warm, client):
    walk = warm
    first, second = (intake.report(draft(walk), by=walk.actor("clerk"), at=at(23, 9)).ticket for _ in "ab")

    def call(who, path, body=None):
        user = User.objects.get(pk=walk.members[who].user_id)
        scopes = ["tickets:read", "tickets:move"]
        token = account_actions.create_token(
            user, walk.tenant, name="count", scopes=scopes, at=timezone.now()
        )
        given = {"headers": {"Authorization": f"Bearer {token}"}, "content_type": "application/json"}
        send = partial(client.post, data=body) if body else client.get
        answer, sent = counted(lambda: send(f"/alpha/api/v1/tickets/{path}", **given))
        assert answer.status_code == 200
        return sent

    move = {"verb": "triage_major", "reason": "社区无力解决"}
    call("community", f"{first.number}/moves/", move)
    assert call("county", "") <= LIST + IDENTITY
    assert call("county", f"{first.number}/") <= DETAIL + IDENTITY
    assert call("community", f"{second.number}/moves/", move) <= WRITE + EDGE + IDENTITY
