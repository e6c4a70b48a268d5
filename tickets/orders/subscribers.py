"""Subscribers of ticket events: notify members in their inbox, and residents by text message."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from governance import events
from governance.access import actors
from governance.access.permissions import Role
from governance.events import notices
from governance.events.models import Event
from governance.events.receivers import To
from grids.people import queries as people_queries
from grids.roster import queries as roster
from grids.units import queries as unit_queries
from tickets.orders.actions import rating_links, recusal, resident_texts, splitting
from tickets.states import State, Tier
from tickets.ticket import queries as ticket_queries
from tickets.ticket.audience import CONCERNED, heard_of, ticket_of
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES

WORKERS = (Role.GRID_WORKER, Role.GRID_LEAD)


def _tell(event: Event, ticket: Ticket, units: Any, say: str) -> None:
    wanted = [unit for unit in units if unit]
    staff = people_queries.staff(wanted, event.at, CONCERNED)
    if ticket.tier == Tier.EMERGENCY and not roster.office_is_open(event.at):
        staff = _on_shift(staff, wanted, event.at)
    _put(event, ticket, [To(member, unit) for unit, member in staff if member != event.actor_id], say, wanted)


def _on_shift(staff: list[tuple[int, int]], units: list[int], at: datetime) -> list[tuple[int, int]]:
    """Outside office hours an emergency goes to the members on shift; if a unit has no shift, all its members
    are notified."""
    shifts = roster.on_shift(units, at)
    awake = [(unit, member) for unit, members in shifts.items() for member in members]
    return sorted({*awake, *((unit, member) for unit, member in staff if unit not in shifts)})


def _put(event: Event, ticket: Ticket, to: Iterable[To | int], say: str, units: Iterable[int] = ()) -> None:
    heard = heard_of(ticket, to, event.at, units)
    facts = {"number": ticket.number, "say": say, "now": str(ticket.state)}
    link = f"desk/tickets/{ticket.number}/"
    urgent = ticket.tier == Tier.EMERGENCY
    notices.tell(heard.to, event, facts=facts, link=link, urgent=urgent, barred=heard.barred)


_STATE_MOVES = [move.event for move in MOVES.values() if move.built and move.targets]


@events.subscribes(*_STATE_MOVES, name="tickets.tell_the_new_holder")
def tell_the_new_holder(event: Event) -> None:
    """Notify the unit that must act now, once, when the ticket arrives."""
    ticket = ticket_of(event)
    if ticket is None or event.facts.get("now") != ticket.state or ticket.holder_unit_id is None:
        return
    if ticket.state == State.HANDLING and event.kind in {"ticket.accept", "ticket.triage_minor"}:
        return
    _tell(event, ticket, [ticket.holder_unit_id], "state")
    if ticket.state == State.RESOLVED:  # grid workers verify on site
        workers = set().union(
            *(people_queries.posted_over(ticket.area_path, role, event.at) for role in WORKERS)
        )
        _put(event, ticket, workers - {event.actor_id, ticket.handled_by_id}, "state")


@events.subscribes("ticket.report", name="tickets.inform_of_an_emergency")
def inform_of_an_emergency(event: Event) -> None:
    """An emergency goes straight to its duty unit; inform the community, the street and the county as
    well."""
    ticket = ticket_of(event)
    if ticket is not None and ticket.tier == Tier.EMERGENCY and event.facts.get("now") == State.DISPATCHED:
        _tell(event, ticket, unit_queries.holders_of(ticket.area_path).values(), "inform")


@events.subscribes("ticket.assign", "ticket.lead_by_leader", name="tickets.tell_the_person")
def tell_the_person(event: Event) -> None:
    """Notify the member or the section named by 指派, and the leader named by 领导牵头."""
    ticket, facts = ticket_of(event), event.facts
    if ticket is None:
        return
    if facts.get("member") not in {None, event.actor_id}:
        _put(event, ticket, [To(facts["member"], ticket.lead_unit_id)], "assigned")
    elif facts.get("unit"):
        _tell(event, ticket, [facts["unit"]], "kind")


@events.subscribes("ticket.dispatch", "ticket.arbitrate", name="tickets.tell_the_assistants")
def tell_the_assistants(event: Event) -> None:
    """Notify the assisting units (协办) when the ticket is dispatched."""
    ticket = ticket_of(event)
    if ticket is not None and event.facts.get("assistants"):
        _tell(event, ticket, event.facts["assistants"], "assist")


_ASKING = [move.event for move in MOVES.values() if move.asks]
_DECIDING = [move.event for move in MOVES.values() if move.decides]


@events.subscribes(*_ASKING, name="tickets.tell_who_must_decide")
def tell_who_must_decide(event: Event) -> None:
    """Notify the unit that decides a request (申请)."""
    ticket = ticket_of(event)
    if ticket is not None and event.facts.get("approver"):
        _tell(event, ticket, [event.facts["approver"]], "decide")


@events.subscribes(
    *_DECIDING,
    "ticket.agreement_due",
    "ticket.urge",
    "ticket.supervise",
    "ticket.instruct",
    "ticket.assist_finish",
    "ticket.took_in",
    "ticket.add",
    name="tickets.tell_who_holds",
)
def tell_who_holds(event: Event) -> None:
    """Notify the units that hold or lead the ticket of a decision, an urging, an order, an addition or a
    finished part."""
    ticket = ticket_of(event)
    if ticket is not None:
        _tell(event, ticket, {ticket.holder_unit_id, ticket.lead_unit_id}, "kind")


@events.subscribes("ticket.assist_waive", name="tickets.tell_the_waived")
def tell_the_waived(event: Event) -> None:
    """Notify a unit that its part was waived (取消协办)."""
    ticket = ticket_of(event)
    if ticket is not None:
        _tell(event, ticket, [event.facts.get("unit")], "kind")


_CLOSING = [move.event for move in MOVES.values() if State.CLOSED in move.targets]


@events.subscribes(*_CLOSING, name="tickets.gather_the_parts")
def gather_the_parts(event: Event) -> None:
    """Send a divided ticket on to verification and rating when its last part is closed."""
    if event.facts.get("now") != State.CLOSED or event.facts.get("with_parent"):
        return
    ticket = ticket_of(event)
    if ticket is not None and ticket.parent_id:
        splitting.close_divided(ticket.parent, by=actors.system(ticket.tenant_id), at=event.at)


@events.subscribes("ticket.return_ticket", "ticket.reworked", name="tickets.tell_who_dispatched")
def tell_who_dispatched(event: Event) -> None:
    """Notify the dispatching unit of a return (退单) or a rework (返工)."""
    ticket = ticket_of(event)
    if ticket is not None and ticket.dispatched_by_id:
        _tell(event, ticket, [ticket.dispatched_by_id], "kind")


_TO_BE_RATED = [move.event for move in MOVES.values() if State.RATING in move.targets]


@events.subscribes(*_TO_BE_RATED, name="tickets.text_the_rating_link")
def text_the_rating_link(event: Event) -> None:
    """评单 begins: text each reporter with a phone their own rating link."""
    ticket = ticket_of(event)
    if ticket is not None and event.facts.get("now") == State.RATING == ticket.state:
        rating_links.send(ticket, ticket_queries.raters(ticket), at=event.at)


@events.subscribes(*resident_texts.WORDS, name="tickets.text_the_resident")
def text_the_resident(event: Event) -> None:
    """Text the residents whom a question, 挂账, 不予受理, 延期 or 返工 concerns."""
    ticket = ticket_of(event)
    if ticket is not None:
        resident_texts.send(ticket, event.kind, at=event.at)


@events.subscribes("ticket.handed_over", name="tickets.tell_the_unit_of_what_came_back")
def tell_the_unit_of_what_came_back(event: Event) -> None:
    """Notify the unit of a ticket whose member was switched off without a successor: it must be assigned again."""
    ticket = ticket_of(event)
    if ticket is not None and not event.facts.get("member"):
        _tell(event, ticket, [ticket.lead_section_id or ticket.lead_unit_id], "back")


@events.subscribes("unit.changed", name="tickets.keep_complaints_from_the_accused")
def keep_complaints_from_the_accused(event: Event) -> None:
    """Take complaints away from units that a change of the tree of units brought into line with the accused."""
    if "parent" in event.facts.get("fields", ()):
        for ticket in (
            Ticket.objects.open().exclude(against_unit=None).exclude(state=State.DIVIDED).order_by("pk")
        ):
            recusal.recuse(ticket, at=event.at)
