"""Actors: a member with the grants of today's posts, a token, a reporter, or the system."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from governance.access.permissions import GRANTS, TOKEN_SCOPES, Permission, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """The rights of one post: a role, the unit with its sub-units, and the paths of the areas it covers.

    `line`: the units about which a complaint is sealed from the holder: the own one, those above and below it in the
    tree, and the office and command centre of its street; empty for a leader over the district.
    """

    role: Role
    unit_id: int
    unit_ids: frozenset[int]
    group_id: int | None
    area_paths: tuple[str, ...]
    line: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program that acts, resolved once per request with one query."""

    kind: str  # member, system, token, reporter, public
    tenant_id: int
    user_id: int | None = None
    member_id: int | None = None
    label: str = ""
    grants: tuple[Grant, ...] = ()
    allowed: frozenset[Permission] | None = None  # a token's limit
    reporter_id: int | None = None
    extra: dict = field(default_factory=dict, compare=False, hash=False)

    @property
    def is_system(self) -> bool:
        """True for the platform itself, which may do everything."""
        return self.kind == "system"

    def grants_with(self, permission: Permission) -> list[Grant]:
        """The grants whose role has the permission; none if the token does not allow it."""
        if self.allowed is not None and permission not in self.allowed:
            return []
        return [grant for grant in self.grants if permission in GRANTS[grant.role]]

    def area_paths(self, permission: Permission) -> list[str]:
        """The areas over which the actor has the permission, without areas inside another one."""
        return outermost(path for grant in self.grants_with(permission) for path in grant.area_paths)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units of all posts, sub-units included."""
        return frozenset().union(*(grant.unit_ids for grant in self.grants))

    @property
    def line(self) -> frozenset[int]:
        """The units about which a complaint is sealed from the actor, of all posts."""
        return frozenset().union(*(grant.line for grant in self.grants))

    def unit_ids_with(self, permission: Permission) -> frozenset[int]:
        """The units, sub-units included, of the posts that give the permission."""
        return frozenset().union(*(grant.unit_ids for grant in self.grants_with(permission)))

    def group_ids_with(self, permission: Permission) -> frozenset[int]:
        """The hidden groups of the units whose posts give the permission; shares are given to these."""
        return frozenset(grant.group_id for grant in self.grants_with(permission) if grant.group_id)

    @property
    def unit_id(self) -> int | None:
        """The unit of the first post, in whose name the actor acts by default."""
        return self.grants[0].unit_id if self.grants else None

    def has_role(self, *roles: Role) -> bool:
        """True if any post has one of these roles."""
        return any(grant.role in roles for grant in self.grants)


def outermost(paths: Iterable[str]) -> list[str]:
    """The paths, sorted, without those that lie inside another."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


GrantsProvider = Callable[[int, datetime], "Resolved | None"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A member and the grants of the posts that are valid at one moment."""

    member_id: int
    name: str
    grants: tuple[Grant, ...]


_provider: list[GrantsProvider] = []


def provide_grants(provider: GrantsProvider) -> None:
    """Register the function of grids that turns a user's posts into grants.

    It is called with the user's id and a moment, runs in the open scope and may use one query.
    """
    _provider[:] = [provider]


def system(tenant_id: int) -> Actor:
    """The platform itself, as the actor of deadlines, sweeps and imports of old data."""
    return Actor(kind="system", tenant_id=tenant_id, label="系统")


def public(tenant_id: int) -> Actor:
    """A visitor without a log-in."""
    return Actor(kind="public", tenant_id=tenant_id)


def of_user(user_id: int, tenant_id: int, at: datetime) -> Actor:
    """The member of this user in the open scope; a public actor if the user is not a member."""
    found = _provider[0](user_id, at)
    if found is None:
        return replace(public(tenant_id), user_id=user_id)
    return Actor("member", tenant_id, user_id, found.member_id, found.name, found.grants)


def of_request(request: HttpRequest) -> Actor:
    """The actor of a request: by bearer token if one was sent, else by session, else the public."""
    from governance.access.tokens import of_header  # noqa: PLC0415 - tokens need actors

    at, tenant_id = timezone.now(), request.tenant.pk
    if request.headers.get("Authorization", "").startswith("Bearer "):
        token = of_header(request.headers["Authorization"], tenant_id, at)
        if token is None:
            return Actor(kind="refused", tenant_id=tenant_id)
        actor = of_user(token.user_id, tenant_id, at)
        return replace(actor, kind="token", allowed=scopes_of(token.scopes))
    if request.user.is_authenticated:
        return of_user(request.user.pk, tenant_id, at)
    return public(tenant_id)


def scopes_of(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions that these token scopes allow; the user's posts must also give them."""
    return frozenset().union(*(TOKEN_SCOPES.get(name, frozenset()) for name in names))
