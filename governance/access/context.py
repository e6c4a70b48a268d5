"""What every page knows: the district and the person."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from governance.access.permissions import Permission


def place_and_person(request: HttpRequest) -> dict[str, Any]:
    """tenant, actor, and what the menu may show; no query."""
    actor = getattr(request, "actor", None)
    return {
        "tenant": getattr(request, "tenant", None),
        "actor": actor,
        "demo": settings.DEMO,
        "may_edit_settings": bool(actor and actor.grants_with(Permission.SETTINGS_EDIT)),
    }
