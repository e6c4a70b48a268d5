"""Chat group robots of WeCom, DingTalk and Feishu: post one line of text to the URL of a group.

The URL gives access to the group: it is stored encrypted, and only origins in ROBOT_ORIGINS are ever called.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.database.words import Words
from governance.errors import Invalid

PATIENCE = 5  # seconds for one call
MOST_ANSWER = 4096  # bytes read of a response


class Platform(Words):
    """The platform of the chat group."""

    WECOM = "wecom", gettext_lazy("企业微信")
    DINGTALK = "dingtalk", gettext_lazy("钉钉")
    FEISHU = "feishu", gettext_lazy("飞书")


#: The origin of each platform. Other origins in ROBOT_ORIGINS are a district's own servers, of any platform.
ORIGINS = {
    Platform.WECOM: "https://qyapi.weixin.qq.com",
    Platform.DINGTALK: "https://oapi.dingtalk.com",
    Platform.FEISHU: "https://open.feishu.cn",
}


class Refused(Exception):
    """The platform answered with an error code."""

    def __init__(self, code: object) -> None:
        super().__init__(str(code)[:20])
        self.code = str(code)[:20]


def check(address: str, platform: str = "") -> None:
    """Raise Invalid unless the URL may be called; with a platform, also if it belongs to another platform."""
    found = urlsplit(address)
    origin = f"{found.scheme}://{found.netloc}"
    if origin in settings.ROBOT_ORIGINS and "#" in address:
        raise Invalid(_("地址中不能有 #，请重新复制"), field="address", code="foreign_address")
    if platform and origin in ORIGINS.values() and origin != ORIGINS[Platform(platform)]:
        named = {"platform": Platform(platform).label, "origin": ORIGINS[Platform(platform)]}
        message = _("%(platform)s的地址应以 %(origin)s 开头") % named
        raise Invalid(message, field="address", code="other_platform")
    if origin not in settings.ROBOT_ORIGINS:
        origins = "、".join(settings.ROBOT_ORIGINS)
        raise Invalid(
            _("地址应以下面之一开头：%(origins)s") % {"origins": origins},
            field="address",
            code="foreign_address",
        )


def pack(platform: str, address: str, secret: str) -> str:
    """All data that a call needs, as text for the outbox."""
    return json.dumps([platform, address, secret])


def send(packed: str, text: str, *, reference: str) -> None:
    """Post one line. Raises an exception if it did not arrive.

    `reference` is not sent: these platforms do not recognise repeats.
    """
    platform, address, secret = json.loads(packed)
    check(address, platform)
    address, body = BODIES[Platform(platform)](address, secret, text, int(time.time()))
    headers = {"Content-Type": "application/json"}
    request = Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - see check()
    try:
        with _opener.open(request, timeout=PATIENCE) as answer:
            said = json.loads(answer.read(MOST_ANSWER) or b"{}")
    except HTTPError as error:
        raise Refused(error.code) from None  # the error contains the URL, which is secret
    code = said.get("errcode", said.get("code", said.get("StatusCode", 0))) if isinstance(said, dict) else 0
    if code:
        raise Refused(code)


class _Stay(HTTPRedirectHandler):
    """Follows no redirect, because a message for one origin must not reach another."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_opener = build_opener(_Stay())


def _wecom(address: str, secret: str, text: str, now: int) -> tuple[str, dict]:
    return address, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(address: str, secret: str, text: str, now: int) -> tuple[str, dict]:
    """With a secret, the URL also has the time in milliseconds and a signature over time and secret."""
    if secret:
        at = now * 1000
        signed = _signature(secret, f"{at}\n{secret}")
        address += f"&timestamp={at}&sign={quote_plus(signed)}"
    return address, {"msgtype": "text", "text": {"content": text}}


def _feishu(address: str, secret: str, text: str, now: int) -> tuple[str, dict]:
    """With a secret, the body also has the time in seconds and a signature whose key is time and secret."""
    body: dict = {"msg_type": "text", "content": {"text": text}}
    if secret:
        body |= {"timestamp": str(now), "sign": _signature(f"{now}\n{secret}", "")}
    return address, body


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


BODIES: dict[Platform, Callable[[str, str, str, int], tuple[str, dict]]] = {
    Platform.WECOM: _wecom,
    Platform.DINGTALK: _dingtalk,
    Platform.FEISHU: _feishu,
}
