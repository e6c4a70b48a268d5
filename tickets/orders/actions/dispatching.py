"""Dispatch and accept: street and county send tickets out, units accept or return them (派单, 接单)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.models import Member
from governance.errors import Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Area, Unit
from grids.people import queries as people_queries
from grids.people import records as people_records
from tickets.catalog.models import Category
from tickets.duties import gate
from tickets.duties import queries as duty
from tickets.orders.actions import approvals
from tickets.states import Ruling, State
from tickets.ticket import accused, moving
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of
from tickets.ticket.sharing import involve, release, sections_of


def take_up(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    unit: Unit,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """街道自办: a unit within the street's area handles the ticket at once."""
    ticket, move = moving.lock_for(ticket, "take_up", by=by, expected=expected)
    reach_of(ticket, "take_up").require([unit])
    remark = moving.add_remark(ticket, "take_up", text, by=by, at=at)
    facts = {"unit": unit.pk, "remark": remark and remark.pk}
    return moving.make_move(
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


def refer(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """上报区县: the street cannot settle the ticket and sends it to the county's centre."""
    ticket, move = moving.lock_for(ticket, "refer", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("上报理由"))
    remark = moving.add_remark(ticket, "refer", reason, by=by, at=at)
    outcome = moving.CANCELLED if ticket.state == State.HANDLING else ""
    return moving.make_move(
        ticket,
        move,
        State.REFERRED,
        by=by,
        at=at,
        facts={"remark": remark.pk},
        clock_outcome=outcome,
        **WITHOUT_LEAD,
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
) -> Ticket:
    """派单: to a lead and optional assistants; a share lets each of them read the ticket from now on.

    Area and category can be corrected in the same move. Raises PushRefused if the duty list forbids it.
    """
    ticket, move = moving.lock_for(ticket, "dispatch", by=by, expected=expected)
    helpers = [helper for helper in assistants if helper.pk != unit.pk]
    reach = reach_of(ticket, "dispatch")
    reach.require([unit])
    reach.require(helpers, "assistants")
    passed = gate.check_dispatch(ticket, unit, helpers, verb="dispatch", by=by, at=at, category=category)
    remark = moving.add_remark(ticket, "dispatch", text, by=by, at=at)
    begin = involve(ticket, unit, helpers)
    changes = moving.correct(ticket, area, category)
    facts = {
        "unit": unit.pk,
        "assistants": [helper.pk for helper in helpers],
        "remark": remark and remark.pk,
        **moving.corrected(changes),
        **passed.facts,
    }
    return moving.make_move(
        ticket,
        move,
        State.DISPATCHED,
        by=by,
        at=at,
        facts=facts,
        begin=begin,
        **changes,
        duty_item_id=passed.item_id,
        lead_unit_id=unit.pk,
        lead_member_id=None,
        dispatched_by_id=ticket.holder_unit_id,
        came_from=State(ticket.state),
    ).ticket


def accept(ticket: Ticket, *, by: Actor, at: datetime, expected: str = "") -> Ticket:
    """接单: the unit takes responsibility, and the resolve clock starts."""
    ticket, move = moving.lock_for(ticket, "accept", by=by, expected=expected)
    return moving.make_move(
        ticket, move, State.HANDLING, by=by, at=at, facts={"unit": ticket.lead_unit_id}
    ).ticket


def return_ticket(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    duty_item: str = "",
    expected: str = "",
) -> Ticket:
    """退单: the ticket is not the unit's duty, with the reason; it goes back to the dispatching unit.

    At the limit of returns only a ruling by the county is left, with a clock of its own. `duty_item` is the
    code of the item that names the responsible unit; it is recorded in the event and in the remark.
    """
    ticket, move = moving.lock_for(ticket, "return_ticket", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("退单理由"))
    reason, item = _with_item(reason, duty_item.strip(), at)
    remark = moving.add_remark(ticket, "return_ticket", reason, by=by, at=at)
    release(ticket)
    returns = ticket.returns + 1
    due = returns >= current().setting("return_limit")
    facts = {"remark": remark.pk, "unit": ticket.lead_unit_id, "ruling": due or None, "item": item}
    return moving.make_move(
        ticket,
        move,
        State(ticket.came_from or State.REFERRED),
        by=by,
        at=at,
        facts=facts,
        clock_outcome=moving.CANCELLED,
        returns=returns,
        ruling=Ruling.DUE if due else "",
        **WITHOUT_LEAD,
    ).ticket


def _with_item(reason: str, code: str, at: datetime) -> tuple[str, str | None]:
    """Add the item of the list in force to the reason: (reason, code). Raises Invalid for an unknown code."""
    if not code:
        return reason, None
    entry = duty.entry_by_code(code, at)
    if entry is None:
        raise Invalid(
            _("现行履职清单没有编号为“%(code)s”的事项") % {"code": code[:30]},
            code="unknown_duty_item",
            field="duty_item",
        )
    words = _("依据履职清单第 %(code)s 项“%(name)s”") % {"code": entry.code, "name": entry.name}
    return f"{reason}\n{words}", entry.code


#: Changes of the ticket's row that leave it without a lead.
WITHOUT_LEAD = {"lead_unit_id": None, "lead_section_id": None, "lead_member_id": None}


def reassign(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    unit: Unit,
    reason: str,
    expected: str = "",
) -> Ticket:
    """改派: the dispatching unit gives the ticket to another unit; the former lead no longer sees it.

    The choices are those of the first sorting: a community gives it to no department and a street to no other
    street. Grants the lead's open request for a transfer. The resolve clock runs on (S35).
    """
    ticket, move = moving.lock_for(ticket, "reassign", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("改派理由"))
    reach_of(ticket, "reassign").require([unit])
    passed = gate.check_dispatch(ticket, unit, verb="reassign", by=by, at=at)
    changes = approvals.grant_transfer(ticket, by=by, at=at)
    release(ticket)
    involve(ticket, unit)
    remark = moving.add_remark(ticket, "reassign", reason, by=by, at=at)
    facts = {"remark": remark.pk, "unit": unit.pk, "from": ticket.lead_unit_id, **passed.facts}
    changes |= {**WITHOUT_LEAD, "lead_unit_id": unit.pk, "duty_item_id": passed.item_id}
    return moving.make_move(
        ticket, move, State.DISPATCHED, by=by, at=at, facts=facts, clock_outcome=moving.CANCELLED, **changes
    ).ticket


def assign(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    person: Member | None = None,
    unit: Unit | None = None,
    expected: str = "",
) -> Ticket:
    """指派: to a section of the lead unit, or to one member of it.

    A street's centre may name any unit of its street. The lead stays responsible (首接负责); the section sees
    and handles the ticket as well.
    """
    ticket, move = moving.lock_for(ticket, "assign", by=by, expected=expected)
    if person is None and unit is None:
        raise Invalid(_("请选择科室或经办人"), code="required", field="person")
    changes: dict[str, Any] = {}
    section = ticket.lead_section_id
    if unit is not None:
        if not sections_of(ticket).filter(pk=unit.pk).exists():
            raise Invalid(
                _("%(unit)s不是承办单位的下属") % {"unit": unit.name}, code="not_in_unit", field="unit"
            )
        involve(ticket, unit)
        section = unit.pk
        changes |= {"lead_section_id": section, "lead_member_id": None, "holder_unit_id": section}
    if person is not None:
        _works_there(ticket, person, section, at)
        changes |= {"lead_member_id": person.pk}
    facts = {"member": person and person.pk, "unit": unit and unit.pk}
    moving.record_move(ticket, move, by=by, at=at, changes=changes, **facts)
    return ticket


def assignable(ticket: Ticket, section: int | None, at: datetime) -> set[int]:
    """The ids of the members that `assign` accepts: of the lead unit, and of its section or of all its sections."""
    units = [section] if section else [*sections_of(ticket).values_list("pk", flat=True)]
    return people_queries.receivers([*units, ticket.lead_unit_id], at) - accused.people_in_line(ticket, at)


def _works_there(ticket: Ticket, person: Member, section: int | None, at: datetime) -> None:
    people_records.lock(person, "person")
    if person.pk in accused.people_in_line(ticket, at):
        message = _("%(name)s在被反映的单位或其上下级单位任职") % {"name": person.name}
        raise Invalid(message, code="against_it", field="person")
    if person.pk not in assignable(ticket, section, at):
        raise Invalid(
            _("%(name)s不在承办单位任职") % {"name": person.name}, code="not_in_unit", field="person"
        )
