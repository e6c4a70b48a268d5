"""Bearer tokens: made once, shown once, hashed at rest."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from governance.access.models import ApiToken, User
from governance.access.permissions import TOKEN_SCOPES
from governance.errors import Invalid
from governance.tenancy.models import Tenant

PREFIX = "gov_"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(user: User, tenant: Tenant, *, name: str, scopes: list[str], at: datetime, days: int = 365) -> str:
    """Make a token and return its text, the only time it can be seen; raises Invalid for an unknown scope."""
    unknown = set(scopes) - set(TOKEN_SCOPES)
    if unknown:
        raise Invalid("unknown scope: " + ", ".join(sorted(unknown)), code="unknown_scope", field="scopes")
    text = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        tenant=tenant,
        user=user,
        name=name,
        scopes=scopes,
        digest=digest(text),
        expires_at=at + timedelta(days=days),
    )
    return text


def of_header(header: str, tenant_id: int, at: datetime) -> ApiToken | None:
    """The good token of this district named by an Authorization header, or None."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(header.removeprefix("Bearer ").strip()), tenant_id=tenant_id)
        .first()
    )
    return token if token and token.is_good(at) and token.user.is_active else None


class BearerAuthentication(BaseAuthentication):
    """The actor was resolved with the scope; here only a bad token is refused."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        actor = getattr(request._request, "actor", None)
        if actor is None or actor.kind == "public":
            return None
        if actor.kind == "refused":
            raise AuthenticationFailed(
                "the token is unknown, expired or of another district", code="bad_token"
            )
        if actor.kind != "token":
            return None  # a session is for pages; programs bring a token
        return actor, actor

    def authenticate_header(self, request: HttpRequest) -> str:
        return "Bearer"


class HasActor(BasePermission):
    """A good token must have been sent."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.user is not None


class AnyActor(BasePermission):
    """Residents' programs may come without a token; a bad one is still refused."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return True
