"""Service accounts (对接账号): programs with a name and a post of their own, that work by token only."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.models import Member, User
from governance.access.permissions import GRANTS, TOKEN_SCOPES, Permission, Role
from governance.accounts import actions as account_actions
from governance.errors import Conflict, Invalid, Missing
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Area, Unit
from grids.people import actions
from grids.tree import local_day


@dataclass(frozen=True, slots=True)
class Issued:
    """A service account and the text of its token, which cannot be shown again."""

    member: Member
    token: str


def usable(role: Role | str) -> list[str]:
    """The scopes of tokens that a post with this role can use."""
    return [scope for scope, permissions in TOKEN_SCOPES.items() if permissions & GRANTS[Role(role)]]


def roles() -> list[Role]:
    """The roles whose posts can use a token at all."""
    return [role for role in Role if usable(role)]


def add_service(
    *,
    name: str,
    purpose: str,
    unit: Unit,
    role: Role | str,
    areas: Iterable[Area] = (),
    scopes: list[str],
    days: int,
    by: Actor,
    at: datetime,
) -> Issued:
    """Add a service account with its post, and issue its token.

    Raises Forbidden; Conflict if the name is taken; Invalid for scopes that the post cannot use.
    """
    policy.require(by, Permission.TOKEN_ISSUE)
    policy.require(by, Permission.PEOPLE_EDIT)
    name = web_fields.required(name, "name", _("名称"))
    if not scopes or set(scopes) - set(usable(role)):
        raise Invalid(_("请选择该岗位可用的范围"), code="unusable_scope", field="scopes")
    if Member.objects.filter(name=name).exists():
        raise Conflict(_("已有名为“%(name)s”的人员或对接账号") % {"name": name}, code="taken", field="name")
    user = User.objects.create_user(f"api-{current().slug}-{secrets.token_hex(4)}", None, is_service=True)
    member = Member.objects.create(user=user, name=name)
    events.record("person.added", member, by=by, at=at, service=True)
    actions.post_person(member, unit, role, since=local_day(at), areas=areas, by=by, at=at)
    token = account_actions.issue_service_token(member, name=purpose, scopes=scopes, days=days, by=by, at=at)
    return Issued(member, token)


def service(pk: int) -> Member:
    """The service account with this id; raises Missing."""
    found = Member.objects.select_related("user").filter(pk=pk, user__is_service=True).first()
    if found is None:
        raise Missing(_("该对接账号不存在"))
    return found


def switch_off(member: Member, *, by: Actor, at: datetime) -> None:
    """Revoke the account's tokens and deactivate it. Raises Forbidden."""
    policy.require(by, Permission.TOKEN_ISSUE)
    actions.leave(member, by=by, at=at)
