"""The models of the tickets app."""

from tickets.models.asking import Approval, Callback
from tickets.models.duties import (
    AdmissionUnit,
    DutyAssistant,
    DutyItem,
    DutyKind,
    DutyList,
    HeadConsent,
    Push,
    WorkAdmission,
)
from tickets.models.exports import Export
from tickets.models.mediation import MediationAgreement, MediationSession
from tickets.models.phones import PhoneProof
from tickets.models.privacy import DataRequest, PrivacyNotice
from tickets.models.questions import Answer, Question
from tickets.models.replies import ReplyTemplate
from tickets.models.saved import SavedView
from tickets.models.settings import Category, ServiceLevel
from tickets.models.shares import TicketGroupObjectPermission, TicketUserObjectPermission
from tickets.models.talk import Attachment, Rating, RatingLink, Remark, Reporter
from tickets.models.ticket import Assistant, NumberCounter, Ticket, TicketQuerySet
from tickets.models.whistles import (
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
