"""Group robots: the request to each platform, and the answers that count as success."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

import pytest

from governance.errors import Invalid
from governance.messages import failure_reasons, outbox, robots


class Group(BaseHTTPRequestHandler):
    """A platform on loopback: records each request and answers as the test wants."""

    heard: list = []
    answer: tuple = (200, {"errcode": 0})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Group.heard.append((self.path, body))
        status, said = Group.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", said)
            said = {}
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def group(settings):
    server = HTTPServer(("127.0.0.1", 0), Group)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Group.heard, Group.answer = [], (200, {"errcode": 0})
    settings.ROBOT_ORIGINS = [f"http://127.0.0.1:{server.server_port}"]
    yield settings.ROBOT_ORIGINS[0]
    server.shutdown()
    server.server_close()
    thread.join()


def post(origin, platform, secret=""):
    robots.send(robots.pack(platform, f"{origin}/send?key=k", secret), "新工单", reference="1")
    return Group.heard[-1]


def test_each_platform_gets_its_own_form(group):
    assert post(group, "wecom") == ("/send?key=k", {"msgtype": "text", "text": {"content": "新工单"}})
    assert post(group, "dingtalk") == ("/send?key=k", {"msgtype": "text", "text": {"content": "新工单"}})
    assert post(group, "feishu")[1] == {"msg_type": "text", "content": {"text": "新工单"}}


def signed(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def test_a_secret_signs_the_moment(group):
    address, _body = post(group, "dingtalk", "SEC1")
    given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert given["sign"] == signed("SEC1", f"{given['timestamp']}\nSEC1")
    assert len(given["timestamp"]) == 13
    _address, body = post(group, "feishu", "SEC2")
    assert body["sign"] == signed(f"{body['timestamp']}\nSEC2", "")
    assert len(body["timestamp"]) == 10


@pytest.mark.parametrize(
    "answer",
    [(200, {"errcode": 93000}), (200, {"code": 19021}), (404, {}), (500, {}), (302, "http://127.0.0.1:1/")],
)
def test_what_was_refused_is_an_error_that_does_not_tell_the_address(group, answer):
    Group.answer = answer
    with pytest.raises(robots.Refused) as refusal:
        post(group, "wecom")
    assert "key=k" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/send",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com.example.org/",
        "https://qyapi.weixin.qq.com@example.org/",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_named_origins_are_called(address):
    with pytest.raises(Invalid) as refusal:
        robots.check(address)
    assert refusal.value.code == "foreign_address"
    robots.check("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1")


@pytest.mark.parametrize("platform", ["wecom", "dingtalk", "feishu"])
def test_a_platform_s_address_is_its_own(platform, settings):
    settings.ROBOT_ORIGINS = [*settings.ROBOT_ORIGINS, "https://im.example.org"]
    for owner, origin in robots.ORIGINS.items():
        if owner == platform:
            robots.check(f"{origin}/send?key=1", platform)
            continue
        with pytest.raises(Invalid) as refusal:
            robots.check(f"{origin}/send?key=1", platform)
        assert (refusal.value.code, refusal.value.field) == ("other_platform", "address")
    robots.check("https://im.example.org/send?key=1", platform)
    with pytest.raises(Invalid):
        robots.check(f"{robots.ORIGINS[platform]}/send?key=1#", platform)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError("x"), "无法连接平台"),
        (ConnectionResetError(), "无法连接平台"),
        (robots.Refused(93000), "平台拒收（93000）"),
        (RuntimeError("13900001234"), "发送失败"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_went_wrong_is_said_in_words(error, words):
    assert failure_reasons.why(outbox._named(error)) == words
    assert (failure_reasons.why("late"), failure_reasons.why("")) == ("过时未发", "")
