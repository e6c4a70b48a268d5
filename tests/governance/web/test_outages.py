"""A deadlock, a key taken at the same moment, and a database that is away, as a visitor sees them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from governance.access import actors
from governance.access.models import User
from tests.tickets.calls import TICKETS
from tickets.replies.models import ReplyTemplate

pytestmark = pytest.mark.django_db(transaction=True)
RAISE = "DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '%s'; END $$"


@pytest.fixture
def fails(monkeypatch):
    """A function that lets the next requests fail inside their transaction with an error of PostgreSQL."""
    left = {"times": 0, "code": ""}
    plain = actors.of_request

    def of_request(request):
        if left["times"]:
            left["times"] -= 1
            with connection.cursor() as cursor:
                cursor.execute(RAISE % left["code"])
        return plain(request)

    monkeypatch.setattr(actors, "of_request", of_request)
    return lambda code, times: left.update(code=code, times=times)


@pytest.fixture
def visitor(world):
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 200), (3, 503)])
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_a_deadlock_is_tried_again(visitor, fails, code, times, status):
    fails(code, times)
    assert visitor.get("/alpha/").status_code == status


def test_what_does_not_pass_is_not_tried_again(visitor, fails):
    fails("22012", 1)
    assert visitor.get("/alpha/").status_code == 500


def test_a_key_that_stays_taken_is_a_conflict(visitor, fails):
    fails("23505", 3)
    assert visitor.get("/alpha/").status_code == 409
    fails("23505", 3)
    answer = visitor.get(TICKETS)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_the_same_saved_twice_at_one_moment_is_refused_plainly(world):
    """One of four equal templates is saved; the others are refused at the field, none with an error."""
    user = User.objects.get(pk=world.members["admin"].user_id)

    def save(_number):
        browser = Client(raise_request_exception=False)
        browser.force_login(user, "governance.access.backend.LoginBackend")
        given = {"verb": "resolve", "title": "已修", "text": "已修复"}
        try:
            return browser.post("/alpha/desk/settings/replies/", given).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        seen = sorted(pool.map(save, range(4)))
    assert seen[0] == 302
    assert set(seen[1:]) <= {400, 409}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('app.tenant', '{world.tenant.pk}', false)")
        cursor.execute(
            f"SELECT count(*) FROM {ReplyTemplate._meta.db_table}"
        )  # past the manager of the scope
        assert cursor.fetchone() == (1,)


@pytest.fixture
def away(monkeypatch):
    """The database is away: nobody listens where it should be."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    yield
    connection.close()


@pytest.mark.parametrize("path", ["/", "/alpha/", "/alpha/desk/", "/login/", TICKETS])
def test_without_a_database_every_page_says_when_to_come_back(visitor, away, path):
    visitor.cookies["sessionid"] = "x" * 32
    answer = visitor.get(path)
    if path == "/login/" and answer.status_code == 200:
        return  # needs nothing of the database
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    said = answer.json()["detail"] if path == TICKETS else answer.content.decode()
    assert "系统正在恢复" in said
    probe = Client(raise_request_exception=False)
    assert probe.get("/readyz").status_code == 503
    assert probe.get("/healthz").status_code == 200
