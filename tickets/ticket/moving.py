"""Move tickets: the only code that writes a ticket's state."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.actions import Begin
from governance.clocks.models import Clock, Purpose
from governance.clocks.models import Outcome as ClockOutcome
from governance.clocks.models import State as ClockState
from governance.errors import IllegalMove, Invalid, Missing
from governance.tenancy.scope import current
from grids import tree as territory
from grids.models import Area, UnitKind
from tickets.catalog.marks import level_of
from tickets.catalog.models import Category
from tickets.catalog.service_levels import policy_of
from tickets.states import Asking, Channel, Ruling, State
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.reporters import Remark, Reporter
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.rights import available, check
from tickets.workflow import CLOCKS, HELD, LED, PAUSED, Move

__all__ = ["available", "check"]


@dataclass(frozen=True, slots=True)
class Locked:
    """A ticket that the caller has locked in this transaction: `lock` and `take` do not lock it again."""

    ticket: Ticket


def take(
    ticket: Ticket | Locked, verb: str, *, by: Actor, expected: str = "", **also: Any
) -> tuple[Ticket, Move]:
    """Lock the ticket and check that the actor may make the move now; raises as `check` does."""
    locked = lock(ticket, **also)
    return locked, check(locked, verb, by=by, expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Result of a move: the ticket, locked and saved, and its former state."""

    ticket: Ticket
    was: State


def lock(ticket: Ticket | Locked | int, **also: Any) -> Ticket:
    """The ticket, locked until the transaction ends, with the annotations in `also`; raises Missing."""
    if isinstance(ticket, Locked) and not also:
        return ticket.ticket
    ticket = ticket.ticket if isinstance(ticket, Locked) else ticket
    pk = ticket if isinstance(ticket, int) else ticket.pk
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk).annotate(**also).first()
    if found is None:
        raise Missing(_("没有这张工单"))
    return found


def go(
    ticket: Ticket,
    move: Move,
    target: State,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    clock_outcome: str = "",
    begin: Iterable[Begin] = (),
    restore: Collection[str] = (),
    counted: bool = True,
    **changes: Any,
) -> Gone:
    """Move a locked ticket: its row, its clocks and its event, in the open transaction.

    `begin` are clocks in addition to those of the state, `restore` and `counted` as for `turn_clocks`.
    Statements: one for the holder if the target needs one, clocks (six at most), update, event; one more if a
    request lapses.
    """
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
    ticket.holder_unit_id = holder_of(ticket)
    turned = turn_clocks(
        ticket, was, at=at, outcome=clock_outcome, begin=begin, restore=restore, counted=counted
    )
    names = {"state", "state_since", "holder_unit", "due_at", *_columns(changes)}
    promise = next((c for c in turned.open if c.purpose == Purpose.RESOLVE), None)
    if promise and promise.state == ClockState.RUNNING and promise.due_at != ticket.promised_at:
        ticket.promised_at = promise.due_at
        names.add("promised_at")
    ticket.save(update_fields=names)
    events.record(move.event, ticket, by=by, at=at, was=was.value, now=target.value, **(facts or {}))
    return Gone(ticket=ticket, was=was)


def _columns(changes: dict[str, Any]) -> list[str]:
    return [name.removesuffix("_id") for name in changes]


def _lapse(ticket: Ticket, target: State, at: datetime) -> dict[str, Any]:
    """Mark an undecided request as lapsed; a request to void stays open until the ticket is closed."""
    if not ticket.pending or (ticket.pending == Asking.VOID and target != State.CLOSED):
        return {}
    open_ones = Approval.objects.filter(ticket=ticket, verdict="")
    open_ones.update(verdict=Approval.Verdict.LAPSED, decided_at=at)
    return {"pending": "", "pending_unit_id": None}


#: Clocks that end with the state in which they started.
_OF_A_STATE = frozenset(
    {
        Purpose.TRIAGE,
        Purpose.DISPATCH,
        Purpose.ACCEPT,
        Purpose.CONTACT,
        Purpose.REVIEW,
        Purpose.VERIFY,
        Purpose.RATE,
        Purpose.ARBITRATE,
    }
)
_BY_ASSISTANTS = frozenset({Purpose.JOIN, Purpose.ASSIST})
_OF_THE_WORK = _BY_ASSISTANTS | {Purpose.RESOLVE, Purpose.UPDATE}


def turn_clocks(
    ticket: Ticket,
    was: State,
    *,
    at: datetime,
    outcome: str = "",
    begin: Iterable[Begin] = (),
    restore: Collection[str] = (),
    counted: bool = True,
) -> clocks.Turned:
    """Stop the clocks of the state that is left, start those of the state that is entered, set the due time.

    The resolve clock outlives a change of unit and is handed over (S35). So is the clock for the answer to a
    supervision, because only the working unit can answer. Kinds in `restore` are reopened instead of started;
    with `counted` as if they had never ended, else the time between is a pause.
    """
    state = State(ticket.state)
    ending: set[str] = set(_OF_A_STATE)
    if state == State.CLOSED:
        ending = set(clocks.EVERY)
    elif state == State.DISPATCHED:
        ending |= _BY_ASSISTANTS
    elif state not in HELD:
        ending |= _OF_THE_WORK
    turned = clocks.turn(
        ticket,
        stop=ending,
        start=[*(b for b in promises(ticket, was) if b.purpose not in restore), *begin],
        at=at,
        outcome=outcome,
        pause=_OF_THE_WORK if state in PAUSED else (),
        resume=_OF_THE_WORK if was in PAUSED and state == State.HANDLING else (),
        reason=str(state),
        hand_over=_handed_over(ticket, was),
    )
    revived = clocks.restore(ticket, restore, at=at, counted=counted) if restore else []
    turned.open.extend(revived)
    set_due(ticket, turned.open)
    return turned


def _handed_over(ticket: Ticket, was: State) -> dict[str, int]:
    """The clocks that outlive a change of holder, each with the unit that owes it from now on."""
    owing = {Purpose.SUPERVISE: answerable(ticket)}
    if was == State.HANDLING and ticket.state == State.DISPATCHED:
        owing |= dict.fromkeys((Purpose.RESOLVE, Purpose.UPDATE), ticket.lead_unit_id)
    return {kind: unit for kind, unit in owing.items() if unit}


def answerable(ticket: Ticket) -> int | None:
    """The id of the unit that answers a supervision: the working unit, also while others review its work."""
    working = ticket.lead_section_id or ticket.lead_unit_id
    return working if ticket.state in LED and working else ticket.holder_unit_id


def set_due(ticket: Ticket, open_clocks: Iterable[Clock]) -> None:
    """Set the earliest due time of the holder's running clocks; None if none is running.

    The clocks of assistants, and of a request that waits for a decision, do not count here.
    """
    aside = _BY_ASSISTANTS if ticket.state == State.IN_REVIEW else _BY_ASSISTANTS | {Purpose.REVIEW}
    running = [c for c in open_clocks if c.state == ClockState.RUNNING]
    ticket.due_at = min((c.due_at for c in running if c.purpose not in aside), default=None)


def promises(ticket: Ticket, was: State | None = None) -> list[Begin]:
    """The clocks to start when the ticket enters its state, coming from `was`."""
    kinds = list(CLOCKS[State(ticket.state)])
    if was in HELD - {State.DISPATCHED}:  # the work continues under its running clock
        kinds = [kind for kind in kinds if kind not in {Purpose.RESOLVE, Purpose.CONTACT}]
    if Purpose.CONTACT in kinds and not can_be_called(ticket):
        kinds.remove(Purpose.CONTACT)
    if Purpose.DISPATCH in kinds and ticket.ruling == Ruling.DUE:
        kinds = [Purpose.ARBITRATE]
    return [promise(ticket, purpose, ticket.holder_unit_id) for purpose in kinds]


def promise(ticket: Ticket, purpose: Purpose, unit_id: int | None) -> Begin:
    """One clock to start for a unit, under the service level that fits the ticket."""
    policy = policy_of(current(), purpose, ticket.tier, ticket.category_id)
    kept = purpose == Purpose.CONTACT and was_spoken_to(ticket)
    return Begin(purpose=purpose, policy=policy, unit_id=unit_id, kept=kept)


def residents(ticket: Ticket) -> QuerySet[Reporter]:
    """The reporters that rate: residents, named or anonymous, who have not withdrawn; no staff, no imports.

    Reporters of tickets merged into this one are included.
    """
    theirs = Q(ticket=ticket) | Q(ticket__merged_into=ticket)
    found = Reporter.objects.filter(theirs, member=None, left_at=None)
    return found.exclude(channel=Channel.IMPORT).order_by("id")


def can_be_called(ticket: Ticket) -> bool:
    """Has a resident left a phone number? False for an unsaved ticket."""
    return ticket.pk is not None and residents(ticket).exclude(phone="").exists()


def was_spoken_to(ticket: Ticket) -> bool:
    """Was it reported at the counter or by telephone, and is that the first contact in this district?"""
    return ticket.channel in {Channel.DESK, Channel.HOTLINE} and current().setting("spoken_is_contact")


#: The kinds of unit that must act, by state; the first one that serves the area is the holder.
_BY_PLACE = {
    State.REPORTED: (UnitKind.COMMUNITY,),
    State.ESCALATED: (UnitKind.STREET_CENTER,),
    State.REFERRED: (UnitKind.COUNTY_CENTER,),
    State.RESOLVED: territory.LADDER,
}


def holder_of(ticket: Ticket) -> int | None:
    """The id of the unit that must act now: by area before dispatch and for verification, else the lead unit.

    None for a ticket that is rated, divided or closed. A unit never holds a complaint about itself. Raises
    Invalid if no unit of the area fits the state.
    """
    state = State(ticket.state)
    if state in {State.RATING, State.CLOSED, State.DIVIDED}:
        return None
    if state == State.IN_REVIEW:
        return ticket.dispatched_by_id or ticket.lead_unit_id
    if state not in _BY_PLACE:
        return ticket.lead_section_id or ticket.lead_unit_id
    kinds = (UnitKind.COUNTY_CENTER,) if ticket.ruling == Ruling.DUE else _BY_PLACE[state]
    serving = territory.holders_of(ticket.area_path)
    fitting = [serving[kind] for kind in kinds if kind in serving]
    found = next((unit for unit in fitting if unit != ticket.against_unit_id), None)
    if found is None:
        raise Invalid(_no_holder(ticket, bool(fitting)), code="no_holder", field="area")
    return found


def _no_holder(ticket: Ticket, is_about_it: bool) -> str:
    if is_about_it:
        return _("这件事反映的就是“%(state)s”的单位，不能交给它") % {"state": ticket.get_state_display()}
    return _("这个地方没有可以“%(state)s”的单位，请选择所在社区") % {"state": ticket.get_state_display()}


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


def say(
    ticket: Ticket, verb: str, text: str, *, by: Actor, at: datetime, public: bool = False
) -> Remark | None:
    """Store the text of a move as a remark, None if it is empty. The event carries only the remark's id."""
    return say_both(ticket, verb, by=by, at=at, **{"public" if public else "internal": text})[not public]


def say_both(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, public: str = "", internal: str = ""
) -> tuple[Remark | None, Remark | None]:
    """Store a public and an internal remark of one move in one statement; None for an empty text."""
    seen_by = Remark.Visibility
    remarks = [
        Remark(
            ticket=ticket,
            verb=verb,
            text=text.strip(),
            visibility=visibility,
            member_id=by.member_id,
            unit_id=by.unit_id,
            at=at,
        )
        if text.strip()
        else None
        for text, visibility in ((public, seen_by.PUBLIC), (internal, seen_by.INTERNAL))
    ]
    Remark.objects.bulk_create([remark for remark in remarks if remark])
    return remarks[0], remarks[1]


def required(text: str, field: str, label: str) -> str:
    """The stripped text; raises Invalid naming the field if it is empty."""
    text = (text or "").strip()
    if not text:
        raise Invalid(_("请填写%(label)s") % {"label": label}, code="required", field=field)
    return text


def digest(value: str) -> str:
    """The SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(value.encode()).hexdigest()


CANCELLED = ClockOutcome.CANCELLED


def told(
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
