"""The proof of a phone that a browser holds, and how it gets one."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.errors import Invalid, TooOften
from governance.web import limits
from governance.web.client_address import client_address
from governance.web.limits import HOUR
from tickets.phones import actions
from tickets.phones.models import PhoneProof

COOKIE = "phone-pass"


def proven(request: HttpRequest) -> PhoneProof | None:
    """The proof of the phone that this browser holds for this district, or None."""
    return actions.of_pass(request.COOKIES.get(COOKIE, ""), timezone.now())


def remember(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Set a cookie with the pass, for this district only."""
    given = {"path": home_address(request), "httponly": True, "samesite": "Lax"}
    kept_for = int(actions.PASS_FOR.total_seconds())
    response.set_cookie(
        COOKIE, secret, max_age=kept_for, secure=bool(settings.SESSION_COOKIE_SECURE), **given
    )


def prove(request: HttpRequest, phone: str, code: str) -> tuple[PhoneProof, str]:
    """As the action; a wrong code is counted after the rollback."""
    try:
        return actions.prove(phone, code, at=timezone.now())
    except Invalid as error:
        if error.code == "wrong_code":
            request.afterwards.append(partial(actions.missed, phone))
        raise


def send(request: HttpRequest, phone: str) -> None:
    """Send a code, unless this network address has requested too many within the hour; raises TooOften."""
    tenant = request.tenant
    keys = {f"codes:{tenant.pk}:{client_address(request)}": tenant.setting("codes_per_address")}
    if limits.reached(keys):
        raise TooOften(_("这个网络地址获取验证码太频繁，请一小时后再试"), field="phone")
    actions.send_code(phone, at=timezone.now())
    limits.count(keys, HOUR)


def home_address(request: HttpRequest) -> str:
    return reverse("portal:home", kwargs={"tenant": request.tenant.slug})
