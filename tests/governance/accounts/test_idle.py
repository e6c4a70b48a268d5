"""Requests that a page repeats automatically do not keep a session alive."""

import re
import time

from governance.access.middleware import SEEN
from tests.databases import ROOT
from tests.worlds import PASSWORD

DESK = "/alpha/desk/tickets/"


def test_a_page_that_only_polls_is_logged_out(world, client, settings, monkeypatch):
    client.post("/login/", {"username": "alpha-county", "password": PASSWORD})
    assert client.get(DESK).status_code == 200
    begun = client.session[SEEN]
    now = [begun]
    monkeypatch.setattr(time, "time", lambda: now[0])
    for _ in range(settings.IDLE_MINUTES):
        now[0] += 60
        answer = client.get(f"{DESK}fresh/", headers={"X-Poll": "1", "HX-Request": "true"})
        assert answer.status_code == 200
    assert client.session[SEEN] == begun
    now[0] += 60
    assert client.get(DESK)["Location"].startswith("/login/")


def test_every_template_that_polls_says_so():
    polls = [path for path in (ROOT / "templates").rglob("*.html") if 'hx-trigger="every' in path.read_text()]
    assert polls
    for path in polls:
        tags = [
            tag for tag in re.findall(r"<[a-z][^>]*>", path.read_text(), re.S) if 'hx-trigger="every' in tag
        ]
        assert all("X-Poll" in tag for tag in tags), path


def test_a_log_in_inside_a_page_keeps_its_limits(world, client, settings):
    """The log-in in place has the rules of the log-in page, and tells a visitor nothing."""
    assert client.get("/login/again/").status_code == 401
    wrong = {"username": "alpha-county", "password": "wrong"}
    answer = client.post("/login/again/", wrong)
    assert answer.status_code == 400
    assert "登录名或密码有误" in answer.json()["error"]
    good = client.post("/login/again/", {"username": "alpha-county", "password": PASSWORD})
    assert (good.status_code, good.content) == (204, b"")
    assert client.get("/login/again/").json()["name"] == "alpha-county"
    client.logout()
    for _ in range(5):
        client.post("/login/again/", wrong)
    refused = client.post("/login/again/", {"username": "alpha-county", "password": PASSWORD})
    assert refused.status_code == 429
    assert client.get("/login/again/").status_code == 401


def test_a_session_that_only_polls_after_the_log_in_ends_too(world, client, settings, monkeypatch):
    client.post("/login/", {"username": "alpha-county", "password": PASSWORD})
    now = [int(time.time())]
    monkeypatch.setattr(time, "time", lambda: now[0])
    for _ in range(settings.IDLE_MINUTES):
        assert client.get("/login/again/", headers={"X-Poll": "1"}).status_code == 200
        now[0] += 61
    assert client.get("/login/again/", headers={"X-Poll": "1"}).status_code == 401


def test_asking_for_the_session_prolongs_it_unless_it_is_a_poll(world, client, settings, monkeypatch):
    client.post("/login/", {"username": "alpha-county", "password": PASSWORD})
    assert client.get("/login/again/").status_code == 200
    begun, now = client.session[SEEN], [client.session[SEEN] + 600]
    monkeypatch.setattr(time, "time", lambda: now[0])
    assert client.get("/login/again/", headers={"X-Poll": "1"}).status_code == 200
    assert client.session[SEEN] == begun
    assert client.get("/login/again/").status_code == 200
    assert client.session[SEEN] == now[0]
    now[0] += settings.IDLE_MINUTES * 60 + 1
    assert client.get("/login/again/").status_code == 401
