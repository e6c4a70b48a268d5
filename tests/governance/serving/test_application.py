"""The variables that Django gets of a request, and what a real web server does with slow and wrong bodies."""

import resource
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain

import pytest
import requests

from governance.serving.application import environ
from tests.stack import ROOT, Stack


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """A web server of one process, without worker and beat."""
    made = Stack("serving", tmp_path_factory.mktemp("serving"))
    made.env["PROXY_COUNT"] = "1"
    try:
        yield made.up(parts=("broker", "web"))
    finally:
        made.down()


class Scope:
    """A request as granian describes it."""

    proto, http_version, method, scheme, authority = "http", "1.1", "POST", "http", None
    server, client, query_string = "127.0.0.1:8000", "[2001:db8::1]:50000", "q=%E8%A1%97"

    def __init__(self, path, *headers):
        self.path = path
        self.headers = dict(headers) if len(dict(headers)) == len(headers) else Pairs(headers)


class Pairs:
    def __init__(self, pairs):
        self.pairs = pairs

    def items(self):
        return self.pairs


def test_a_header_with_an_underscore_does_not_stand_in_for_another():
    scope = Scope("/", ("x_forwarded_for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7"))
    assert environ(scope)["HTTP_X_FORWARDED_FOR"] == "198.51.100.7"


def test_headers_of_one_name_are_joined():
    scope = Scope("/", ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7"))
    assert environ(scope)["HTTP_X_FORWARDED_FOR"] == "203.0.113.9,198.51.100.7"
    cookies = environ(Scope("/", ("cookie", "a=1"), ("cookie", "b=2")))
    assert cookies["HTTP_COOKIE"] == "a=1; b=2"


def test_the_address_of_the_connection_has_no_port():
    assert environ(Scope("/"))["REMOTE_ADDR"] == "2001:db8::1"


@pytest.mark.slow
def test_chinese_in_path_query_and_body_arrives(web):
    wanted = {"next": "/alpha/desk/tickets/?q=春风里 %"}
    page = requests.get(f"{web.url}/login/", params=wanted, timeout=20)
    assert 'value="/alpha/desk/tickets/?q=春风里 %"' in page.text
    given = {**wanted, "username": "没有这个人", "password": "x"}
    headers = {"Cookie": f"csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32, "X-Forwarded-For": "198.51.100.7"}
    answer = requests.post(f"{web.url}/login/", data=given, headers=headers, timeout=20)
    assert answer.status_code == 400
    assert 'value="没有这个人"' in answer.text
    assert requests.get(f"{web.url}/%61lpha/", timeout=20).status_code == 200
    assert requests.get(f"{web.url}/%256detrics", timeout=20).status_code == 404  # decoded once, not twice
    for path in ("/login/?next=电", "/alpha/track/?number=电&code=A", "/alpha/api/v1/tickets/?q=电"):
        with socket.create_connection(("127.0.0.1", web.port), timeout=20) as raw:
            raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert raw.recv(12)[9:12] in {b"200", b"400", b"401"}, path
    assert requests.get(f"{web.url}/alpha/没有/", timeout=20).status_code == 404


@pytest.mark.slow
def test_bodies_that_break_the_limits_are_answered_without_django(web):
    for lines, status in (
        ("Content-Length: 99999999999", b"413"),
        ("Content-Length: -5", b"400"),
        ("Transfer-Encoding: chunked", b"411"),
    ):
        with socket.create_connection(("127.0.0.1", web.port), timeout=20) as raw:
            raw.sendall(f"POST /alpha/report/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n\r\n".encode())
            assert status in raw.recv(200), lines


HALF_SENT = b"POST /alpha/api/v1/tickets/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"
HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@contextmanager
def connections(web, *beginnings):
    """Open connections, one for each beginning of a request."""
    with ExitStack() as opened:
        found = []
        for begin in beginnings:
            raw = opened.enter_context(socket.create_connection(("127.0.0.1", web.port), timeout=20))
            with suppress(ConnectionError):  # refused connections are closed by the server
                raw.sendall(begin)
            found.append(raw)
        yield found


def times_of_others(web):
    """The seconds that pages take for five visitors with another address, in ascending order."""

    def visit(number):
        headers, taken = {"X-Forwarded-For": f"198.51.100.{number}"}, []
        for path in ("/healthz", "/alpha/", "/login/", "/alpha/matters/"):
            began = time.monotonic()
            assert requests.get(web.url + path, headers=headers, timeout=20).status_code == 200
            taken.append(time.monotonic() - began)
        return taken

    with ThreadPoolExecutor(5) as pool:
        return sorted(chain.from_iterable(pool.map(visit, range(1, 6))))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "beginning"),
    [(200, HALF_SENT), (1500, HALF_SENT), (1500, b""), (1500, HTTP_2), (1500, b"GET / HTTP/1.1\r\n")],
    ids=["200 bodies", "1500 bodies", "silent", "HTTP/2", "half a heading"],
)
def test_many_connections_do_not_hold_up_other_visitors(web, count, beginning):
    """They wait with a request that is not complete; the pages of other visitors take less than two seconds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * count), hard))
    try:
        with connections(web, *[beginning] * count):
            assert times_of_others(web)[18] < 2
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
def test_an_address_has_its_share_of_bodies_and_others_theirs(web):
    other = HALF_SENT.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n")
    with connections(web, *[HALF_SENT] * 80, other) as opened:
        refused = opened[79].recv(200)
        assert refused.startswith(b"HTTP/1.1 429")
        assert b"retry-after: 10" in refused
        for waiting in (opened[0], opened[80]):
            waiting.settimeout(0.3)
            with pytest.raises(TimeoutError):
                waiting.recv(1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("proxies", "seen"), [("1", "visitors can make it up"), ("0", "✓ 访客地址 visitor's address: 127.0.0.1")]
)
def test_the_doctor_sees_whether_the_number_of_proxies_is_right(web, proxies, seen):
    """The server runs without a proxy, so one is too many."""
    web.env.update(PROXY_COUNT=proxies, PUBLIC_URL=web.url)
    web.kill("web")
    web.start("web")
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=web.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert seen in done.stdout
