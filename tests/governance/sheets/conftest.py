"""Fixtures for sheets: the administrator and the sheet pages."""

import pytest

from governance.access.models import User
from tests.governance.sheets.pages import Pages


@pytest.fixture
def pages(world, client):
    """The sheet pages of the first district, logged in as its administrator."""
    log_in(client, world, "admin")
    return Pages(world, client)


def log_in(client, world, name):
    client.force_login(
        User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
    )


@pytest.fixture
def as_(world, client):
    """Return a function that logs in a named member and returns the client."""

    def enter(name):
        log_in(client, world, name)
        return client

    return enter
