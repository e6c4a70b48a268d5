"""The members to notify of a ticket, and which facts of an event a notice keeps."""

from governance.access.permissions import GRANTS, Permission, Role
from governance.events.models import Event
from tickets.ticket.models.ticket import Ticket

#: The roles notified about tickets of their unit: those that may read them, except leaders, who only look on.
CONCERNED = tuple(
    role for role, held in GRANTS.items() if Permission.TICKET_READ_UNIT in held and role != Role.LEADER
)
TOLD_FACTS = ("purpose", "step", "unit", "due_at", "by_change", "reason")


def ticket_of(event: Event) -> Ticket | None:
    """The ticket of an event, None if it was deleted."""
    return Ticket.objects.filter(pk=event.subject_id).first()
