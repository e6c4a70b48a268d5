"""The models of the tickets app."""

from tickets.models.settings import Category, ServiceLevel
from tickets.models.shares import TicketGroupObjectPermission, TicketUserObjectPermission
from tickets.models.talk import Attachment, Rating, RatingLink, Remark, Reporter
from tickets.models.ticket import Assistant, NumberCounter, Ticket, TicketQuerySet

__all__ = [
    "Assistant",
    "Attachment",
    "Category",
    "NumberCounter",
    "Rating",
    "RatingLink",
    "Remark",
    "Reporter",
    "ServiceLevel",
    "Ticket",
    "TicketGroupObjectPermission",
    "TicketQuerySet",
    "TicketUserObjectPermission",
]
