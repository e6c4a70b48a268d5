"""Issue and revoke API tokens, and record passwords that an operator set."""

import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from governance import events
from governance.access import actors, policy
from governance.access.actors import Actor
from governance.access.models import ApiToken, Member, User
from governance.access.permissions import TOKEN_SCOPES, Permission
from governance.access.secrets import digest
from governance.errors import Forbidden, Invalid, Missing
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope

PREFIX = "gov_"


def issue_token(*, name: str, scopes: list[str], days: int, by: Actor, at: datetime) -> str:
    """Create a token of this district for the actor's own log-in and return its text.

    The text is returned here once and cannot be shown again. Only the platform's operator can issue a token
    for another person (`manage.py issue_token`): a member who issues tokens must not be able to act as
    others.
    """
    policy.require(by, Permission.TOKEN_ISSUE)
    member = Member.objects.select_related("user").get(pk=by.member_id)
    return _issue(member, name=name, scopes=scopes, days=days, by=by, at=at)


def issue_service_token(
    member: Member, *, name: str, scopes: list[str], days: int, by: Actor, at: datetime
) -> str:
    """Create a token for a service account, in whose name nobody else acts, and return its text.

    Raises Forbidden without the right, and for the account of a person.
    """
    policy.require(by, Permission.TOKEN_ISSUE)
    if not member.user.is_service:
        raise Forbidden(_("只能为对接账号签发令牌"), code="not_a_service")
    return _issue(member, name=name, scopes=scopes, days=days, by=by, at=at)


def _issue(member: Member, *, name: str, scopes: list[str], days: int, by: Actor, at: datetime) -> str:
    text = create_token(member.user, current(), name=name, scopes=scopes, at=at, days=days)
    token = ApiToken.objects.get(digest=digest(text))
    events.record("token.issued", token, by=by, at=at, member=member.pk, scopes=scopes, days=days)
    return text


def revoke_token(pk: int, *, by: Actor, at: datetime) -> ApiToken:
    """Revoke a token of this district; revoking it again changes nothing. Raises Forbidden, Missing."""
    policy.require(by, Permission.TOKEN_ISSUE)
    token = ApiToken.objects.filter(pk=pk, tenant=current()).first()
    if token is None:
        raise Missing(_("该令牌不存在"))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        events.record("token.revoked", token, by=by, at=at)
    return token


def revoke_tokens(user: User, *, by: Actor, at: datetime) -> int:
    """Revoke all tokens that a user has in the open scope's district; returns how many.

    Called when the person leaves or somebody else sets the password: a program must not go on in the name of a person
    who cannot log in any more.
    """
    found = ApiToken.objects.filter(user=user, tenant=current(), revoked_at=None, expires_at__gt=at)
    tokens = list(found.order_by("pk").select_for_update())
    found.filter(pk__in=[token.pk for token in tokens]).update(revoked_at=at)
    events.record_each("token.revoked", [(token, {}) for token in tokens], by=by, at=at)
    return len(tokens)


def password_set_by_operator(user: User, *, at: datetime) -> None:
    """Revoke a user's tokens and record the new password in each district of the user, so that it is seen there.

    Opens the scopes itself. The operator is no member of the districts, so the platform is the actor.
    """
    for tenant in Tenant.objects.all():  # a district that is switched off may be switched on again
        with scope(tenant):
            member = Member.objects.filter(user=user).first()
            if member is not None:
                by = actors.system(tenant.pk)
                revoke_tokens(user, by=by, at=at)
                events.record("account.password_set", member, by=by, at=at)


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
