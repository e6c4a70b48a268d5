"""Who keeps the settings, and a sheet as it comes and goes."""

import pytest

from governance.access.models import User
from tests.sheets.pages import Pages


@pytest.fixture
def pages(world, client):
    """The sheets of the first district as its administrator uses them."""
    log_in(client, world, "admin")
    return Pages(world, client)


def log_in(client, world, name):
    client.force_login(
        User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
    )


@pytest.fixture
def as_(world, client):
    """Log in as a named person."""

    def enter(name):
        log_in(client, world, name)
        return client

    return enter
