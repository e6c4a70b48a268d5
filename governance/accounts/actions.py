"""Issue and revoke API tokens."""

import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.models import ApiToken, User
from governance.access.permissions import TOKEN_SCOPES, Permission
from governance.access.secrets import digest
from governance.errors import Invalid, Missing
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current

PREFIX = "gov_"


def issue_token(*, name: str, scopes: list[str], days: int, by: Actor, at: datetime) -> str:
    """Create a token of this district for the actor's own log-in and return its text.

    The text is returned here once and cannot be shown again. Only the platform's operator can issue a token
    for another person (`manage.py issue_token`): a member who issues tokens must not be able to act as
    others.
    """
    policy.require(by, Permission.TOKEN_ISSUE)
    user = User.objects.get(pk=by.user_id)
    text = create_token(user, current(), name=name, scopes=scopes, at=at, days=days)
    token = ApiToken.objects.get(digest=digest(text))
    events.record("token.issued", token, by=by, at=at, member=by.member_id, scopes=scopes, days=days)
    return text


def revoke_token(pk: int, *, by: Actor, at: datetime) -> ApiToken:
    """Revoke a token of this district; revoking it again changes nothing. Raises Forbidden, Missing."""
    policy.require(by, Permission.TOKEN_ISSUE)
    token = ApiToken.objects.filter(pk=pk, tenant=current()).first()
    if token is None:
        raise Missing(_("没有这个令牌"))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        events.record("token.revoked", token, by=by, at=at)
    return token


def create_token(
    user: User, tenant: Tenant, *, name: str, scopes: list[str], at: datetime, days: int = 365
) -> str:
    """Create a token and return its text, which cannot be shown again.

    Raises Invalid for an unknown scope.
    """
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
