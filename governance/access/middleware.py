"""Middleware: end idle sessions, and run a view in the scope of the tenant in the URL."""

import logging
import random
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse

from governance.access import actors
from governance.database import failures
from governance.tenancy import queries
from governance.tenancy.scope import scope

logger = logging.getLogger(__name__)

MOST_BODY = 6 * 1024 * 1024  # bytes; a view that takes files has its own limit in `most_body`
MOST_API_BODY = 1024 * 1024  # bytes; the longest text has far fewer

SEEN = "seen_at"
STEP = 60  # seconds between two writes of the session
TRIES = 3  # of one request, if the database refuses it for a reason that passes


class IdleTimeout:
    """Log out a user who did nothing for IDLE_MINUTES; writes the session at most once a minute.

    A request that a page repeats automatically has the header X-Poll; it does not count as use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and "_auth_user_id" in request.session:
            now = int(time.time())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.IDLE_MINUTES * 60:
                logout(request)
            elif SEEN not in request.session or ("X-Poll" not in request.headers and now - seen > STEP):
                request.session[SEEN] = now
        return self.get_response(request)


class TenantScope:
    """For each route with a `tenant`: read the body, open the scope, run the view. Must be the last middleware.

    Sets `request.tenant` and `request.actor`. An error status or an exception rolls back. Writes that must
    survive a rollback are callables in `request.afterwards`; each runs in its own transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: Any, kwargs: dict
    ) -> HttpResponse | None:
        """Run the view inside the scope and return its response."""
        slug = kwargs.pop("tenant", None)
        if slug is None:
            return None
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL is in no key and in no text")  # PostgreSQL rejects NUL in text
        request.tenant = queries.by_slug(slug)
        if request.tenant is None:
            raise Http404("no such tenant")
        _require_small_body(request, view)
        _read_body(request)
        if prepare := getattr(view, "prepare", None):
            prepare(request, kwargs)  # work of the view outside a transaction, such as reading a large table
        response = _until_it_passes(request, view, args, kwargs)
        for work in request.afterwards:
            _keep(request, work)
        return response


def _until_it_passes(request: HttpRequest, view: Callable, args: Any, kwargs: dict) -> HttpResponse:
    """Run the view; after a deadlock or a key that another request took at the same time, run it again."""
    for again in reversed(range(TRIES)):
        request.afterwards = []
        try:
            return _inside(request, view, args, kwargs)
        except DatabaseError as error:
            if not again or connection.in_atomic_block or not failures.passes(error):
                raise
            logger.info("the request is run again: %s", failures.sqlstate(error))
        for file in [one for _name, files in request.FILES.lists() for one in files]:
            file.seek(0)
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - two that met should not meet again
    raise AssertionError("the last try returns or raises")


def _inside(request: HttpRequest, view: Callable, args: Any, kwargs: dict) -> HttpResponse:
    with scope(request.tenant):
        request.actor = actors.of_request(request)
        response = view(request, *args, **kwargs)
        if hasattr(response, "render") and callable(response.render):
            response = response.render()  # templates run queries, so render inside the scope
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def _keep(request: HttpRequest, work: Callable[[], None]) -> None:
    """Run work that must survive a rollback; if it fails, the response is still sent."""
    try:
        with scope(request.tenant):
            work()
    except Exception:
        logger.exception("what should be kept of a refused request is lost")


class BodyTooLarge(RequestDataTooBig):
    """The body is larger than its route allows; `most` is the limit in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} bytes")
        self.most = most


def most_body_of(view: Callable, method: str) -> int:
    """The largest body of a route in bytes: that of the view, or of the method of an API view."""
    actions = getattr(view, "actions", None) or {}
    method_of_api = getattr(getattr(view, "cls", None), actions.get(method.lower(), ""), None)
    return getattr(method_of_api or view, "most_body", MOST_API_BODY if hasattr(view, "cls") else MOST_BODY)


def _require_small_body(request: HttpRequest, view: Callable) -> None:
    length, most = request.META.get("CONTENT_LENGTH") or "0", most_body_of(view, request.method)
    if length.isdecimal() and int(length) > most:
        raise BodyTooLarge(most)


def _read_body(request: HttpRequest) -> None:
    """Read the request's body before the transaction opens, so that a slow phone holds no lock."""
    if request.method in {"POST", "PUT", "PATCH"}:
        if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            request.POST  # noqa: B018 - parsing reads the stream
        else:
            request.body  # noqa: B018
