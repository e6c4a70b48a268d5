"""The models of the tickets app."""

from tickets.catalog.models import Category, ServiceLevel
from tickets.duties.models import (
    AdmissionUnit,
    DutyAssistant,
    DutyItem,
    DutyKind,
    DutyList,
    HeadConsent,
    Push,
    WorkAdmission,
)
from tickets.lists.models.exports import Export
from tickets.lists.models.saved import SavedView
from tickets.mediation.models import MediationAgreement, MediationSession
from tickets.phones.models import PhoneProof
from tickets.privacy.models import DataRequest, PrivacyNotice
from tickets.questions.models import Answer, Question
from tickets.replies.models import ReplyTemplate
from tickets.ticket.models.approvals import Approval, Callback
from tickets.ticket.models.photos import Attachment, PhotoDraft
from tickets.ticket.models.ratings import Rating, RatingLink
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.shares import TicketGroupObjectPermission, TicketUserObjectPermission
from tickets.ticket.models.ticket import Assistant, NumberCounter, Ticket, TicketQuerySet
from tickets.whistles.models import (
    Whistle,
    WhistleCounter,
    WhistleParty,
    WhistlePhoto,
    WhistleQuerySet,
    WhistleRating,
    WhistleTask,
)

__all__ = [
    "AdmissionUnit",
    "Answer",
    "Approval",
    "Assistant",
    "Attachment",
    "Callback",
    "Category",
    "DataRequest",
    "DutyAssistant",
    "DutyItem",
    "DutyKind",
    "DutyList",
    "Export",
    "HeadConsent",
    "MediationAgreement",
    "MediationSession",
    "NumberCounter",
    "PhoneProof",
    "PhotoDraft",
    "PrivacyNotice",
    "Push",
    "Question",
    "Rating",
    "RatingLink",
    "Remark",
    "ReplyTemplate",
    "Reporter",
    "SavedView",
    "ServiceLevel",
    "Ticket",
    "TicketGroupObjectPermission",
    "TicketQuerySet",
    "TicketUserObjectPermission",
    "Whistle",
    "WhistleCounter",
    "WhistleParty",
    "WhistlePhoto",
    "WhistleQuerySet",
    "WhistleRating",
    "WhistleTask",
    "WorkAdmission",
]
