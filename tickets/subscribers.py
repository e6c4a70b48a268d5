"""What happens because something happened to a ticket: the people concerned are told in their inbox."""

from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access.permissions import Role
from governance.events import notices
from governance.events.models import Event
from grids import queries as territory
from tickets import kinds  # noqa: F401 - declares what is subscribed to
from tickets.models import Ticket
from tickets.states import State, Tier
from tickets.workflow import MOVES

WORKERS = (Role.GRID_WORKER, Role.GRID_LEAD)


def _ticket(event: Event) -> Ticket | None:
    return Ticket.objects.filter(pk=event.subject_id).first()


def _tell(event: Event, ticket: Ticket, units: Any, text: str, roles: tuple[Role, ...] = ()) -> None:
    members = territory.receivers([unit for unit in units if unit], event.at, roles) - {event.actor_id}
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


@events.subscribes("ticket.assign")
def tell_the_person(event: Event) -> None:
    """指派 reaches the person it names."""
    ticket = _ticket(event)
    if ticket is not None and event.facts.get("member") not in {None, event.actor_id}:
        text = _("%(number)s 指派给您") % {"number": ticket.number}
        notices.tell([event.facts["member"]], event, text=text, link=f"desk/tickets/{ticket.number}/")


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
    if ticket is None or facts.get("combined"):
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
