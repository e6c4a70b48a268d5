"""Permission checks: may this actor do this to this subject?"""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import BY_UNIT, Permission
from governance.errors import Forbidden


class Placed(Protocol):
    """A subject of a permission check: it has an area and a unit in charge."""

    area_path: str
    lead_unit_id: int | None
    lead_section_id: int | None
    dispatched_by_id: int | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """A truthy answer."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """A falsy answer with a reason that a page can show."""

    reason: Any

    def __bool__(self) -> bool:
        return False


def can(actor: Actor, permission: Permission, subject: Placed) -> Allowed | Denied:
    """Allowed, or Denied with the reason.

    By area: the subject's path is inside an area of some grant. By unit: the lead unit is in one of the
    grants.
    """
    if actor.is_system:
        return Allowed()
    grants = actor.grants_with(permission)
    if not grants:
        return Denied(gettext_lazy("您的岗位无此权限"))
    if permission == Permission.TICKET_REDISPATCH:
        if any(subject.dispatched_by_id in grant.unit_ids for grant in grants):
            return Allowed()
        return Denied(gettext_lazy("事项不是由您的单位派出的"))
    if permission in BY_UNIT:
        theirs = {subject.lead_unit_id, subject.lead_section_id} - {None}
        if any(theirs & grant.unit_ids for grant in grants):
            return Allowed()
        return Denied(gettext_lazy("事项现在不由您的单位办理"))
    if any(subject.area_path.startswith(path) for grant in grants for path in grant.area_paths):
        return Allowed()
    return Denied(gettext_lazy("事项不在您的辖区"))


def holds(actor: Actor, permission: Permission) -> bool:
    """True if any post of the actor gives the permission, for any area or unit."""
    return actor.is_system or bool(actor.grants_with(permission))


def require(actor: Actor, permission: Permission, subject: Placed | None = None) -> None:
    """Raise Forbidden with the reason unless allowed.

    Without a subject, a post with the permission is enough, for any area or unit.
    """
    verdict = can(actor, permission, subject) if subject is not None else holds(actor, permission)
    if not verdict:
        raise Forbidden(getattr(verdict, "reason", None) or _("您的岗位无此权限"))


def below(field: str, paths: list[str]) -> Q:
    """The rows whose path lies in one of the subtrees.

    The condition uses ranges, because a range can use the index under row-level security.
    """
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + "0"})
    return found
