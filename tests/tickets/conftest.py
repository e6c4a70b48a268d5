"""Fixtures that log in to pages or call the API."""

import pytest
from django.utils import timezone

from governance.access.models import User
from governance.tenancy.scope import scope
from tests.tickets.calls import Caller
from tickets.intake import actions as intake


@pytest.fixture
def as_(world, client):
    """Return a function that logs in a named member: as_("community").get(...)."""

    def log_in(name):
        client.force_login(
            User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
        )
        return client

    return log_in


@pytest.fixture
def call(world, client):
    """A caller of the first district's API with the token of a named member."""
    return Caller(world, client)


@pytest.fixture
def number(world):
    """The number of a ticket in 里巷社区 that waits for triage."""
    with scope(world.tenant):
        draft = intake.Draft(text="灯不亮", area=world.areas["lane"].code)
        return intake.report(draft, by=world.system, at=timezone.now()).ticket.number
