"""Subscribers of reports: text the receipt."""

from governance import events
from governance.events.models import Event
from tickets.intake import receipts
from tickets.ticket.audience import ticket_of


@events.subscribes("ticket.report", name="tickets.text_the_receipt")
def text_the_receipt(event: Event) -> None:
    """点单: text the number and the address of the ticket to a reporter with a phone, if the district has
    enabled it."""
    ticket = ticket_of(event)
    if ticket is not None:
        receipts.send(ticket, at=event.at)
