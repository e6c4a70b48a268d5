"""Move tickets: the only code that writes a ticket's state."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.clocks.actions import NewClock
from governance.clocks.models import Outcome as ClockOutcome
from governance.clocks.models import Purpose
from governance.clocks.models import State as ClockState
from governance.errors import IllegalMove, Invalid, Missing
from governance.web import fields as web_fields
from grids.models import Area, UnitKind
from grids.units import queries as unit_queries
from tickets.catalog.models import Category
from tickets.states import Asking, State
from tickets.ticket import accused
from tickets.ticket.ended_level import level_of
from tickets.ticket.holding import holder_of
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import check
from tickets.ticket.state_clocks import change_clocks
from tickets.workflow import STATES_IN_WORK, Move

#: Verbs that lead down; a level in the line of the unit complained about refuses them, the others pass over it.
DOWN = frozenset({"send_back"})


@dataclass(frozen=True, slots=True)
class Locked:
    """A ticket that the caller has locked in this transaction: `lock_ticket` and `lock_for` do not lock it again."""

    ticket: Ticket


def lock_for(
    ticket: Ticket | Locked, verb: str, *, by: Actor, expected: str = "", **also: Any
) -> tuple[Ticket, Move]:
    """Lock the ticket and check that the actor may make the move now; raises as `check` does."""
    locked = lock_ticket(ticket, **also)
    return locked, check(locked, verb, by=by, expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Result of a move: the ticket, locked and saved, and its former state."""

    ticket: Ticket
    was: State


def lock_ticket(ticket: Ticket | Locked | int, **also: Any) -> Ticket:
    """The ticket, locked until the transaction ends, with the annotations in `also`; raises Missing."""
    if isinstance(ticket, Locked) and not also:
        return ticket.ticket
    ticket = ticket.ticket if isinstance(ticket, Locked) else ticket
    pk = ticket if isinstance(ticket, int) else ticket.pk
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk).annotate(**also).first()
    if found is None:
        raise Missing(_("该工单不存在"))
    return found


def make_move(
    ticket: Ticket,
    move: Move,
    target: State,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    clock_outcome: str = "",
    begin: Iterable[NewClock] = (),
    restore: Collection[str] = (),
    counted: bool = True,
    **changes: Any,
) -> Moved:
    """Move a locked ticket: its row, its clocks and its event, in the open transaction.

    `begin` are clocks in addition to those of the state, `restore` and `counted` as for `change_clocks`.
    Statements: one for the holder if the target needs one, clocks (six at most), update, event; one more if a
    request lapses.
    """
    target = accused.passed_over(ticket, target) if move.verb not in DOWN else target
    if target not in move.targets:
        raise IllegalMove(f"{move.verb} does not lead to {target}")
    was = State(ticket.state)
    if was != target or move.verb == "reassign":
        changes |= _lapse(ticket, target, at)
    if target == State.CLOSED:
        changes |= {"closed_at": at, "supervised": False, "first_closed_at": ticket.first_closed_at or at}
        changes["ended_level"] = level_of(
            changes.get("lead_unit_id") or ticket.lead_unit_id or ticket.holder_unit_id
        )
    elif was == State.CLOSED:
        changes["ended_level"] = ""
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.state, ticket.state_since = target, at
    _require_outside_line(ticket)
    ticket.holder_unit_id = holder_of(ticket)
    turned = change_clocks(
        ticket, was, at=at, outcome=clock_outcome, begin=begin, restore=restore, counted=counted
    )
    names = {"state", "state_since", "holder_unit", "due_at", *_columns(changes)}
    promise = next((c for c in turned.open if c.purpose == Purpose.RESOLVE), None)
    if promise and promise.state == ClockState.RUNNING and promise.due_at != ticket.promised_at:
        ticket.promised_at = promise.due_at
        names.add("promised_at")
    ticket.save(update_fields=names)
    events.record(move.event, ticket, by=by, at=at, was=was.value, now=target.value, **(facts or {}))
    return Moved(ticket=ticket, was=was)


def _require_outside_line(ticket: Ticket) -> None:
    """Raise Invalid if a unit in the line of the unit complained about would work on the ticket, the county centre
    in name excepted."""
    if ticket.against_unit_id is None or ticket.state not in STATES_IN_WORK:
        return
    kept_out = accused.those_in_line(ticket, (ticket.lead_unit_id, ticket.lead_section_id))
    if kept_out - {unit_queries.holders_of(ticket.area_path).get(UnitKind.COUNTY_CENTER)}:
        raise Invalid(_("不能交由被反映的单位或其上下级单位办理"), code="against_it", field="unit")


def _columns(changes: dict[str, Any]) -> list[str]:
    return [name.removesuffix("_id") for name in changes]


def _lapse(ticket: Ticket, target: State, at: datetime) -> dict[str, Any]:
    """Mark an undecided request as lapsed; a request to void stays open until the ticket is closed."""
    if not ticket.pending or (ticket.pending == Asking.VOID and target != State.CLOSED):
        return {}
    open_ones = Approval.objects.filter(ticket=ticket, verdict="")
    open_ones.update(verdict=Approval.Verdict.LAPSED, decided_at=at)
    return {"pending": "", "pending_unit_id": None}


def correct(ticket: Ticket, area: Area | None, category: Category | None) -> dict[str, Any]:
    """Correct area and category in a move; returns the changes for the ticket's row."""
    changes: dict[str, Any] = {}
    if area is not None:
        changes |= {"area_id": area.pk, "area_path": area.path}
    if category is not None:
        changes |= {"category_id": category.pk}
    for name, value in changes.items():
        setattr(ticket, name, value)
    return changes


def corrected(changes: dict[str, Any]) -> dict[str, Any]:
    """The same changes as facts for the event."""
    return {"area": changes.get("area_id"), "category": changes.get("category_id")}


def add_remark(
    ticket: Ticket, verb: str, text: str, *, by: Actor, at: datetime, public: bool = False
) -> Remark | None:
    """Store the text of a move as a remark, None if it is empty. The event carries only the remark's id."""
    return add_remarks(ticket, verb, by=by, at=at, **{"public" if public else "internal": text})[not public]


def add_remarks(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, public: str = "", internal: str = ""
) -> tuple[Remark | None, Remark | None]:
    """Store a public and an internal remark of one move in one statement; None for an empty text."""
    seen_by = Remark.Visibility
    remarks = [
        Remark(
            ticket=ticket,
            verb=verb,
            text=web_fields.trimmed(text),
            visibility=visibility,
            member_id=by.member_id,
            unit_id=by.unit_id,
            at=at,
        )
        if web_fields.trimmed(text)
        else None
        for text, visibility in ((public, seen_by.PUBLIC), (internal, seen_by.INTERNAL))
    ]
    Remark.objects.bulk_create([remark for remark in remarks if remark])
    return remarks[0], remarks[1]


CANCELLED = ClockOutcome.CANCELLED


def record_move(
    ticket: Ticket,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    changes: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Record a move that does not change the state, and write `changes` to the ticket's row."""
    for name, value in (changes or {}).items():
        setattr(ticket, name, value)
    if changes:
        ticket.save(update_fields=_columns(changes))
    events.record(move.event, ticket, by=by, at=at, now=str(ticket.state), **facts)


def system(ticket: Ticket) -> Actor:
    """The platform as the actor on the ticket."""
    return actors.system(ticket.tenant_id)
