"""Queries of the territory: grants of a user, members of a unit, units that serve an area."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from governance.access.actors import Grant, Resolved
from governance.access.permissions import Role
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from grids.models import CODE_LENGTH, Area, Level, Post, Unit, UnitKind

# One row per post and covered area; a member without a post gives one row of nulls.
GRANTS_SQL = """
SELECT m.id, m.name, p.id, p.role, u.id, u.group_id, COALESCE(a.path, ua.path),
       ARRAY(SELECT s.id FROM grids_unit s
             WHERE s.tenant_id = m.tenant_id AND s.path >= u.path AND s.path < left(u.path, -1) || '0')
FROM governance_member m
LEFT JOIN grids_post p ON p.tenant_id = m.tenant_id AND p.member_id = m.id
     AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
LEFT JOIN grids_unit u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id
LEFT JOIN grids_area ua ON ua.tenant_id = u.tenant_id AND ua.id = u.area_id
LEFT JOIN grids_postarea pa ON pa.tenant_id = p.tenant_id AND pa.post_id = p.id
LEFT JOIN grids_area a ON a.tenant_id = pa.tenant_id AND a.id = pa.area_id
WHERE m.user_id = %(user)s AND m.active
ORDER BY p.id, 7
"""


def local_day(at: datetime) -> date:
    """The calendar day in the time zone of the open scope's district."""
    return at.astimezone(ZoneInfo(current().zone)).date()


def grants_of(user_id: int, at: datetime) -> Resolved | None:
    """The member behind a user and the grants of today's posts; one statement, None without a member."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_SQL, {"user": user_id, "day": local_day(at)})
        rows = cursor.fetchall()
    if not rows:
        return None
    posts: dict[int, Any] = {}
    for _member, _name, post, role, unit, group, path, parts in rows:
        if post is not None:
            posts.setdefault(post, (role, unit, group, parts, []))[4].append(path)
    grants = tuple(
        Grant(Role(role), unit, frozenset(parts), group, tuple(paths))
        for role, unit, group, parts, paths in posts.values()
    )
    return Resolved(rows[0][0], rows[0][1], grants)


def on_duty(day: date) -> Q:
    """The posts that hold on a day, of active members."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day)) & Q(member__active=True)


def lasting(day: date) -> Q:
    """The posts that are not over on a day, including those that have not begun."""
    return Q(valid_to=None) | Q(valid_to__gte=day)


def receivers(unit_ids: Iterable[int], at: datetime, roles: Iterable[Role] = ()) -> set[int]:
    """The members with a post in one of the units at that moment, with one of the roles if any are given."""
    found = Post.objects.filter(on_duty(local_day(at)), unit_id__in=list(unit_ids))
    if roles:
        found = found.filter(role__in=[*roles])
    return set(found.values_list("member_id", flat=True))


def staff(unit_ids: Iterable[int], at: datetime, roles: Iterable[Role] = ()) -> list[tuple[int, int]]:
    """The same with the unit of each post: (unit, member), sorted."""
    found = Post.objects.filter(on_duty(local_day(at)), unit_id__in=list(unit_ids))
    if roles:
        found = found.filter(role__in=[*roles])
    return sorted(set(found.values_list("unit_id", "member_id")))


def posted_over(path: str, role: Role, at: datetime) -> set[int]:
    """The members whose posts of this role cover the area path, however far above it their area is."""
    ancestors = ancestors_of(path)
    found = Post.objects.filter(on_duty(local_day(at)), role=role)
    covered = found.filter(covers__area__path__in=ancestors)
    by_unit = found.filter(covers=None, unit__area__path__in=ancestors)
    return set(covered.values_list("member_id", flat=True)) | set(by_unit.values_list("member_id", flat=True))


def ancestors_of(path: str) -> list[str]:
    """The paths from the district down to this one, itself included."""
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def in_force(code: str) -> Area | None:
    """The area in use with this code, or the grid that a merged one went into in the end; None if there is
    none."""
    found = Area.objects.select_related("merged_into").filter(code=code).first()
    while found is not None and found.merged_into is not None:
        found = Area.objects.select_related("merged_into").get(pk=found.merged_into_id)
    return found if found is not None and found.valid_to is None else None


#: From the area upwards: the unit that triages, the one that dispatches in the street, the one in the county.
LADDER = (UnitKind.COMMUNITY, UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER)


def ladder_of(path: str) -> list[int]:
    """The ids of the community, the command centre and the county centre that serve an area path, from the
    nearest up."""
    serving = holders_of(path)
    return [serving[kind] for kind in LADDER if kind in serving]


def holders_of(path: str) -> dict[str, int]:
    """The nearest community, command centre and county centre of an area path: {kind: unit id}; compiled, no
    statement.

    If two units of a kind serve the same area, the older one counts.
    """
    serving = compiled(current(), "holders", _load_holders)
    found: dict[str, int] = {}
    for ancestor in ancestors_of(path):
        found |= serving.get(ancestor, {})  # areas further down come later and win
    return found


def _load_holders() -> dict[str, dict[str, int]]:
    rows = Unit.objects.filter(kind__in=LADDER, active=True).order_by("-id")
    serving: dict[str, dict[str, int]] = {}
    for path, kind, pk in rows.values_list("area__path", "kind", "id"):
        serving.setdefault(path, {})[kind] = pk
    return serving


def district() -> Area | None:
    """The root of the open scope's tree, None if there is none."""
    return Area.objects.filter(level=Level.DISTRICT).order_by("path").first()


def community_path(path: str) -> str:
    """The path of the community that contains an area path, or the path itself if it is above communities.

    A community's code has twelve digits and does not end in 000 (domain.md B1); sections have other lengths,
    streets end in 000.
    """
    kept = []
    for code in path.rstrip("/").split("/"):
        kept.append(code)
        if len(code) == CODE_LENGTH[Level.COMMUNITY] and not code.endswith("000"):
            break
    return "/".join(kept) + "/"
