"""Notify of time: warnings, breaches and escalations of a ticket's clocks, in batches."""

from datetime import date, datetime

from governance import events
from governance.clocks.models import Purpose, Step
from governance.events import notices
from governance.events.models import Event
from governance.events.receivers import To
from grids import tree as territory
from grids.models import UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries
from tickets.states import Tier
from tickets.ticket.audience import CONCERNED, TOLD_FACTS, heard_of
from tickets.ticket.models.ticket import Ticket

TIMED_COLUMNS = ("number", "tier", "area_path", "dispatched_by", "against_unit")


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
            serving = unit_queries.holders_of(path)
            kinds = (UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER)
            self._chains[path] = [serving[kind] for kind in kinds if kind in serving]
        return self._chains[path]

    def staff(self, unit_id: int, at: datetime) -> list[int]:
        key = (unit_id, territory.local_day(at))
        if key not in self._staff:
            self._staff[key] = [member for _, member in people_queries.staff([unit_id], at, CONCERNED)]
        return self._staff[key]


def _letter(event: Event, ticket: Ticket, placed: _Places) -> notices.Letter:
    facts = {name: event.facts[name] for name in TOLD_FACTS if name in event.facts}
    units = _reached(event, ticket, placed)
    staff = [To(member, unit) for unit in units for member in placed.staff(unit, event.at)]
    heard = heard_of(ticket, [to for to in staff if to.member_id != event.actor_id], event.at, units)
    return notices.Letter(
        event,
        heard.to,
        {"number": ticket.number, **facts},
        f"desk/tickets/{ticket.number}/",
        ticket.tier == Tier.EMERGENCY,
        barred=heard.barred,
    )


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
