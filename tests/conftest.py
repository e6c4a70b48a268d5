"""The test database is made by the owner and used as the runtime role; `world` is two small districts."""

import os

import pytest
from django.conf import settings
from django.db import connection

from governance.environment import DatabaseUrl
from governance.tenancy.scope import scope
from tests import worlds


def pytest_configure(config):
    """Passwords of test people need no slow hash, and the test client speaks plain HTTP."""
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _log_in_as(user: str, password: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["USER"], connection.settings_dict["PASSWORD"] = user, password


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_keepdb):
    """Create and migrate as the owner; then everything runs as who requests run as."""
    from django.test.utils import setup_databases, teardown_databases

    runtime = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    owner = DatabaseUrl.parse(settings.OWNER_DATABASE_URL)
    with django_db_blocker.unblock():
        _log_in_as(owner.user, owner.password)
        old = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        with connection.cursor() as cursor:
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO governance_runtime")
        _log_in_as(*runtime)
    yield
    with django_db_blocker.unblock():
        _log_in_as(owner.user, owner.password)
        if not django_db_keepdb:
            teardown_databases(old, verbosity=0)


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Files of a test lie in its own folder, and its cache keys are its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        },
    }


@pytest.fixture
def tenant(db):
    """A district without a territory, with its calendar."""
    return worlds.make_tenant("alpha", "甲区", "990101000000")


@pytest.fixture
def other_tenant(db):
    """A second one."""
    return worlds.make_tenant("beta", "乙区", "990102000000")


@pytest.fixture
def in_scope(tenant):
    """The scope of `tenant`, open."""
    with scope(tenant):
        yield tenant


@pytest.fixture
def world(db):
    """Two districts with streets, communities, grids, units and named people."""
    return worlds.make_world()


@pytest.fixture
def walk(world):
    """The same, with the first district's scope open."""
    with scope(world.tenant):
        yield world


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
