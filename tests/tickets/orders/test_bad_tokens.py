"""Invalid tokens, and tokens with too few scopes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.access.models import ApiToken, User
from tests.tickets.calls import PROBLEM, TICKETS, refused, stored
from tests.tickets.matters import picture


def test_a_token_that_does_not_hold_opens_nothing(call, world, number):
    now = timezone.now()
    revoked = call.token("clerk")
    ApiToken.objects.update(revoked_at=now)
    left = call.token("member")
    User.objects.filter(pk=world.members["member"].user_id).update(is_active=False)
    bad = {
        "unknown": "gov_nothing",
        "empty": "",
        "odd": "\x7f" * 20,
        "expired": call.token("clerk", at=now - timedelta(days=10), days=9),
        "revoked": revoked,
        "of another district": call.token("neighbour", tenant=world.other),
        "of somebody who left": left,
    }
    before = stored(world)
    for why, token in bad.items():
        headers = {"Authorization": f"Bearer {token}"}
        for path in (TICKETS, f"{TICKETS}{number}/", f"{TICKETS}{number}/events/"):
            answer = call.client.get(path, headers=headers)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), why
            refused(answer, 401, "bad_token")
        answer = call.client.post(TICKETS, call.body(), content_type="application/json", headers=headers)
        refused(answer, 401, "bad_token")
    for headers in ({}, {"Authorization": "Basic Z3JpZDpncmlk"}):
        answer = call.client.post(TICKETS, call.body(), content_type="application/json", headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert stored(world) == before


@pytest.mark.parametrize(
    ("scopes", "reads", "reports", "moves"),
    [
        ((), 404, 403, 404),
        (("tickets:read",), 200, 403, 403),
        (("tickets:report",), 404, 201, 404),
    ],
    ids=["none", "read", "report"],
)
def test_a_token_gives_no_more_than_its_scopes(call, world, number, scopes, reads, reports, moves):
    call.kept["community"] = call.token("community", scopes)
    found = call.get(f"{TICKETS}{number}/", "community").status_code
    listed = call.get(TICKETS, "community").status_code
    assert (found, listed) == (reads, 200 if reads == 200 else 403)
    before = stored(world)
    body = {"verb": "triage_minor", "reason": "可办"}
    assert call.post(f"{TICKETS}{number}/moves/", body, "community").status_code == moves
    assert call.photo(number, picture()).status_code in {403, 404}
    assert stored(world) == before
    assert call.post(TICKETS, call.body(), "community").status_code == reports
    assert (stored(world) == before) is (reports != 201)
