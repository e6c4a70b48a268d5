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
