"""Street and county send out, units take or give back: 派单, 接单."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission as DjangoPermission
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Conflict, Forbidden, Invalid
from governance.tenancy.scope import current
from grids import queries as territory
from grids.models import Area, Unit, UnitKind
from tickets.actions import moving
from tickets.models import Assistant, Category, Ticket, TicketGroupObjectPermission
from tickets.states import State
from tickets.workflow import MOVES

_read_permission: list[int] = []


def take_up(
    ticket: Ticket, *, by: Actor, at: datetime, unit: Unit, text: str = "", expected: str = "", **_more: Any
) -> Ticket:
    """街道自办: a unit of the street's own subtree handles it at once."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "take_up", by=by, expected=expected)
    _below_street(unit, by)
    remark = moving.say(ticket, "take_up", text, by=by, at=at)
    facts = {"unit": unit.pk, "remark": remark and remark.pk}
    return moving.go(
        ticket,
        move,
        State.HANDLING,
        by=by,
        at=at,
        facts=facts,
        lead_unit_id=unit.pk,
        lead_member_id=None,
        dispatched_by_id=ticket.holder_unit_id,
        came_from=State.ESCALATED,
    ).ticket


def _below_street(unit: Unit, by: Actor) -> None:
    paths = by.area_paths(Permission.TICKET_STREET)
    if unit.kind == UnitKind.DEPARTMENT or not any(unit.area.path.startswith(path) for path in paths):
        raise Invalid(_("街道只能派给本街道范围内的单位"), code="outside_street", field="unit")


def refer(
    ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "", **_more: Any
) -> Ticket:
    """上报区县: what the street cannot settle goes to the county's centre."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "refer", by=by, expected=expected)
    if ticket.state == State.HANDLING and ticket.dispatched_by_id not in by.unit_ids:
        raise Forbidden(_("事项不是由您的街道办理的"))
    reason = moving.required(reason, "reason", _("上报理由"))
    remark = moving.say(ticket, "refer", reason, by=by, at=at)
    changes = {"lead_unit_id": None, "lead_member_id": None}
    return moving.go(
        ticket, move, State.REFERRED, by=by, at=at, facts={"remark": remark.pk}, **changes
    ).ticket


def dispatch(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    unit: Unit,
    assistants: Iterable[Unit] = (),
    text: str = "",
    area: Area | None = None,
    category: Category | None = None,
    expected: str = "",
    **_more: Any,
) -> Ticket:
    """派单: a lead and perhaps assistants; all of them see the matter from now on, by share.

    Place and category can be put right on the way.
    """
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "dispatch", by=by, expected=expected)
    helpers = [helper for helper in assistants if helper.pk != unit.pk]
    _may_receive(ticket, unit, by)
    if ticket.state == State.ESCALATED:
        for helper in helpers:
            _below_street(helper, by)
    remark = moving.say(ticket, "dispatch", text, by=by, at=at)
    _involve(ticket, unit, helpers)
    changes = moving.correct(ticket, area, category)
    facts = {
        "unit": unit.pk,
        "assistants": [helper.pk for helper in helpers],
        "remark": remark and remark.pk,
        **moving.corrected(changes),
    }
    return moving.go(
        ticket,
        move,
        State.DISPATCHED,
        by=by,
        at=at,
        facts=facts,
        **changes,
        lead_unit_id=unit.pk,
        lead_member_id=None,
        dispatched_by_id=ticket.holder_unit_id,
        came_from=State(ticket.state),
    ).ticket


def _may_receive(ticket: Ticket, unit: Unit, by: Actor) -> None:
    if not unit.active:
        raise Invalid(_("%(unit)s已停用") % {"unit": unit.name}, code="unit_inactive", field="unit")
    if unit.pk == ticket.holder_unit_id:
        raise Invalid(_("不能派给自己"), code="to_itself", field="unit")
    if ticket.state == State.ESCALATED:
        _below_street(unit, by)


def _involve(ticket: Ticket, unit: Unit, helpers: list[Unit]) -> None:
    Assistant.objects.bulk_create(
        [Assistant(ticket=ticket, unit=helper) for helper in helpers], ignore_conflicts=True
    )
    shares = [
        TicketGroupObjectPermission(
            content_object=ticket, group_id=party.group_id, permission_id=share_permission()
        )
        for party in (unit, *helpers)
    ]
    TicketGroupObjectPermission.objects.bulk_create(shares, ignore_conflicts=True)


def share_permission() -> int:
    """The id of the permission that a share carries; the same in every tenant, so it is kept."""
    if not _read_permission:
        found = DjangoPermission.objects.get(content_type__app_label="tickets", codename="read_ticket")
        _read_permission.append(found.pk)
    return _read_permission[0]


def accept(ticket: Ticket, *, by: Actor, at: datetime, expected: str = "", **_more: Any) -> Ticket:
    """接单: the unit takes responsibility, the promise to resolve begins."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "accept", by=by, expected=expected)
    return moving.go(ticket, move, State.HANDLING, by=by, at=at, facts={"unit": ticket.lead_unit_id}).ticket


def return_ticket(
    ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "", **_more: Any
) -> Ticket:
    """退单: not ours, and why; back to who dispatched. Once arbitration is built, it alone is left past the limit."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "return_ticket", by=by, expected=expected)
    reason = moving.required(reason, "reason", _("退单理由"))
    limit = current().setting("return_limit")
    if MOVES["arbitrate"].built and ticket.returns >= limit:
        raise Conflict(
            _("已退单 %(n)d 次,只能由区县裁定") % {"n": ticket.returns}, code="return_limit", field="reason"
        )
    remark = moving.say(ticket, "return_ticket", reason, by=by, at=at)
    release(ticket)
    facts = {"remark": remark.pk, "unit": ticket.lead_unit_id}
    return moving.go(
        ticket,
        move,
        State(ticket.came_from or State.REFERRED),
        by=by,
        at=at,
        facts=facts,
        clock_outcome=moving.CANCELLED,
        returns=ticket.returns + 1,
        lead_unit_id=None,
        lead_member_id=None,
    ).ticket


def release(ticket: Ticket) -> None:
    """Who was involved by a dispatch is no longer: their shares and their part as assistants end."""
    TicketGroupObjectPermission.objects.filter(content_object=ticket).delete()
    Assistant.objects.filter(ticket=ticket).delete()


def reassign(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    unit: Unit,
    reason: str,
    expected: str = "",
    **_more: Any,
) -> Ticket:
    """改派: who dispatched gives it to another unit; the same unit twice is refused, the old one sees it no longer."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "reassign", by=by, expected=expected)
    reason = moving.required(reason, "reason", _("改派理由"))
    if unit.pk == ticket.lead_unit_id:
        raise Invalid(_("已经在这个单位办理"), code="same_unit", field="unit")
    if not unit.active:
        raise Invalid(_("%(unit)s已停用") % {"unit": unit.name}, code="unit_inactive", field="unit")
    if ticket.came_from == State.ESCALATED:
        _below_street(unit, by)
    release(ticket)
    _involve(ticket, unit, [])
    remark = moving.say(ticket, "reassign", reason, by=by, at=at)
    facts = {"remark": remark.pk, "unit": unit.pk, "from": ticket.lead_unit_id}
    return moving.go(
        ticket,
        move,
        State.DISPATCHED,
        by=by,
        at=at,
        facts=facts,
        clock_outcome=moving.CANCELLED,
        lead_unit_id=unit.pk,
        lead_member_id=None,
    ).ticket


def assign(
    ticket: Ticket, *, by: Actor, at: datetime, person: Member, expected: str = "", **_more: Any
) -> Ticket:
    """指派: one person of the lead unit, or of its parts."""
    ticket = moving.lock(ticket)
    move = moving.check(ticket, "assign", by=by, expected=expected)
    inside = next((g.unit_ids for g in by.grants if ticket.lead_unit_id in g.unit_ids), frozenset())
    if person.pk not in territory.receivers(inside or [ticket.lead_unit_id], at):
        raise Invalid(
            _("%(name)s不在承办单位任职") % {"name": person.name}, code="not_in_unit", field="person"
        )
    ticket.lead_member = person
    ticket.save(update_fields=["lead_member"])
    moving.told(ticket, move, by=by, at=at, member=person.pk)
    return ticket
