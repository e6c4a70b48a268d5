"""Middleware that ends idle sessions."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

SEEN = "seen_at"
STEP = 60  # seconds between two writes of the session


class IdleTimeout:
    """Log out a user who did nothing for IDLE_MINUTES; writes the session at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and "_auth_user_id" in request.session:
            now = int(time.time())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.IDLE_MINUTES * 60:
                logout(request)
            elif SEEN not in request.session or now - seen > STEP:
                request.session[SEEN] = now
        return self.get_response(request)
