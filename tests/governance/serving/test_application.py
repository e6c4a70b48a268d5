"""The variables that Django gets of a request, and what a real web server does with slow and wrong bodies."""

import socket
import subprocess
import sys
import threading
import time

import pytest
import requests

from governance.serving.application import environ
from tests.stack import ROOT, Stack

SLOW = 200  # connections that send one byte of a body


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
    assert environ(scope, None)["HTTP_X_FORWARDED_FOR"] == "198.51.100.7"


def test_headers_of_one_name_are_joined():
    scope = Scope("/", ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7"))
    assert environ(scope, None)["HTTP_X_FORWARDED_FOR"] == "203.0.113.9,198.51.100.7"
    cookies = environ(Scope("/", ("cookie", "a=1"), ("cookie", "b=2")), None)
    assert cookies["HTTP_COOKIE"] == "a=1; b=2"


def test_the_address_of_the_connection_has_no_port():
    assert environ(Scope("/"), None)["REMOTE_ADDR"] == "2001:db8::1"


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


@pytest.mark.slow
def test_half_sent_bodies_do_not_hold_up_other_visitors(web):
    """200 connections send one byte of a body and wait; the pages of other visitors take less than two seconds."""
    head = b"POST /alpha/api/v1/tickets/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"
    sockets = []
    try:
        for _ in range(SLOW):
            raw = socket.create_connection(("127.0.0.1", web.port), timeout=20)
            raw.sendall(head)
            sockets.append(raw)
        taken = []

        def visit():
            for path in ("/healthz", "/alpha/", "/login/", "/alpha/matters/"):
                began = time.monotonic()
                assert requests.get(web.url + path, timeout=20).status_code == 200
                taken.append(time.monotonic() - began)

        visitors = [threading.Thread(target=visit) for _ in range(5)]
        for one in visitors:
            one.start()
        for one in visitors:
            one.join()
        assert len(taken) == 20
        assert sorted(taken)[18] < 2
    finally:
        for raw in sockets:
            raw.close()


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
