"""What happens because something happened to a ticket: the people concerned are told in their inbox."""

from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.permissions import GRANTS, Permission, Role
from governance.clocks.models import Purpose
from governance.events import notices
from governance.events.models import Event
from grids import queries as territory
from tickets import (
    actions,
    kinds,  # noqa: F401 - declares what is subscribed to
)
from tickets.actions import links, moving
from tickets.models import Ticket
from tickets.states import State, Tier
from tickets.workflow import MOVES

WORKERS = (Role.GRID_WORKER, Role.GRID_LEAD)
#: Who is told of their unit's matters: the posts that may see them, and not those who only look on.
CONCERNED = tuple(
    role for role, held in GRANTS.items() if Permission.TICKET_READ_UNIT in held and role != Role.LEADER
)


def _ticket(event: Event) -> Ticket | None:
    return Ticket.objects.filter(pk=event.subject_id).first()


def _tell(event: Event, ticket: Ticket, units: Any, text: str, roles: tuple[Role, ...] = ()) -> None:
    wanted = roles or CONCERNED
    members = territory.receivers([unit for unit in units if unit], event.at, wanted) - {event.actor_id}
    _put(event, ticket, members, text)


def _put(event: Event, ticket: Ticket, members: set[int | None], text: str) -> None:
    link = f"desk/tickets/{ticket.number}/"
    notices.tell(members, event, text=text, link=link, urgent=ticket.tier == Tier.EMERGENCY)


_STATE_MOVES = [move.event for move in MOVES.values() if move.built and move.targets]


@events.subscribes(*_STATE_MOVES)
def tell_the_new_holder(event: Event) -> None:
    """Whoever must act now is told once, when the matter arrives."""
    ticket = _ticket(event)
    if ticket is None or event.facts.get("now") != ticket.state or ticket.holder_unit_id is None:
        return
    if ticket.state == State.HANDLING and event.kind in {"ticket.accept", "ticket.triage_minor"}:
        return
    text = _("%(number)s %(state)s") % {"number": ticket.number, "state": ticket.get_state_display()}
    _tell(event, ticket, [ticket.holder_unit_id], text)
    if ticket.state == State.RESOLVED:  # eyes on site are those of the grid
        workers = set().union(*(territory.posted_over(ticket.area_path, role, event.at) for role in WORKERS))
        _put(event, ticket, workers - {event.actor_id, ticket.handled_by_id}, text)


@events.subscribes("ticket.report")
def inform_of_an_emergency(event: Event) -> None:
    """An emergency goes straight to its duty unit; community, street and county are informed beside it."""
    ticket = _ticket(event)
    if ticket is not None and ticket.tier == Tier.EMERGENCY and event.facts.get("now") == State.DISPATCHED:
        text = _("%(number)s 紧急事项已直派责任单位,请关注") % {"number": ticket.number}
        _tell(event, ticket, territory.holders_of(ticket.area_path).values(), text)


@events.subscribes("ticket.assign", "ticket.lead_by_leader")
def tell_the_person(event: Event) -> None:
    """指派 reaches the person or the section it names, 领导牵头 the leader."""
    ticket, facts = _ticket(event), event.facts
    if ticket is None:
        return
    text = _("%(number)s %(what)s") % {"number": ticket.number, "what": events.sentence(event.kind)}
    if facts.get("member") not in {None, event.actor_id}:
        _put(event, ticket, {facts["member"]}, text)
    elif facts.get("unit"):
        _tell(event, ticket, [facts["unit"]], text)


@events.subscribes("ticket.dispatch", "ticket.arbitrate")
def tell_the_assistants(event: Event) -> None:
    """协办 units learn of their part when the matter is sent out."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("assistants"):
        text = _("%(number)s 请贵单位协办") % {"number": ticket.number}
        _tell(event, ticket, event.facts["assistants"], text)


_ASKING = [move.event for move in MOVES.values() if move.asks]
_DECIDING = [move.event for move in MOVES.values() if move.decides]


@events.subscribes(*_ASKING)
def tell_who_must_decide(event: Event) -> None:
    """申请 reaches the unit that decides it."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("approver"):
        text = _("%(number)s %(what)s,请批复")
        facts = {"number": ticket.number, "what": events.sentence(event.kind)}
        _tell(event, ticket, [event.facts["approver"]], text % facts)


@events.subscribes(*_DECIDING, "ticket.urge", "ticket.supervise", "ticket.assist_finish", "ticket.took_in")
def tell_who_holds(event: Event) -> None:
    """What was decided, urged, ordered or finished beside it reaches whoever has the matter in hand."""
    ticket = _ticket(event)
    if ticket is not None:
        text = _("%(number)s %(what)s") % {"number": ticket.number, "what": events.sentence(event.kind)}
        _tell(event, ticket, {ticket.holder_unit_id, ticket.lead_unit_id}, text)


@events.subscribes("ticket.assist_waive")
def tell_the_waived(event: Event) -> None:
    """免除协办 reaches the unit whose part it was."""
    ticket = _ticket(event)
    if ticket is not None:
        text = _("%(number)s %(what)s") % {"number": ticket.number, "what": events.sentence(event.kind)}
        _tell(event, ticket, [event.facts.get("unit")], text)


_CLOSING = [move.event for move in MOVES.values() if State.CLOSED in move.targets]


@events.subscribes(*_CLOSING)
def gather_the_parts(event: Event) -> None:
    """When the last part of a divided sheet is closed, the sheet goes on to be verified and judged as a whole."""
    if event.facts.get("now") != State.CLOSED or event.facts.get("with_parent"):
        return
    ticket = _ticket(event)
    if ticket is not None and ticket.parent_id:
        actions.gather(ticket.parent, by=actors.system(ticket.tenant_id), at=event.at)


@events.subscribes("ticket.return_ticket", "ticket.reworked")
def tell_who_dispatched(event: Event) -> None:
    """退单 and 返工 come back to the unit that sent the matter out."""
    ticket = _ticket(event)
    if ticket is not None and ticket.dispatched_by_id:
        text = _("%(number)s %(what)s") % {"number": ticket.number, "what": events.sentence(event.kind)}
        _tell(event, ticket, [ticket.dispatched_by_id], text)


@events.subscribes("clock.warned", "clock.breached", "clock.escalated")
def tell_of_time(event: Event) -> None:
    """临期 reaches who must act, 超期 its head too, each step of escalation one level more."""
    ticket, facts = _ticket(event), event.facts
    if ticket is None or facts.get("combined") or facts.get("purpose") == Purpose.RATE:
        return
    units = [facts.get("unit")]
    if event.kind != "clock.warned":
        units.append(ticket.dispatched_by_id)
    if facts.get("step") in {"escalate_1", "escalate_2"}:
        holders = territory.holders_of(ticket.area_path)
        units.append(holders.get("command_center"))
        if facts["step"] == "escalate_2":
            units.append(holders.get("county_center"))
    text = _("%(number)s %(what)s") % {"number": ticket.number, "what": events.sentence(event.kind)}
    _tell(event, ticket, units, text)


_TO_BE_RATED = [move.event for move in MOVES.values() if State.RATING in move.targets]


@events.subscribes(*_TO_BE_RATED)
def text_the_rating_link(event: Event) -> None:
    """评单 begins: everybody who reported and left a phone is texted their own link."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("now") == State.RATING == ticket.state:
        links.send(ticket, moving.residents(ticket), at=event.at)
