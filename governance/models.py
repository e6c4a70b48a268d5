"""All models of the governance app, imported from its sub-packages."""

from governance.access.models import ApiToken, Member, UsedPassword, User
from governance.clocks.models import CalendarDay, CalendarYear, Clock, Deadline, WorkCalendar
from governance.events.models import (
    Event,
    EventDigest,
    EventHead,
    FailedDelivery,
    FeedCursor,
    Notice,
    NoticeBrake,
    Robot,
)
from governance.messages.models import Message
from governance.sheets.models import SheetUpload
from governance.tenancy.models import Tenant

__all__ = [
    "ApiToken",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "Deadline",
    "Event",
    "EventDigest",
    "EventHead",
    "FailedDelivery",
    "FeedCursor",
    "Member",
    "Message",
    "Notice",
    "NoticeBrake",
    "Robot",
    "SheetUpload",
    "Tenant",
    "UsedPassword",
    "User",
    "WorkCalendar",
]
