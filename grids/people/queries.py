"""Grants of a user, and members of units."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from governance.access.actors import Grant, Resolved
from governance.access.permissions import Role
from grids.models import Post, Unit, UnitKind
from grids.tree import ancestors_of, local_day, on_duty
from grids.units import queries as unit_queries

# One row per post and covered area; a member without a post gives one row of nulls.
GRANTS_SQL = """
SELECT m.id, m.name, p.id, p.role, u.id, u.group_id, COALESCE(a.path, ua.path),
       ARRAY(SELECT s.id FROM grids_unit s
             WHERE s.tenant_id = m.tenant_id AND s.path >= u.path AND s.path < left(u.path, -1) || '0'),
       u.path,
       EXISTS (SELECT FROM grids_unit s WHERE s.tenant_id = m.tenant_id AND s.kind = 'county_center'
               AND s.path >= u.path AND s.path < left(u.path, -1) || '0'),
       ARRAY(SELECT s.id FROM grids_unit s
             JOIN grids_area sa ON sa.tenant_id = s.tenant_id AND sa.id = s.area_id
             WHERE s.tenant_id = m.tenant_id AND (
               u.kind = ANY(%(of_a_street)s) AND s.kind = ANY(%(over_streets)s)
                 AND left(ua.path, length(sa.path)) = sa.path
               OR u.kind = 'grid_team' AND s.kind = 'committee' AND left(ua.path, length(sa.path)) = sa.path
               OR u.kind = 'committee' AND s.kind = 'grid_team' AND left(sa.path, length(ua.path)) = ua.path))
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


def grants_of(user_id: int, at: datetime) -> Resolved | None:
    """The member behind a user and the grants of today's posts; one statement, None without a member."""
    with connection.cursor() as cursor:
        kinds = {"over_streets": [*unit_queries.OVER_STREETS], "of_a_street": [*unit_queries.OF_A_STREET]}
        cursor.execute(GRANTS_SQL, {"user": user_id, "day": local_day(at), **kinds})
        rows = cursor.fetchall()
    if not rows:
        return None
    posts: dict[int, Any] = {}
    for _member, _name, post, role, unit, group, path, parts, tree, leads, streets in rows:
        if post is not None:
            line = [*parts, *unit_queries.ids_on(tree), *streets]
            posts.setdefault(post, (role, unit, group, parts, line, leads, []))[6].append(path)
    return Resolved(rows[0][0], rows[0][1], tuple(_grant(*post) for post in posts.values()))


def _grant(
    role: str, unit: int, group: int | None, parts: list[int], line: list[int], leads: bool, paths: list[str]
) -> Grant:
    """One post as a grant. A leader over the district, in the county centre or above it, is in no unit's line."""
    over_all = role == Role.LEADER and leads and any(path.count("/") == 1 for path in paths)
    return Grant(Role(role), unit, frozenset(parts), group, tuple(paths), frozenset(() if over_all else line))


def members_in_line(path: str, at: datetime) -> set[int]:
    """The members with a post in the unit with this path or in line with it, as `Grant.line` says; two statements."""
    line = Unit.objects.filter(unit_queries.line_of(path))
    posts = Post.objects.filter(on_duty(local_day(at)), unit__in=line)
    return set(posts.exclude(pk__in=_leading(at).values("pk")).values_list("member_id", flat=True))


def leads_the_district(at: datetime) -> bool:
    """Is there a leader over the district, in the county centre or above it? Two statements."""
    return _leading(at).exists()


def _leading(at: datetime) -> QuerySet[Post]:
    """The posts of leaders over the district that are in no unit's line; one statement for the units."""
    centres = Unit.objects.filter(kind=UnitKind.COUNTY_CENTER).values_list("path", flat=True)
    above = {pk for path in centres for pk in unit_queries.ids_on(path)}
    root = Q(covers__area__parent=None, covers__isnull=False) | Q(covers=None, unit__area__parent=None)
    return Post.objects.filter(root, on_duty(local_day(at)), role=Role.LEADER, unit_id__in=sorted(above))


def of_people(at: datetime) -> QuerySet[Post]:
    """The posts at that moment that people hold; service accounts of other systems read no notices."""
    return Post.objects.filter(on_duty(local_day(at)), member__user__is_service=False)


def receivers(unit_ids: Iterable[int], at: datetime, roles: Iterable[Role] = ()) -> set[int]:
    """The members with a post in one of the units at that moment, with one of the roles if any are given."""
    found = of_people(at).filter(unit_id__in=list(unit_ids))
    if roles:
        found = found.filter(role__in=[*roles])
    return set(found.values_list("member_id", flat=True))


def staff(unit_ids: Iterable[int], at: datetime, roles: Iterable[Role] = ()) -> list[tuple[int, int]]:
    """The same with the unit of each post: (unit, member), sorted."""
    found = of_people(at).filter(unit_id__in=list(unit_ids))
    if roles:
        found = found.filter(role__in=[*roles])
    return sorted(set(found.values_list("unit_id", "member_id")))


def posted_over(path: str, role: Role, at: datetime) -> set[int]:
    """The members whose posts of this role cover the area path, however far above it their area is."""
    ancestors = ancestors_of(path)
    found = of_people(at).filter(role=role)
    covered = found.filter(covers__area__path__in=ancestors)
    by_unit = found.filter(covers=None, unit__area__path__in=ancestors)
    return set(covered.values_list("member_id", flat=True)) | set(by_unit.values_list("member_id", flat=True))
