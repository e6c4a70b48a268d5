"""Each test runs in a copy of a template database, as the runtime role; `world` is two small districts.

A test that rolls back shares its worker's copy with others; a test that commits (`transaction=True`) gets its own.
"""

import itertools
import os
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase
from django.utils import translation

from governance.clocks import compiled_calendars
from governance.tenancy import config
from governance.tenancy.scope import scope
from tests import browsers, databases, examples, scheduling, servers, worlds
from tickets.ticket import sharing


def pytest_configure(config):
    """Test people need no slow password hash, and the test client speaks plain HTTP."""
    examples.load_profile()
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = lambda case: None  # its database is dropped instead of emptied


def pytest_xdist_make_scheduler(config, log):
    """Keep tests that share something on one worker."""
    return scheduling.Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the slow tests, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_xdist_auto_num_workers(config):
    """One worker for each pair of servers for the whole suite; none for single files and for --lf: that starts faster."""
    whole = config.args == config.getini("testpaths") and not (config.option.lf or config.option.keyword)
    return servers.COUNT if whole and servers.COUNT > 1 else 0


def pytest_sessionfinish():
    """Close what a worker started for all its tests."""
    browsers.close_shared_browser()


@pytest.fixture(scope="session")
def copies():
    """The names of this worker's databases, one for each kind of template in use; dropped at the end."""
    made = {}
    yield made
    for name in made.values():
        databases.drop(name)


@pytest.fixture
def django_db_setup(request, copies, django_db_blocker):
    """Choose the database of one test: by what the test asks for, and by whether it commits."""
    asked = set(request.fixturenames)
    kind = "world" if "world" in asked else "district" if "tenant" in asked else "schema"
    forget_the_process_caches()
    with (
        _database(kind, copies, commits=_commits(request)) as name,
        django_db_blocker.unblock(),
        databases.connected(name),
    ):
        yield


_numbers = itertools.count()


@contextmanager
def _database(kind, copies, *, commits):
    if commits:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        databases.copy(kind, name)
        try:
            yield name
        finally:
            databases.drop(name)
    else:
        if kind not in copies:
            name = f"test_{os.getpid()}_{kind}"
            databases.copy(kind, name)
            copies[kind] = name
        yield copies[kind]


def _commits(request):
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))


def forget_the_process_caches():
    """Districts have the same ids and versions in every test; what a process compiled of one is not the next one's."""
    config._kept.clear()
    compiled_calendars._COMPILED.clear()
    sharing._read_permission.clear()
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def language():
    """Every test begins in the default language: a request leaves its own active in the thread."""
    translation.deactivate()


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
    return databases.result("district")


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
    return databases.result("world")


@pytest.fixture
def walk(world):
    """The same, with the first district's scope open."""
    with scope(world.tenant):
        yield world


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
