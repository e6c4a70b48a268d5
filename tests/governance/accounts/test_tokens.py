"""API tokens: what a scope gives, and when tokens end."""

import pytest
from django.utils import timezone

from governance.access.models import ApiToken, User
from governance.access.permissions import FOR_PEOPLE_ONLY, TOKEN_SCOPES, Permission
from governance.accounts.views.tokens import SCOPE_NAMES
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.people import actions as people
from tests.tickets.calls import TICKETS, Caller
from tests.worlds import PASSWORD


def test_each_permission_is_in_one_scope_or_for_people_only():
    """A new permission must not enter tokens that were issued before it existed."""
    given = [permission for scope in TOKEN_SCOPES.values() for permission in scope]
    assert sorted([*given, *FOR_PEOPLE_ONLY]) == sorted(Permission)
    assert set(SCOPE_NAMES) == set(TOKEN_SCOPES)


@pytest.fixture
def call(world, client):
    return Caller(world, client)


def works(call, who="head"):
    return call.client.get(TICKETS, headers=call.headers(who)).status_code


def test_tokens_end_with_a_password_reset(world, call):
    assert (works(call), works(call, "county")) == (200, 200)
    with scope(world.tenant):
        people.reset_password(world.members["head"], by=world.actor("admin"), at=timezone.now())
        assert Event.objects.filter(kind="token.revoked").count() == 1
    assert (works(call), works(call, "county")) == (401, 200)


def test_tokens_end_with_the_person_and_do_not_come_back(world, call):
    assert works(call) == 200
    with scope(world.tenant):
        member, by = world.members["head"], world.actor("admin")
        people.leave(member, by=by, at=timezone.now())
        people.come_back(member, by=by, at=timezone.now())
    assert works(call) == 401


def test_an_operators_password_ends_tokens_and_is_seen_in_the_district(world, call, client):
    User.objects.create_user("ops", password=PASSWORD, is_operator=True)
    assert works(call) == 200
    client.post("/login/", {"username": "ops", "password": PASSWORD})
    user = world.members["head"].user_id
    given = {"usable_password": "true", "password1": "Reed-2026-bank", "password2": "Reed-2026-bank"}
    answer = client.post(f"/admin/governance/user/{user}/password/", given)
    assert answer.status_code == 302, answer.content.decode()
    assert works(call) == 401
    assert not ApiToken.objects.filter(user_id=user, revoked_at=None).exists()
    with scope(world.tenant):
        event = Event.objects.get(kind="account.password_set")
        assert (event.subject_id, event.actor_kind) == (world.members["head"].pk, "system")
