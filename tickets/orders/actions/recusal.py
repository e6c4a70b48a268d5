"""Take a complaint away from a unit that has come into the line of the unit complained about (回避改派)."""

from datetime import datetime
from typing import Any

from grids.models import Unit
from tickets.orders.actions import approvals
from tickets.orders.actions.dispatching import WITHOUT_LEAD
from tickets.states import State
from tickets.ticket import accused, moving, rights
from tickets.ticket.models.shares import TicketGroupObjectPermission
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.ticket.sharing import release
from tickets.workflow import STATES_IN_WORK

_DECIDING = ("dispatched_by_id", "pending_unit_id")


def recuse(ticket: Ticket, *, at: datetime) -> Ticket:
    """回避改派: the ticket goes up, past every level in the line; others in the line lose their part and their share.

    Does nothing to a ticket with which nobody in the line has anything to do.
    """
    locked = moving.lock_ticket(ticket)
    by, state = moving.system(locked), State(locked.state)
    _parts_end(locked)
    changes = _decided_above(locked)
    units = (locked.lead_unit_id, locked.lead_section_id, locked.holder_unit_id)
    kept_out = accused.those_in_line(locked, units) - set(changes.values()) - {_county(locked)}
    working = kept_out & {locked.lead_unit_id, locked.lead_section_id}
    if not kept_out or state == State.CLOSED:
        if changes:
            moving.record_move(locked, rights.check(locked, "recuse", by=by), by=by, at=at, changes=changes)
        return locked
    move = rights.check(locked, "recuse", by=by)
    if state in STATES_IN_WORK and working:
        release(locked)
        up = State.ESCALATED if locked.came_from in {State.REPORTED, State.ESCALATED} else State.REFERRED
        given: dict[str, Any] = {**changes, **WITHOUT_LEAD, "clock_outcome": moving.CANCELLED}
        return moving.make_move(locked, move, up, by=by, at=at, **given).ticket
    up = accused.passed_over(locked, state) if state in {State.REPORTED, State.ESCALATED} else State.RESOLVED
    return moving.make_move(locked, move, up, by=by, at=at, **changes).ticket


def _county(ticket: Ticket) -> int | None:
    """The county centre: it keeps the ticket in name, and a leader decides in its place."""
    return approvals.level_above(ticket, None)


def _parts_end(ticket: Ticket) -> None:
    """End the parts of assistants in the line, and every share of units there."""
    line = Unit.objects.exclude(pk__in=accused.outside_line(ticket, Unit.objects.all()).values("pk"))
    Assistant.objects.filter(ticket=ticket, unit__in=line).delete()
    TicketGroupObjectPermission.objects.filter(content_object=ticket, group__in=line.values("group")).delete()


def _decided_above(ticket: Ticket) -> dict[str, Any]:
    """Changes of the row: what a unit in the line dispatched, or has to decide, is the next centre's outside it."""
    kept_out = accused.those_in_line(ticket, [getattr(ticket, name) for name in _DECIDING])
    changes: dict[str, Any] = {}
    for name in _DECIDING:
        unit = getattr(ticket, name)
        if unit in kept_out and unit != _county(ticket):
            changes[name] = _next_outside(ticket, unit)
    if ticket.state == State.IN_REVIEW and "dispatched_by_id" in changes:
        changes["holder_unit_id"] = changes["dispatched_by_id"]
    return changes


def _next_outside(ticket: Ticket, unit: int) -> int | None:
    """The centre above a unit that is outside the line, else the county centre."""
    above = approvals.level_above(ticket, unit)
    kept_out = accused.those_in_line(ticket, [above])
    return _county(ticket) if above in kept_out else above
