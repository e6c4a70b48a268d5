"""The mode for elderly residents (长辈版): three big buttons, large text, read aloud (domain.md B10).

A cookie keeps the browser in this mode until the resident leaves it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.web import pages
from governance.web.context import ELDER_COOKIE

KEPT_FOR = 365 * 24 * 3600  # seconds


@pages.page
def home(request: HttpRequest) -> HttpResponse:
    """The entry page; from here on, all pages of the portal use large text in this browser."""
    setting = request.tenant.setting
    context = {"elder": True, "lines": setting("emergency_lines"), "hotline": setting("hotline")}
    response = render(request, "tickets/portal/elder.html", context)
    given = {"path": _root(request), "httponly": True, "samesite": "Lax"}
    response.set_cookie(
        ELDER_COOKIE, "1", max_age=KEPT_FOR, secure=bool(settings.SESSION_COOKIE_SECURE), **given
    )
    return response


@require_POST
@pages.page
def leave(request: HttpRequest) -> HttpResponse:
    """Return to the ordinary pages."""
    response = HttpResponseRedirect(_root(request))
    response.delete_cookie(ELDER_COOKIE, path=_root(request), samesite="Lax")
    return response


def _root(request: HttpRequest) -> str:
    return reverse("portal:home", kwargs={"tenant": request.tenant.slug})
