"""Wrong passwords: who is locked, who is not, and for how long."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client

from governance.access.models import User
from governance.accounts import login_limits
from tests.worlds import PASSWORD

HOME, OTHER = "198.51.100.7", "198.51.100.8"
NAME = "alpha-head"


def tries(client, password="wrong", name=NAME, address=HOME):
    given = {"username": name, "password": password}
    return client.post("/login/", given, REMOTE_ADDR=address).status_code


def test_five_wrong_passwords_lock_the_name_for_this_address_only(world, client):
    assert [tries(client) for _ in range(5)] == [400] * 4 + [429]
    assert tries(client, PASSWORD) == 429
    assert tries(Client(), PASSWORD, address=OTHER) == 302
    assert tries(client, PASSWORD, name="alpha-center") == 302


def test_tries_during_a_lock_do_not_prolong_it(world, client):
    for _ in range(5):
        tries(client)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))
    for _ in range(3):
        assert tries(client) == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=2))
    assert tries(client, PASSWORD) == 302


def test_an_address_that_tries_many_names_is_locked(world, client, monkeypatch):
    monkeypatch.setattr(login_limits, "OF_ADDRESS", 6)
    assert [tries(client, name=f"nobody-{n}") for n in range(6)] == [400] * 5 + [429]
    assert tries(client, PASSWORD) == 429
    assert tries(Client(), PASSWORD, address=OTHER) == 302


@pytest.fixture
def known(world):
    """A browser with which this name has logged in before."""
    browser = Client()
    assert tries(browser, PASSWORD) == 302
    browser.post("/logout/")
    return browser


def test_a_known_browser_logs_in_while_others_guess_from_its_address(known, client):
    for _ in range(6):
        tries(client)
    assert tries(client, PASSWORD) == 429
    assert tries(known, PASSWORD) == 302


def test_a_known_browser_has_five_tries_as_well(known):
    assert [tries(known) for _ in range(5)] == [400] * 4 + [429]
    assert tries(known, PASSWORD) == 429
    assert tries(Client(), PASSWORD) == 302  # as any other browser at this address


def test_a_browser_is_known_for_its_own_name_only(known, client):
    for _ in range(5):
        tries(client, name="alpha-center")
    assert tries(known, PASSWORD, name="alpha-center") == 429


def test_a_new_password_ends_what_a_known_browser_has(known, client):
    user = User.objects.get(username=NAME)
    user.set_password("Reed-2026-bank")
    user.save()
    for _ in range(5):
        tries(client)
    assert tries(known, "Reed-2026-bank") == 429


def test_many_known_browsers_of_a_name_do_not_each_have_five_tries(world, monkeypatch):
    monkeypatch.setattr(login_limits, "BROWSERS_OF_NAME", 6)
    browsers = [Client() for _ in range(4)]
    for one in browsers:
        assert tries(one, PASSWORD) == 302
        one.post("/logout/")
    answers = [tries(one) for one in browsers for _ in range(4)]
    assert answers == [400] * 5 + [429] * 11
    assert tries(Client(), PASSWORD, address=OTHER) == 302


def test_a_name_under_attack_is_slowed_and_never_locked(known, client, monkeypatch):
    monkeypatch.setattr(login_limits, "NAME_UNDER_ATTACK", 6)
    for n in range(6):
        tries(client, address=f"203.0.113.{n}")
    assert [tries(client) for _ in range(3)] == [400, 429, 429]
    assert tries(Client(), PASSWORD, address=OTHER) == 302


@pytest.mark.parametrize("name", ["x" * 5000, "名" * 300, "a\x01b", "a\x00b", "\u200b"])
def test_a_strange_name_is_a_wrong_name(world, client, name):
    assert tries(client, name=name) == 400


def test_a_long_password_is_a_wrong_password(world, client):
    assert tries(client, "x" * 100_000) == 400


def test_the_operators_have_no_log_in_page_of_their_own(world, client):
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/admin/")
    assert client.get("/admin/r/1/1/").status_code in {302, 404}


def test_a_session_ends_after_five_wrong_present_passwords(world, client):
    assert tries(client, PASSWORD) == 302
    given = {"old_password": "wrong", "new_password1": "Reed-2026-bank", "new_password2": "Reed-2026-bank"}
    seen = [client.post("/password/", given).status_code for _ in range(5)]
    assert seen == [400] * 4 + [302]
    assert client.get("/password/")["Location"].startswith("/login/")
