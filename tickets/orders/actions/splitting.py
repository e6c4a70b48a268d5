"""Split one report with several demands (拆分) into parts that are tickets of their own, and undo a split."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.errors import Conflict, Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.intake import actions as intake
from tickets.states import OPEN, Outcome, State
from tickets.ticket import accused, holding, moving, state_clocks
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import territory_of
from tickets.workflow import CLOCKS, MOVES

LEAST, MAX_PARTS = 2, 10
#: The whole gets the first of these outcomes that any part has.
_WORST = (Outcome.CANNOT, Outcome.NOT_OURS, Outcome.EXPLAINED, Outcome.FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One demand of the report; `category` and `area` are codes, empty for those of the whole."""

    text: str
    category: str = ""
    area: str = ""


def split(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    parts: Sequence[Part],
    reason: str,
    expected: str = "",
) -> Ticket:
    """拆分: two to ten parts start in the state of the whole, which follows them and is rated as one."""
    ticket, move = moving.lock_for(ticket, "split", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("拆分理由"))
    if not LEAST <= len(parts) <= MAX_PARTS:
        message = _("请拆成 %(least)d 到 %(most)d 件")
        raise Invalid(message % {"least": LEAST, "most": MAX_PARTS}, code="out_of_range", field="parts")
    since = ticket.state_since if current().setting("parts_inherit_start") else at
    made = [_part(ticket, part, since, by=by, at=at) for part in parts]
    remark = moving.add_remark(ticket, "split", reason, by=by, at=at)
    facts = {"remark": remark.pk, "parts": [part.pk for part in made]}
    before = {"before": str(ticket.state)}
    return moving.make_move(ticket, move, State.DIVIDED, by=by, at=at, facts=facts, **before).ticket


def _part(whole: Ticket, part: Part, since: datetime, *, by: Actor, at: datetime) -> Ticket:
    """Create a ticket for one demand, in the state of the whole; it is rated only through the whole.

    A due time that the whole has already passed does not count as a breach of each part again (S49).
    """
    child = intake.part_of(whole, text=part.text, category=part.category, area=part.area, at=at)
    if not child.area_path.startswith(territory_of(State(whole.state), whole.area_path)):
        raise Invalid(_("拆分出的事项只能在本单位辖区内"), code="out_of_reach", field="parts")
    child.state = accused.passed_over(child, State(child.state))
    child.holder_unit_id = holding.holder_of(child)
    begins = state_clocks.clocks_of_state(child)
    child.due_at = min((due for b in begins if (due := clocks.due_of(b, since))), default=None)
    child.save(force_insert=True)
    clocks.start_all(child, begins, at=since, excused_before=at)
    facts = {"now": str(child.state), "channel": str(child.channel), "parent": whole.pk}
    events.record("ticket.report", child, by=by, at=at, **facts)
    return child


def unite(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """撤销拆分: possible while every part is in its first state.

    The parts become void; the clock of the whole runs on as if it had never stopped. Raises Conflict if a
    part has been taken up.
    """
    ticket, move = moving.lock_for(ticket, "unite", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("撤销理由"))
    before = State(ticket.before)
    parts = [moving.lock_ticket(pk) for pk in ticket.parts.order_by("id").values_list("pk", flat=True)]
    if busy := [part.number for part in parts if part.state != before]:
        raise Conflict(_("%(number)s 已在办理，不能撤销拆分") % {"number": busy[0]}, code="part_taken_up")
    end_parts(parts, Outcome.VOID, "void", by=by, at=at)
    remark = moving.add_remark(ticket, "unite", reason, by=by, at=at)
    facts = {"remark": remark.pk}
    return moving.make_move(
        ticket, move, before, by=by, at=at, facts=facts, restore=CLOCKS[before], before=""
    ).ticket


def end_parts(parts: Sequence[Ticket], outcome: Outcome, verb: str, *, by: Actor, at: datetime) -> None:
    """Close the open parts with the verb and the outcome that end the whole."""
    for part in parts:
        if part.state != State.CLOSED:
            changes = {"outcome": outcome, "clock_outcome": moving.CANCELLED}
            facts = {"with_parent": part.parent_id}
            moving.make_move(part, MOVES[verb], State.CLOSED, by=by, at=at, facts=facts, **changes)


def open_parts(ticket: Ticket) -> list[Ticket]:
    """The parts that are not closed yet, locked."""
    keys = ticket.parts.filter(state__in=OPEN).order_by("id").values_list("pk", flat=True)
    return [moving.lock_ticket(pk) for pk in keys]


def close_divided(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """拆分件汇总: once all parts are closed, the whole is verified and rated. Does nothing before that."""
    ticket = moving.lock_ticket(ticket)
    if ticket.state != State.DIVIDED or ticket.parts.filter(state__in=OPEN).exists():
        return ticket
    move = ticket_rights.check(ticket, "gather", by=by)
    endings = set(ticket.parts.values_list("outcome", flat=True))
    outcome = next((worst for worst in _WORST if worst in endings), Outcome.EXPLAINED)
    return moving.make_move(
        ticket, move, State.RESOLVED, by=by, at=at, facts={"outcome": outcome}, outcome=outcome
    ).ticket
