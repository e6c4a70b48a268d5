"""Template context of every page: the district, the actor, the menus."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from governance.access.permissions import Permission
from governance.web import menus

ELDER_COOKIE = "elder"  # set in the browser of a person who entered through the elder version
UNREAD_FOR = 30  # seconds for which a count of unread notices is cached


def place_and_person(request: HttpRequest) -> dict[str, Any]:
    """The tenant, the actor and the menus.

    The only query is the count of unread notices, and only if a template shows it.
    """
    actor, tenant = getattr(request, "actor", None), getattr(request, "tenant", None)
    return {
        "tenant": tenant,
        "actor": actor,
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "demo": settings.DEMO,
        "idle_seconds": settings.IDLE_MINUTES * 60,
        "may_edit_settings": bool(actor and actor.grants_with(Permission.SETTINGS_EDIT)),
        "desk_menu": SimpleLazyObject(lambda: menus.entries("desk", actor)),
        "thumb_menu": SimpleLazyObject(lambda: [one for one in menus.entries("desk", actor) if one.at_thumb]),
        "settings_menu": SimpleLazyObject(lambda: menus.entries("settings", actor)),
        "unread": SimpleLazyObject(
            lambda: _unread(tenant.pk, actor.member_id) if actor and actor.member_id else 0
        ),
    }


def unread_of(request: HttpRequest) -> int:
    """The number of unread, visible notices of the member who sent the request, at most 100."""
    actor = request.actor
    return _unread(request.tenant.pk, actor.member_id) if actor.member_id else 0


def unread_key(tenant_id: int, member_id: int) -> str:
    """The cache key of a member's count of unread notices; delete it when some are read."""
    return f"unread:{tenant_id}:{member_id}"


def _unread(tenant_id: int, member_id: int) -> int:
    from governance.events import notices  # noqa: PLC0415 - settings name this module before models load
    from governance.tenancy.scope import current  # noqa: PLC0415

    def counted() -> int:
        if current() is None:
            return 0
        return notices.ringing(member_id, timezone.now())[:100].count()

    return cache.get_or_set(unread_key(tenant_id, member_id), counted, UNREAD_FOR) or 0
