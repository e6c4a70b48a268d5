"""Remember in a signed cookie which names have logged in with a browser."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from governance.access.models import User
from governance.access.secrets import keyed_hash

COOKIE, SALT = "known-browser", "known-browser"
KEPT = 180 * 24 * 3600  # seconds
NAMES = 8  # a shared computer remembers this many names


def number_of(request: HttpRequest, username: str) -> str:
    """The random number of this browser for a name that has logged in with it and its present password; else empty."""
    kept = _numbers(request).get(_key(username), "")
    number, _dot, mark = kept.partition(".")
    user = User.objects.filter(username=username).only("password").first() if mark else None
    return number if user and constant_time_compare(mark, _mark(number, user)) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Set the cookie after a log-in; the number is a new one, so that a copied cookie has its own count."""
    numbers, key, number = _numbers(request), _key(user.username), secrets.token_hex(12)
    numbers.pop(key, None)
    numbers = dict(list(numbers.items())[1 - NAMES :])
    numbers[key] = f"{number}.{_mark(number, user)}"
    response.set_cookie(
        COOKIE,
        signing.dumps(numbers, salt=SALT),
        max_age=KEPT,
        path=settings.LOGIN_URL,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def _mark(number: str, user: User) -> str:
    """A text that changes with the password, so that a new password ends what older cookies give."""
    return keyed_hash(f"{number}:{user.password}", "browser")[:16]


def _key(username: str) -> str:
    return keyed_hash(username.casefold(), "browser")[:12]


def _numbers(request: HttpRequest) -> dict[str, str]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return {}
