"""Remember in a signed cookie which names have logged in with a browser."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from governance.access.secrets import keyed_hash

COOKIE, SALT = "known-browser", "known-browser"
KEPT = 180 * 24 * 3600  # seconds
NAMES = 8  # a shared computer remembers this many names


def number_of(request: HttpRequest, username: str) -> str:
    """The random number of this browser for a name that has logged in with it; empty for another name."""
    return _numbers(request).get(_key(username), "")


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Set the cookie after a log-in; the number is a new one, so that a copied cookie has its own count."""
    numbers = _numbers(request)
    numbers.pop(_key(username), None)
    numbers = dict(list(numbers.items())[1 - NAMES :])
    numbers[_key(username)] = secrets.token_hex(12)
    response.set_cookie(
        COOKIE,
        signing.dumps(numbers, salt=SALT),
        max_age=KEPT,
        path=settings.LOGIN_URL,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def _key(username: str) -> str:
    return keyed_hash(username.casefold(), "browser")[:12]


def _numbers(request: HttpRequest) -> dict[str, str]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return {}
