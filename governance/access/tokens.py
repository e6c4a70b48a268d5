"""Bearer tokens: shown once, hashed at rest."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from governance.access.secrets import digest

GOOD = """
SELECT k.user_id, k.scopes FROM governance_apitoken k JOIN governance_user u ON u.id = k.user_id AND u.is_active
WHERE k.digest = %s AND k.tenant_id = %s AND k.revoked_at IS NULL AND k.expires_at > %s
"""


@dataclass(frozen=True, slots=True)
class Bearer:
    """The content of a valid token."""

    user_id: int
    scopes: tuple[str, ...]


def of_header(header: str, tenant_id: int, at: datetime) -> Bearer | None:
    """The valid token of this district in an Authorization header, or None.

    One raw SQL statement, because every API call runs it.
    """
    with connection.cursor() as cursor:
        cursor.execute(GOOD, [digest(header.removeprefix("Bearer ").strip()), tenant_id, at])
        found = cursor.fetchone()
    return Bearer(found[0], tuple(json.loads(found[1]))) if found else None


class BearerAuthentication(BaseAuthentication):
    """Refuse a bad token; the actor itself was resolved earlier, with the scope."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        actor = getattr(request._request, "actor", None)
        if actor is None or actor.kind == "public":
            return None
        if actor.kind == "refused":
            raise AuthenticationFailed(_("令牌无效、已过期，或属于其他区县"), code="bad_token")
        if actor.kind != "token":
            return None  # sessions are for pages only; programs send a token
        return actor, actor

    def authenticate_header(self, request: HttpRequest) -> str:
        return "Bearer"


class HasActor(BasePermission):
    """Require a valid token."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.user is not None


class AnyActor(BasePermission):
    """Allow calls without a token, for residents' programs; a bad token is still refused."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return True
