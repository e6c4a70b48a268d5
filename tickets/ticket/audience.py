"""The members to notify of a ticket, and which facts of an event a notice keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from governance.access.permissions import GRANTS, Permission, Role
from governance.events.models import Event
from governance.events.receivers import To
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket

#: The roles notified about tickets of their unit: those that may read them, except leaders, who only look on.
CONCERNED = tuple(
    role for role, held in GRANTS.items() if Permission.TICKET_READ_UNIT in held and role != Role.LEADER
)
TOLD_FACTS = ("purpose", "step", "unit", "due_at", "by_change", "reason")


def ticket_of(event: Event) -> Ticket | None:
    """The ticket of an event, None if it was deleted."""
    return Ticket.objects.filter(pk=event.subject_id).first()


@dataclass(frozen=True, slots=True)
class Heard:
    """The receivers of a notice, and the members who must not get it, not even as a deputy."""

    to: tuple[To, ...]
    barred: frozenset[int] = frozenset()


def heard_of(ticket: Ticket, to: Iterable[To | int], at: datetime, units: Iterable[int | None] = ()) -> Heard:
    """The receivers without those in the line of the unit complained about; no statement for other tickets.

    `units` are the units that were meant: if the county centre is one of them and in the line, the leaders who
    decide in its place hear of it.
    """
    given = tuple(one if isinstance(one, To) else To(one) for one in to)
    if ticket.against_unit_id is None:
        return Heard(given)
    barred = accused.people_in_line(ticket, at)
    kept_out = accused.those_in_line(ticket, [*units, *(one.unit_id for one in given)])
    found = [one for one in given if one.member_id not in barred and one.unit_id not in kept_out]
    if kept_out & set(units) and accused.is_the_leaders(ticket):
        found += [To(member) for member in sorted(accused.leaders(ticket, at))]
    return Heard(tuple(found), barred)
