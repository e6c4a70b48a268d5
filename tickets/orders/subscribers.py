"""Subscribers of ticket events: notify members in their inbox, and residents by text message."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from governance import events
from governance.access import actors
from governance.access.permissions import GRANTS, Permission, Role
from governance.clocks.models import Purpose, Step
from governance.events import notices
from governance.events.models import Event
from governance.events.receivers import To
from grids import tree as territory
from grids.models import UnitKind
from grids.roster import actions as roster
from tickets.intake import receipts
from tickets.orders import actions
from tickets.orders.actions import rating_links
from tickets.states import State, Tier
from tickets.ticket import promises
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES

WORKERS = (Role.GRID_WORKER, Role.GRID_LEAD)
#: The roles notified about tickets of their unit: those that may read them, except leaders, who only look on.
CONCERNED = tuple(
    role for role, held in GRANTS.items() if Permission.TICKET_READ_UNIT in held and role != Role.LEADER
)


def _ticket(event: Event) -> Ticket | None:
    return Ticket.objects.filter(pk=event.subject_id).first()


def _tell(event: Event, ticket: Ticket, units: Any, say: str) -> None:
    wanted = [unit for unit in units if unit]
    staff = territory.staff(wanted, event.at, CONCERNED)
    if ticket.tier == Tier.EMERGENCY and not roster.office_is_open(event.at):
        staff = _on_shift(staff, wanted, event.at)
    _put(event, ticket, [To(member, unit) for unit, member in staff if member != event.actor_id], say)


def _on_shift(staff: list[tuple[int, int]], units: list[int], at: datetime) -> list[tuple[int, int]]:
    """Outside office hours an emergency goes to the members on shift; if a unit has no shift, all its members
    are notified."""
    shifts = roster.on_shift(units, at)
    awake = [(unit, member) for unit, members in shifts.items() for member in members]
    return sorted({*awake, *((unit, member) for unit, member in staff if unit not in shifts)})


def _put(event: Event, ticket: Ticket, to: Iterable[To | int], say: str) -> None:
    facts = {"number": ticket.number, "say": say, "now": str(ticket.state)}
    link = f"desk/tickets/{ticket.number}/"
    notices.tell(to, event, facts=facts, link=link, urgent=ticket.tier == Tier.EMERGENCY)


_STATE_MOVES = [move.event for move in MOVES.values() if move.built and move.targets]


@events.subscribes(*_STATE_MOVES, name="tickets.tell_the_new_holder")
def tell_the_new_holder(event: Event) -> None:
    """Notify the unit that must act now, once, when the ticket arrives."""
    ticket = _ticket(event)
    if ticket is None or event.facts.get("now") != ticket.state or ticket.holder_unit_id is None:
        return
    if ticket.state == State.HANDLING and event.kind in {"ticket.accept", "ticket.triage_minor"}:
        return
    _tell(event, ticket, [ticket.holder_unit_id], "state")
    if ticket.state == State.RESOLVED:  # grid workers verify on site
        workers = set().union(*(territory.posted_over(ticket.area_path, role, event.at) for role in WORKERS))
        _put(event, ticket, workers - {event.actor_id, ticket.handled_by_id}, "state")


@events.subscribes("ticket.report", name="tickets.inform_of_an_emergency")
def inform_of_an_emergency(event: Event) -> None:
    """An emergency goes straight to its duty unit; inform the community, the street and the county as
    well."""
    ticket = _ticket(event)
    if ticket is not None and ticket.tier == Tier.EMERGENCY and event.facts.get("now") == State.DISPATCHED:
        _tell(event, ticket, territory.holders_of(ticket.area_path).values(), "inform")


@events.subscribes("ticket.assign", "ticket.lead_by_leader", name="tickets.tell_the_person")
def tell_the_person(event: Event) -> None:
    """Notify the member or the section named by 指派, and the leader named by 领导牵头."""
    ticket, facts = _ticket(event), event.facts
    if ticket is None:
        return
    if facts.get("member") not in {None, event.actor_id}:
        _put(event, ticket, [To(facts["member"], ticket.lead_unit_id)], "assigned")
    elif facts.get("unit"):
        _tell(event, ticket, [facts["unit"]], "kind")


@events.subscribes("ticket.dispatch", "ticket.arbitrate", name="tickets.tell_the_assistants")
def tell_the_assistants(event: Event) -> None:
    """Notify the assisting units (协办) when the ticket is dispatched."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("assistants"):
        _tell(event, ticket, event.facts["assistants"], "assist")


_ASKING = [move.event for move in MOVES.values() if move.asks]
_DECIDING = [move.event for move in MOVES.values() if move.decides]


@events.subscribes(*_ASKING, name="tickets.tell_who_must_decide")
def tell_who_must_decide(event: Event) -> None:
    """Notify the unit that decides a request (申请)."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("approver"):
        _tell(event, ticket, [event.facts["approver"]], "decide")


@events.subscribes(
    *_DECIDING,
    "ticket.agreement_due",
    "ticket.urge",
    "ticket.supervise",
    "ticket.assist_finish",
    "ticket.took_in",
    "ticket.add",
    name="tickets.tell_who_holds",
)
def tell_who_holds(event: Event) -> None:
    """Notify the units that hold or lead the ticket of a decision, an urging, an order, an addition or a
    finished part."""
    ticket = _ticket(event)
    if ticket is not None:
        _tell(event, ticket, {ticket.holder_unit_id, ticket.lead_unit_id}, "kind")


@events.subscribes("ticket.assist_waive", name="tickets.tell_the_waived")
def tell_the_waived(event: Event) -> None:
    """Notify a unit that its part was waived (免除协办)."""
    ticket = _ticket(event)
    if ticket is not None:
        _tell(event, ticket, [event.facts.get("unit")], "kind")


_CLOSING = [move.event for move in MOVES.values() if State.CLOSED in move.targets]


@events.subscribes(*_CLOSING, name="tickets.gather_the_parts")
def gather_the_parts(event: Event) -> None:
    """When the last part of a divided ticket is closed, send the whole ticket on to verification and
    rating."""
    if event.facts.get("now") != State.CLOSED or event.facts.get("with_parent"):
        return
    ticket = _ticket(event)
    if ticket is not None and ticket.parent_id:
        actions.gather(ticket.parent, by=actors.system(ticket.tenant_id), at=event.at)


@events.subscribes("ticket.return_ticket", "ticket.reworked", name="tickets.tell_who_dispatched")
def tell_who_dispatched(event: Event) -> None:
    """Notify the dispatching unit of a return (退单) or a rework (返工)."""
    ticket = _ticket(event)
    if ticket is not None and ticket.dispatched_by_id:
        _tell(event, ticket, [ticket.dispatched_by_id], "kind")


@events.subscribes_in_batches(*notices.TIMED, name="tickets.tell_of_time")
def tell_of_time(happened: list[Event]) -> None:
    """Notify of clock events: a warning (临期) goes to the unit that must act.

    A breach (超期) also goes to the dispatching unit, and each escalation step goes one level higher. The end of a pause
    by its limit goes to the unit that must act again.
    """
    told = [event for event in happened if _is_told(event)]
    tickets = Ticket.objects.only(*TIMED_COLUMNS).in_bulk({event.subject_id for event in told})
    placed = _Places()
    letters = [
        _letter(event, tickets[event.subject_id], placed) for event in told if event.subject_id in tickets
    ]
    notices.tell_of_time(letters)


TIMED_COLUMNS = ("number", "tier", "area_path", "dispatched_by")


def _is_told(event: Event) -> bool:
    facts = event.facts
    if event.kind == "clock.resumed" and facts.get("reason") != Step.LIMIT:
        return False
    ours = event.subject_type == "tickets.ticket" and facts.get("purpose") != Purpose.RATE
    return ours and not facts.get("combined")


class _Places:
    """The units that serve an area and the staff of a unit, each queried once per batch."""

    def __init__(self) -> None:
        self._chains: dict[str, list[int]] = {}
        self._staff: dict[tuple[int, date], list[int]] = {}

    def above(self, path: str) -> list[int]:
        """The street's command centre, then the county centre, as far as they exist."""
        if path not in self._chains:
            serving = territory.holders_of(path)
            kinds = (UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER)
            self._chains[path] = [serving[kind] for kind in kinds if kind in serving]
        return self._chains[path]

    def staff(self, unit_id: int, at: datetime) -> list[int]:
        key = (unit_id, territory.local_day(at))
        if key not in self._staff:
            self._staff[key] = [member for _, member in territory.staff([unit_id], at, CONCERNED)]
        return self._staff[key]


def _letter(event: Event, ticket: Ticket, placed: _Places) -> notices.Letter:
    facts = {name: event.facts[name] for name in TOLD_FACTS if name in event.facts}
    return notices.Letter(
        event,
        tuple(
            To(member, unit)
            for unit in _reached(event, ticket, placed)
            for member in placed.staff(unit, event.at)
            if member != event.actor_id
        ),
        {"number": ticket.number, **facts},
        f"desk/tickets/{ticket.number}/",
        ticket.tier == Tier.EMERGENCY,
    )


TOLD_FACTS = ("purpose", "step", "unit", "due_at", "by_change", "reason")


def _reached(event: Event, ticket: Ticket, placed: _Places) -> list[int]:
    """The units to notify, each once. A level that does not exist, or that is the unit itself, is skipped and
    the next higher level is notified instead, up to the county."""
    own = event.facts.get("unit")
    units = [own] if own else []
    if event.kind in {"clock.breached", "clock.escalated"} and ticket.dispatched_by_id:
        units.append(ticket.dispatched_by_id)
    levels = {"escalate_1": 1, "escalate_2": 2}.get(event.facts.get("step", ""), 0)
    chain = placed.above(ticket.area_path) if levels else []
    past = chain.index(own) + 1 if own in chain else 0
    return list(dict.fromkeys([*units, *chain[past : past + levels]]))


@events.subscribes("ticket.report", name="tickets.text_the_receipt")
def text_the_receipt(event: Event) -> None:
    """点单: text the number and the address of the ticket to a reporter with a phone, if the district has
    enabled it."""
    ticket = _ticket(event)
    if ticket is not None:
        receipts.send(ticket, at=event.at)


_TO_BE_RATED = [move.event for move in MOVES.values() if State.RATING in move.targets]


@events.subscribes(*_TO_BE_RATED, name="tickets.text_the_rating_link")
def text_the_rating_link(event: Event) -> None:
    """评单 begins: text each reporter with a phone their own rating link."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("now") == State.RATING == ticket.state:
        rating_links.send(ticket, promises.residents(ticket), at=event.at)


@events.subscribes("privacy.asked", "clock.breached", name="tickets.tell_who_answers_for_privacy")
def tell_who_answers_for_privacy(event: Event) -> None:
    """Notify the county centre of a personal data request (个人信息请求), once when it is made and once when it is
    late."""
    if event.subject_type != "tickets.datarequest":
        return
    county = territory.district()
    units = [territory.holders_of(county.path).get(UnitKind.COUNTY_CENTER)] if county else []
    staff = territory.staff([unit for unit in units if unit], event.at, (Role.COUNTY_CENTER,))
    notices.tell([To(member, unit) for unit, member in staff], event, facts={}, link="desk/privacy/")
