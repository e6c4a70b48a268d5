"""Write the duty roster and leave (值班与请假): no emergency is lost at night or while a member is away."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Conflict, Forbidden, Invalid, Missing
from grids.models import DutyShift, Leave, Unit
from grids.people import queries as people_queries
from grids.people import records

LONGEST_SHIFT = timedelta(days=7)
LONGEST_LEAVE = timedelta(days=366)


def plan_shift(
    unit: Unit, member: Member, *, starts_at: datetime, ends_at: datetime, by: Actor, at: datetime
) -> DutyShift:
    """Put a member of the unit on duty for a time; a member cannot have two shifts at once.

    Raises Forbidden without the right over the unit; Invalid or Conflict naming the field.
    """
    _require(by, unit)
    _span(starts_at, ends_at, LONGEST_SHIFT, "ends_at")
    if member.pk not in people_queries.receivers([unit.pk], starts_at):
        raise Invalid(
            _("%(name)s届时不在该单位任职") % {"name": member.name}, field="member", code="not_in_unit"
        )
    records.lock(member, "member")
    doubled = DutyShift.objects.filter(member=member, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if doubled.exists():
        raise Conflict(
            _("%(name)s这段时间已排了值班") % {"name": member.name}, field="member", code="doubled"
        )
    shift = DutyShift.objects.create(unit=unit, member=member, starts_at=starts_at, ends_at=ends_at)
    events.record("roster.planned", shift, by=by, at=at, member=member.pk, unit=unit.pk)
    return shift


def drop_shift(shift: DutyShift, *, by: Actor, at: datetime) -> None:
    """Delete a shift from the roster. Raises Forbidden, or Conflict if the shift is over."""
    _require(by, shift.unit)
    if shift.ends_at <= at:
        raise Conflict(_("已结束的值班不能删除"), code="over")
    events.record("roster.dropped", shift, by=by, at=at, member=shift.member_id, unit=shift.unit_id)
    shift.delete()


def take_leave(
    member: Member,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime,
    deputy: Member | None = None,
) -> Leave:
    """Record that a member is away for a time; their notices go to the deputy, else to the unit's members on
    duty.

    Members record their own leave; a member who edits a unit's roster records that of its people. Raises
    Forbidden, Invalid or Conflict naming the field.
    """
    if by.member_id != member.pk:
        units = Unit.objects.filter(posts__member=member, posts__valid_to=None)
        if not any(_may(by, unit) for unit in units):
            raise Forbidden(_("只能登记本人或本单位人员的请假"))
    _span(starts_at, ends_at, LONGEST_LEAVE, "ends_at")
    if deputy is not None and deputy.pk == member.pk:
        raise Invalid(_("代理人不能是本人"), field="deputy", code="own_deputy")
    records.lock(member, "member")
    if deputy is not None:
        records.lock(deputy, "deputy")
    if Leave.objects.filter(member=member, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Conflict(_("这段时间已登记过请假"), field="starts_at", code="doubled")
    leave = Leave.objects.create(member=member, deputy=deputy, starts_at=starts_at, ends_at=ends_at)
    facts = {"member": member.pk, "deputy": deputy and deputy.pk}
    events.record("roster.leave", leave, by=by, at=at, **facts)
    return leave


def end_leave(pk: int, *, by: Actor, at: datetime) -> Leave:
    """End a leave now; a leave that has not begun is deleted. Raises Missing or Forbidden."""
    leave = Leave.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if leave is None or leave.ends_at <= at:
        raise Missing(_("没有进行中的请假"))
    units = Unit.objects.filter(posts__member_id=leave.member_id, posts__valid_to=None)
    if by.member_id != leave.member_id and not any(_may(by, unit) for unit in units):
        raise Forbidden(_("只能登记本人或本单位人员的请假"))
    events.record("roster.back", leave, by=by, at=at, member=leave.member_id)
    if leave.starts_at >= at:
        leave.delete()
    else:
        leave.ends_at = at
        leave.save(update_fields=["ends_at"])
    return leave


def _span(starts_at: datetime, ends_at: datetime, most: timedelta, field: str) -> None:
    if ends_at <= starts_at:
        raise Invalid(_("结束时间要晚于开始时间"), field=field, code="date_order")
    if ends_at - starts_at > most:
        raise Invalid(_("一次最多 %(n)d 天") % {"n": most.days}, field=field, code="too_long")


def _may(by: Actor, unit: Unit) -> bool:
    if by.grants_with(Permission.PEOPLE_EDIT):
        return True
    return unit.pk in by.unit_ids_with(Permission.ROSTER_EDIT)


def _require(by: Actor, unit: Unit) -> None:
    if not by.is_system and not _may(by, unit):
        policy.require(by, Permission.ROSTER_EDIT)
        raise Forbidden(_("只能排本单位的值班"))
