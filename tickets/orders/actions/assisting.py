"""Assistants of the lead: each accepts and finishes its part on its own clocks; the lead may waive a part."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose
from governance.errors import Conflict, Invalid
from governance.web import fields as web_fields
from grids.models import Unit
from tickets.ticket import moving, rights, state_clocks
from tickets.ticket.models.ticket import Assistant, Ticket
from tickets.workflow import Move


def assist_accept(ticket: Ticket, *, by: Actor, at: datetime, expected: str = "") -> Ticket:
    """协办接单: the assistant accepts its part, and its clock to finish it starts."""
    ticket = moving.lock_ticket(ticket)
    part, move = _part(ticket, "assist_accept", by, expected)
    part.accepted_at = at
    part.save(update_fields=["accepted_at"])
    begin = state_clocks.new_clock(ticket, Purpose.ASSIST, part.unit_id)
    clocks.change_clocks(ticket, stop=[(Purpose.JOIN, part.unit_id)], start=[begin], at=at)
    moving.record_move(ticket, move, by=by, at=at, unit=part.unit_id)
    return ticket


def assist_finish(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    expected: str = "",
) -> Ticket:
    """协办办结: the assistant finishes its part and describes what it has done."""
    ticket = moving.lock_ticket(ticket)
    part, move = _part(ticket, "assist_finish", by, expected)
    text = web_fields.required(text, "text", _("协办情况"))
    part.finished_at = at
    part.save(update_fields=["finished_at"])
    clocks.change_clocks(ticket, stop=[(Purpose.ASSIST, part.unit_id)], at=at)
    remark = moving.add_remark(ticket, "assist_finish", text, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, unit=part.unit_id, remark=remark.pk)
    return ticket


def _part(ticket: Ticket, verb: str, by: Actor, expected: str) -> tuple[Assistant, Move]:
    """The part that the actor's unit may accept or finish now; raises as `rights.check` does."""
    facts = rights.RuleFacts(ticket)
    move = rights.check(ticket, verb, by=by, expected=expected, facts=facts)
    return rights.assistant_part(facts, by, move), move


def assist_waive(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    assistant: Unit,
    reason: str,
    expected: str = "",
) -> Ticket:
    """取消协办: the lead no longer needs the assistant, and gives the reason.

    Raises Invalid without an open part.
    """
    ticket, move = moving.lock_for(ticket, "assist_waive", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("取消理由"))
    part = next((part for part in ticket.assistants.filter(unit=assistant) if part.is_open), None)
    if part is None:
        raise Invalid(_("%(unit)s没有未办完的协办") % {"unit": assistant.name}, field="assistant")
    part.waived_at = at
    part.save(update_fields=["waived_at"])
    stop = [(Purpose.JOIN, part.unit_id), (Purpose.ASSIST, part.unit_id)]
    clocks.change_clocks(ticket, stop=stop, at=at, outcome=moving.CANCELLED)
    remark = moving.add_remark(ticket, "assist_waive", reason, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, unit=part.unit_id, remark=remark.pk)
    return ticket


def waiting() -> Exists:
    """Does the ticket have assistants with an open part? An annotation for `moving.lock`."""
    return Exists(Assistant.objects.filter(ticket=OuterRef("pk"), finished_at=None, waived_at=None))


def require_finished(ticket: Ticket) -> None:
    """Raise Conflict while an assistant has an open part; the ticket must be locked with `waiting`."""
    if ticket.waiting:
        open_parts = Assistant.objects.filter(ticket=ticket, finished_at=None, waived_at=None)
        names = "、".join(open_parts.values_list("unit__name", flat=True))
        message = _("%(units)s协办尚未办结，请等待或取消协办")
        raise Conflict(message % {"units": names}, code="assistants_open")
