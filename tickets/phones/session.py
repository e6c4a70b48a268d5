"""The proof of a phone that a browser holds, and how it gets one."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core import signing
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
ASKED_COOKIE = "phone-asked"  # names the code that this browser asked for
SALT = "phones.asked"


def proven(request: HttpRequest) -> PhoneProof | None:
    """The proof of the phone that this browser holds for this district, or None."""
    return actions.of_pass(request.COOKIES.get(COOKIE, ""), timezone.now())


def remember(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """Set a cookie with the pass, for this district only; the cookie of the code is no longer needed."""
    _set(request, response, COOKIE, secret, actions.PASS_FOR)
    response.delete_cookie(ASKED_COOKIE, path=home_address(request), samesite="Lax")


def remember_asked(request: HttpRequest, response: HttpResponse, proof: PhoneProof | None) -> None:
    """Set a cookie that lets this browser try the code that was sent for this proof."""
    if proof:
        _set(request, response, ASKED_COOKIE, signing.dumps(proof.pk, salt=SALT), actions.CODE_FOR)


def _set(request: HttpRequest, response: HttpResponse, name: str, value: str, kept_for: timedelta) -> None:
    given = {"path": home_address(request), "httponly": True, "samesite": "Lax"}
    seconds = int(kept_for.total_seconds())
    response.set_cookie(name, value, max_age=seconds, secure=bool(settings.SESSION_COOKIE_SECURE), **given)


def _asked(request: HttpRequest) -> int | None:
    """The id of the proof whose code this browser asked for, or None."""
    with suppress(signing.BadSignature):
        return signing.loads(request.COOKIES.get(ASKED_COOKIE, ""), salt=SALT)
    return None


def prove(request: HttpRequest, phone: str, code: str) -> tuple[PhoneProof, str]:
    """As the action; a wrong code is counted after the rollback."""
    asked = _asked(request)
    try:
        return actions.prove(asked, phone, code, at=timezone.now())
    except Invalid as error:
        if error.code == "wrong_code":
            request.afterwards.append(partial(actions.missed, asked))
        raise


def send(request: HttpRequest, phone: str) -> PhoneProof:
    """Send a code, unless this network address has requested too many within the hour; raises TooOften.

    The caller passes the proof to `remember_asked`.
    """
    tenant = request.tenant
    keys = {f"codes:{tenant.pk}:{client_address(request)}": tenant.setting("codes_per_address")}
    if limits.reached(keys):
        raise TooOften(_("当前网络获取验证码过于频繁，请一小时后再试"), field="phone")
    proof = actions.send_code(phone, at=timezone.now())
    limits.count(keys, HOUR)
    return proof


def home_address(request: HttpRequest) -> str:
    return reverse("portal:home", kwargs={"tenant": request.tenant.slug})
