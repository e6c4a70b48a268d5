"""Members on duty, and members away."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.clocks import compiled_calendars
from governance.clocks.calendar import BeyondCalendar
from governance.events.receivers import Absence
from governance.tenancy.scope import current
from grids import tree as territory
from grids.models import DutyShift, Leave, Post, Unit, UnitKind
from grids.units import queries as unit_queries


def on_shift(unit_ids: Iterable[int], at: datetime) -> dict[int, list[int]]:
    """{unit: members} of the shifts at an instant, without members who are on leave or have left the unit.

    One statement.
    """
    away = Leave.objects.filter(starts_at__lte=at, ends_at__gt=at).values("member_id")
    posts = Post.objects.filter(
        territory.on_duty(territory.local_day(at)), member=OuterRef("member"), unit=OuterRef("unit")
    )
    shifts = DutyShift.objects.filter(unit_id__in=list(unit_ids), starts_at__lte=at, ends_at__gt=at)
    shifts = shifts.exclude(member_id__in=away).filter(Exists(posts))
    found: dict[int, list[int]] = {}
    for unit, member in shifts.order_by("id").values_list("unit_id", "member_id"):
        found.setdefault(unit, []).append(member)
    return found


def duty_unit(path: str, at: datetime) -> int | None:
    """Of the centres that serve an area path, the nearest with a member on duty at an instant; None if there
    is none."""
    serving = unit_queries.holders_of(path)
    centres = [serving[kind] for kind in (UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER) if kind in serving]
    shifts = on_shift(centres, at) if centres else {}
    return next((unit for unit in centres if unit in shifts), None)


def office_is_open(at: datetime) -> bool:
    """Is it working time in the district? Beyond the known calendars the offices count as open."""
    try:
        return compiled_calendars.calendar_for(current(), None, at).is_open(at)
    except BeyondCalendar:
        return True


def stand_in(member_id: int, at: datetime) -> Absence | None:
    """The absence of a member, with the deputy and the members on duty in their units (S61); None if not
    away."""
    leave = Leave.objects.filter(member_id=member_id, starts_at__lte=at, ends_at__gt=at).first()
    if leave is None:
        return None
    units = Unit.objects.filter(posts__member_id=member_id, posts__valid_to=None).values_list("pk", flat=True)
    duty = [member for members in on_shift(units, at).values() for member in members]
    return Absence(deputies=(leave.deputy_id,) if leave.deputy_id else (), duty=tuple(duty))


def shifts_of(by: Actor, since: datetime) -> QuerySet[DutyShift]:
    """The shifts not yet over that the actor may see: those of their units, for administrators all."""
    found = (
        DutyShift.objects.filter(ends_at__gt=since)
        .select_related("unit", "member")
        .order_by("starts_at", "id")
    )
    return found if by.grants_with(Permission.PEOPLE_EDIT) else found.filter(unit_id__in=sorted(by.unit_ids))


def leaves_of(by: Actor, since: datetime) -> QuerySet[Leave]:
    """The leaves not yet over of the actor, and of the people in the units whose roster the actor edits."""
    found = (
        Leave.objects.filter(ends_at__gt=since).select_related("member", "deputy").order_by("starts_at", "id")
    )
    if by.grants_with(Permission.PEOPLE_EDIT):
        return found
    units = sorted(by.unit_ids_with(Permission.ROSTER_EDIT))
    inside = Member.objects.filter(posts__unit_id__in=units, posts__valid_to=None).values("pk")
    return found.filter(Q(member_id=by.member_id) | Q(member_id__in=inside))
