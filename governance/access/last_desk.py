"""A cookie with the district whose desk this browser opened last; the next log-in leads there."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from governance.access import actors
from governance.tenancy import queries
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope

COOKIE = "desk"
KEPT_FOR = 365 * 24 * 3600  # seconds


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Store the district of a desk page that was shown; the cookie says nothing about the person."""
    if response.status_code != 200 or request.COOKIES.get(COOKIE) == request.tenant.slug:
        return
    given = {"httponly": True, "samesite": "Lax", "secure": bool(settings.SESSION_COOKIE_SECURE)}
    response.set_cookie(COOKIE, request.tenant.slug, max_age=KEPT_FOR, **given)


def last_visited(request: HttpRequest, at: datetime) -> Tenant | None:
    """The district in the cookie, if the user who just logged in is a member of it; else None.

    The cookie's text is not trusted: it may hold anything.
    """
    slug = request.COOKIES.get(COOKIE, "")
    tenant = queries.by_slug(slug) if slug.isascii() and slug.replace("-", "").isalnum() else None
    if tenant is None:
        return None
    with scope(tenant):
        member = actors.of_user(request.user.pk, tenant.pk, at).kind == "member"
    return tenant if member else None
