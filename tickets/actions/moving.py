"""The only code that writes a ticket's state."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Role
from governance.clocks import actions as clocks
from governance.clocks.actions import Begin
from governance.clocks.models import Outcome as ClockOutcome
from governance.clocks.models import Purpose
from governance.errors import Forbidden, IllegalMove, Invalid, Missing
from governance.tenancy.scope import current
from grids import queries as territory
from grids.models import Area, UnitKind
from tickets.levels import policy_of
from tickets.models import Category, Remark, Reporter, Ticket
from tickets.states import Channel, State
from tickets.workflow import CLOCKS, MOVES, Move, moves_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What a move has done: the ticket, locked and saved, and where it was before."""

    ticket: Ticket
    was: State


def lock(ticket: Ticket | int) -> Ticket:
    """The ticket, locked until the transaction ends; raises Missing."""
    pk = ticket if isinstance(ticket, int) else ticket.pk
    found = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if found is None:
        raise Missing(_("没有这张工单"))
    return found


def check(ticket: Ticket, verb: str, *, by: Actor, expected: str = "") -> Move:
    """The move, if this actor may make it now; raises IllegalMove, Forbidden.

    `expected` is the state the actor saw: another one means that a colleague was faster.
    """
    move = MOVES.get(verb)
    if move is None:
        raise Invalid(_("没有“%(verb)s”这个动作") % {"verb": verb[:40]}, code="unknown_verb", field="verb")
    if expected and expected != ticket.state:
        raise IllegalMove(
            _("工单已变为“%(state)s”,请刷新后再办") % {"state": ticket.get_state_display()}, code="stale"
        )
    if not move.built:
        raise IllegalMove(_("“%(label)s”尚未开通") % {"label": move.label}, code="not_built")
    if ticket.state not in move.sources:
        raise IllegalMove(
            _("“%(state)s”的工单不能“%(label)s”") % {"state": ticket.get_state_display(), "label": move.label}
        )
    fit(move, ticket)
    allow(move, ticket, by)
    return move


#: Out of `handling` a matter can only go up from the level that took it up.
UP_FROM = {"upgrade": State.REPORTED, "refer": State.ESCALATED}


def fit(move: Move, ticket: Ticket) -> None:
    """Raise IllegalMove where the state allows the verb but the matter's own way does not."""
    level = UP_FROM.get(move.verb)
    if level and ticket.state == State.HANDLING and ticket.came_from != level:
        raise IllegalMove(_("这件事不是由本级自办的,不能“%(label)s”") % {"label": move.label})


def allow(move: Move, ticket: Ticket, by: Actor) -> None:
    """Raise Forbidden with the reason unless the actor may make the move in the ticket's state."""
    if by.is_system:
        if not move.system and not by.extra.get("history"):
            raise Forbidden(_("平台不会自动“%(label)s”") % {"label": move.label})
        return
    if by.kind == "reporter":
        if not move.reporter:
            raise Forbidden(_("反映人不能“%(label)s”") % {"label": move.label})
        return
    permission = move.who.get(State(ticket.state))
    if permission is None:
        raise Forbidden(_("“%(label)s”由平台自动进行") % {"label": move.label})
    policy.require(by, permission, ticket)
    if (
        move.verb == "verify"
        and not by.has_role(*NEAR_THE_PLACE)
        and ticket.holder_unit_id not in by.unit_ids
    ):
        raise Forbidden(_("由事发地的网格或社区核实"))


#: Who verifies; a centre does so only where no community serves the place.
NEAR_THE_PLACE = (Role.GRID_WORKER, Role.GRID_LEAD, Role.COMMUNITY_WORKER)


def available(ticket: Ticket, by: Actor) -> list[Move]:
    """The moves this actor may make now: the buttons of the page and the API's available_moves."""
    found = []
    for move in moves_from(State(ticket.state)):
        try:
            fit(move, ticket)
            allow(move, ticket, by)
        except (Forbidden, IllegalMove):
            continue
        found.append(move)
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
    **changes: Any,
) -> Gone:
    """Move a locked ticket: its row, its clocks and its event, in the open transaction.

    Statements: holder lookup where the target needs one, clocks (five at most), update, event.
    """
    if target not in move.targets:
        raise IllegalMove(f"{move.verb} does not lead to {target}")
    was = State(ticket.state)
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.state, ticket.state_since = target, at
    ticket.holder_unit_id = holder_of(ticket)
    turned = turn_clocks(ticket, was, at=at, outcome=clock_outcome)
    ticket.due_at = turned.due_at
    names = {"state", "state_since", "holder_unit", "due_at", *_columns(changes)}
    if promise := next((c for c in turned.started if c.purpose == Purpose.RESOLVE), None):
        ticket.promised_at = promise.due_at
        names.add("promised_at")
    ticket.save(update_fields=names)
    events.record(move.event, ticket, by=by, at=at, was=was.value, now=target.value, **(facts or {}))
    return Gone(ticket=ticket, was=was)


def _columns(changes: dict[str, Any]) -> list[str]:
    return [name.removesuffix("_id") for name in changes]


def turn_clocks(ticket: Ticket, was: State | None, *, at: datetime, outcome: str = "") -> clocks.Turned:
    """Stop the promises of the state that is left, make those of the state that is entered."""
    ending: set[str] = set(CLOCKS[was]) - {Purpose.RESOLVE} if was else set()
    if was == State.HANDLING and ticket.state != State.IN_REVIEW:
        ending.add(Purpose.RESOLVE)
    if was == State.IN_REVIEW and ticket.state == State.RESOLVED:
        ending.add(Purpose.RESOLVE)
    if ticket.state == State.CLOSED:
        ending = set(clocks.EVERY)
    return clocks.turn(ticket, stop=ending, start=promises(ticket, was), at=at, outcome=outcome)


def promises(ticket: Ticket, was: State | None = None) -> list[Begin]:
    """What is promised while the ticket stands where it stands, coming from `was`."""
    tenant, kinds = current(), list(CLOCKS[State(ticket.state)])
    if Purpose.CONTACT in kinds and (was == State.IN_REVIEW or not can_be_called(ticket)):
        kinds.remove(Purpose.CONTACT)
    return [
        Begin(
            purpose=purpose,
            policy=policy_of(tenant, purpose, ticket.tier, ticket.category_id),
            unit_id=ticket.holder_unit_id,
        )
        for purpose in kinds
    ]


def residents(ticket: Ticket) -> QuerySet[Reporter]:
    """Those who judge: everybody who reported and is not the staff's own find, by name or without."""
    return ticket.reporters.filter(member=None).exclude(channel=Channel.IMPORT).order_by("id")


def can_be_called(ticket: Ticket) -> bool:
    """Somebody has left a number to be contacted at; nobody yet where the ticket is only thought of."""
    return ticket.pk is not None and residents(ticket).exclude(phone="").exists()


#: Whose turn it is by place; the first of the kinds that serves the place.
_BY_PLACE = {
    State.REPORTED: (UnitKind.COMMUNITY,),
    State.ESCALATED: (UnitKind.STREET_CENTER,),
    State.REFERRED: (UnitKind.COUNTY_CENTER,),
    State.RESOLVED: (UnitKind.COMMUNITY, UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER),
}


def holder_of(ticket: Ticket) -> int | None:
    """Who must act now: by place before the dispatch and for the verification, else the lead unit."""
    state = State(ticket.state)
    if state in {State.RATING, State.CLOSED, State.DIVIDED}:
        return None
    if state == State.IN_REVIEW:
        return ticket.dispatched_by_id or ticket.lead_unit_id
    if state not in _BY_PLACE:
        return ticket.lead_unit_id
    serving = territory.holders_of(ticket.area_path)
    found = next((serving[kind] for kind in _BY_PLACE[state] if kind in serving), None)
    if found is None:
        raise Invalid(
            _("这个地方没有可以“%(state)s”的单位,请选择所在社区") % {"state": ticket.get_state_display()},
            code="no_holder",
            field="area",
        )
    return found


def correct(ticket: Ticket, area: Area | None, category: Category | None) -> dict[str, Any]:
    """Put place and category right with a move; returns what changes, for the ticket's row."""
    changes: dict[str, Any] = {}
    if area is not None:
        changes |= {"area_id": area.pk, "area_path": area.path}
    if category is not None:
        changes |= {"category_id": category.pk}
    for name, value in changes.items():
        setattr(ticket, name, value)
    return changes


def corrected(changes: dict[str, Any]) -> dict[str, Any]:
    """The same as facts of the event."""
    return {"area": changes.get("area_id"), "category": changes.get("category_id")}


def say(
    ticket: Ticket, verb: str, text: str, *, by: Actor, at: datetime, public: bool = False
) -> Remark | None:
    """Keep what was written with a move, None where nothing was; the event carries its id only."""
    return say_both(ticket, verb, by=by, at=at, **{"public" if public else "internal": text})[not public]


def say_both(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, public: str = "", internal: str = ""
) -> tuple[Remark | None, Remark | None]:
    """Keep a public and an internal remark of one move, in one statement; None for what is empty."""
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
    """The stripped text; raises Invalid naming the field when nothing is left."""
    text = (text or "").strip()
    if not text:
        raise Invalid(_("请填写%(label)s") % {"label": label}, code="required", field=field)
    return text


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


CANCELLED = ClockOutcome.CANCELLED


def told(ticket: Ticket, move: Move, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Record a move that leaves the state as it is."""
    events.record(move.event, ticket, by=by, at=at, now=str(ticket.state), **facts)
