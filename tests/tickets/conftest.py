"""Who opens a page or calls the API."""

import pytest
from django.utils import timezone

from governance.access.models import User
from governance.tenancy.scope import scope
from tests.tickets.calls import Caller
from tickets import actions


@pytest.fixture
def as_(world, client):
    """Log in as a named person: as_("community").get(...)."""

    def log_in(name):
        client.force_login(
            User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
        )
        return client

    return log_in


@pytest.fixture
def call(world, client):
    """Call the API of the first district with the token of one of its people."""
    return Caller(world, client)


@pytest.fixture
def number(world):
    """A ticket in 里巷社区, waiting to be triaged."""
    with scope(world.tenant):
        draft = actions.Draft(text="灯不亮", area=world.areas["lane"].code)
        return actions.report(draft, by=world.system, at=timezone.now()).ticket.number
