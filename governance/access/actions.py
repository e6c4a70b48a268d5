"""Writes to log-ins and keys."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy, tokens
from governance.access.actors import Actor
from governance.access.models import ApiToken, User
from governance.access.permissions import Permission
from governance.errors import Missing
from governance.tenancy.scope import current

LETTERS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")


def issue_token(*, name: str, scopes: list[str], days: int, by: Actor, at: datetime) -> str:
    """A new token of this district in the issuer's own name; its text is returned here and never again.

    In somebody else's name the platform's operator issues it (`manage.py issue_token`): who hands out keys must not
    be able to act as others do.
    """
    policy.require(by, Permission.TOKEN_ISSUE)
    user = User.objects.get(pk=by.user_id)
    text = tokens.issue(user, current(), name=name, scopes=scopes, at=at, days=days)
    token = ApiToken.objects.get(digest=tokens.digest(text))
    events.record("token.issued", token, by=by, at=at, member=by.member_id, scopes=scopes, days=days)
    return text


def revoke_token(pk: int, *, by: Actor, at: datetime) -> ApiToken:
    """End a token of this district; ending it again changes nothing. Raises Forbidden, Missing."""
    policy.require(by, Permission.TOKEN_ISSUE)
    token = ApiToken.objects.filter(pk=pk, tenant=current()).first()
    if token is None:
        raise Missing(_("没有这个令牌"))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        events.record("token.revoked", token, by=by, at=at)
    return token


def initial_password() -> str:
    """Twelve letters and digits of three kinds, without those that are easily mixed up; to be changed at once."""
    chosen = [secrets.choice(kind) for kind in LETTERS for _n in range(4)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)
