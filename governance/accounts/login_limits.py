"""Limits on wrong passwords: by name and address together, by address, and by each known browser alone.

A name alone is never locked, or anybody could lock another person out. After many failures on one name from any
address, each address gets fewer tries. A browser that has logged in with the name before is counted apart, so
that its owner can log in while others guess, also from behind the same address; unless the known browsers of
the name together have failed BROWSERS_OF_NAME times.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q, Sum
from django.http import HttpRequest

from governance.accounts import known_browsers

OF_ADDRESS = 30  # failures of one address, on any names
NAME_UNDER_ATTACK = 20  # failures on one name from all addresses
BROWSERS_OF_NAME = 20  # failures on one name from all browsers that know it
TRIES_THEN = 2  # tries of each address after that


class LoginLimits(AxesDatabaseHandler):
    """Counts failures as described above. Tries during a lock are not counted, so they do not prolong it."""

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count a failure for the browser if it is known, else for the address, whatever program it names."""
        if request is not None:
            request.axes_user_agent = _browser(request, credentials)
        super().user_login_failed(sender, credentials, request, **kwargs)

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """The failures that count against this log-in, to be compared with AXES_FAILURE_LIMIT.

        One statement, and one for a browser that may know the name.
        """
        name, browser = get_client_username(request, credentials), _browser(request, credentials)
        address = request.axes_ip_address
        there = Q(username=name, ip_address=address)
        recent = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address=address))
        found = recent.filter(attempt_time__gte=get_cool_off_threshold(request)).aggregate(
            browser=Sum("failures_since_start", filter=Q(username=name, user_agent=browser), default=0),
            unknown=Sum("failures_since_start", filter=there & Q(user_agent=""), default=0),
            there=Sum("failures_since_start", filter=there, default=0),
            browsers=Sum("failures_since_start", filter=Q(username=name) & ~Q(user_agent=""), default=0),
            address=Sum("failures_since_start", filter=Q(ip_address=address), default=0),
            name=Sum("failures_since_start", filter=Q(username=name), default=0),
        )
        if found["browsers"] >= BROWSERS_OF_NAME:
            browser, own = "", found["there"]
        else:
            own = found["browser" if browser else "unknown"]
        most = settings.AXES_FAILURE_LIMIT
        attacked = found["name"] >= NAME_UNDER_ATTACK and own >= TRIES_THEN
        if not browser and (attacked or found["address"] >= OF_ADDRESS):
            return max(own, most)
        return own


def _browser(request: HttpRequest, credentials: dict | None) -> str:
    return known_browsers.number_of(request, get_client_username(request, credentials) or "")
