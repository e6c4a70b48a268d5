"""Delete personal information in time, and answer residents' requests to correct or delete it.

Sources: PIPL art. 19 (shortest time) and 44-47 (to know, copy, correct, delete); periods: domain.md B9.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.calendar import Unit
from governance.clocks.models import Purpose
from governance.clocks.policies import Policy
from governance.errors import Conflict, Invalid, Missing
from governance.events.models import Event
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope
from governance.text import telephones
from governance.web import fields as web_fields
from tickets.mediation.models import MediationAgreement, MediationSession
from tickets.privacy.models import DataRequest
from tickets.privacy.queries import requests_for
from tickets.questions import queries as question_queries
from tickets.questions.models import Answer, Question
from tickets.states import OPEN, State
from tickets.ticket import moving, photo_files
from tickets.ticket import queries as ticket_queries
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import BY_RESIDENT

BATCH = 200
A_MONTH = timedelta(days=365.25 / 12)
ANSWER_WITHIN = 15  # workdays
#: What stands instead of the free text of a mediation after its retention: it names the parties and their quarrel.
PAST = "（保管期满，内容已去除）"
OF_MEDIATION = ("mediate", "sign", "follow_up")
#: Column values of a reporter without a contact.
WITHOUT_CONTACT = {"name": "", "phone": "", "phone_hash": "", "phone_tail": "", "phone_verified_at": None}


# -- retention


def to_be_anonymised(at: datetime) -> Iterator[int]:
    """Ids of closed tickets with contacts of reporters or names of parties past their retention, sorted."""
    before = at - current().setting("retention_months") * A_MONTH
    kept = ~Q(name="") | ~Q(phone="") | ~Q(phone_hash="")
    closed = Q(ticket__state=State.CLOSED, ticket__closed_at__lt=before)
    named = (
        Reporter.objects.filter(kept, closed, member=None),
        MediationSession.objects.filter(closed).exclude(parties="", text=PAST),
        MediationAgreement.objects.filter(closed).exclude(signers="", scan=None, terms=PAST),
        Answer.objects.filter(closed, kind=Question.Kind.TEXT).exclude(text=""),
    )
    rows = [
        found.exclude(ticket__merged_into__state__in=OPEN)  # the work continues under another number
        .order_by()
        .values_list("ticket_id", flat=True)
        for found in named
    ]
    return rows[0].union(*rows[1:]).order_by("ticket_id").iterator()


def anonymise(tenant: Tenant, *, at: datetime) -> int:
    """Remove names and phones from tickets closed longer ago than the retention time; returns how many.

    Works in batches of one transaction each, so it can be run again after an interruption. The log holds only
    ids and stays complete.
    """
    done = 0
    while True:
        with scope(tenant):
            found = [pk for pk, _n in zip(to_be_anonymised(at), range(BATCH), strict=False)]
            for pk in found:
                _take_contacts_off(pk, at)
        done += len(found)
        if len(found) < BATCH:
            return done


def _take_contacts_off(pk: int, at: datetime) -> None:
    ticket = moving.lock_ticket(pk)
    Reporter.objects.filter(ticket=ticket, member=None).update(**WITHOUT_CONTACT)
    DataRequest.objects.filter(ticket=ticket).update(name="", phone="", text="")
    Answer.objects.filter(ticket=ticket, kind=Question.Kind.TEXT).update(text="")
    MediationSession.objects.filter(ticket=ticket).update(parties="", text=PAST)
    MediationAgreement.objects.filter(ticket=ticket).update(signers="", scan=None, terms=PAST)
    Remark.objects.filter(ticket=ticket, verb__in=OF_MEDIATION).update(text=PAST)
    _remove(Attachment.objects.filter(ticket=ticket, purpose="agreement"))
    events.record("ticket.anonymised", ticket, by=moving.system(ticket), at=at)


# -- requests of residents


def ask(
    reporter: Reporter,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    phone: str = "",
    text: str = "",
) -> DataRequest:
    """Request that a reporter's own information be corrected or deleted; answered within 15 workdays.

    Raises Invalid naming the field, and Conflict while an earlier request is open.
    """
    ticket = moving.lock_ticket(reporter.ticket_id)
    if kind not in DataRequest.Kind.values:
        raise Invalid(_("请选择更正或删除"), code="unknown_choice", field="kind")
    if kind == DataRequest.Kind.CORRECT and not (web_fields.trimmed(name) or web_fields.trimmed(phone)):
        raise Invalid(_("请填写正确的姓名或电话"), code="required", field="name")
    if DataRequest.objects.filter(reporter=reporter, state=DataRequest.State.OPEN).exists():
        raise Conflict(_("上一次请求还在处理"), code="pending")
    made = DataRequest.objects.create(
        ticket=ticket, reporter=reporter, kind=kind, name=name, phone=phone, text=text, asked_at=at
    )
    promise = Policy(budget=ANSWER_WITHIN, unit=Unit.WORKDAYS)
    clock = clocks.start(made, Purpose.PRIVACY, policy=promise, at=at)
    made.due_at = clock.due_at
    made.save(update_fields=["due_at"])
    events.record("privacy.asked", made, by=by, at=at, ticket=ticket.pk, what=str(kind))
    return made


def copy_of(ticket: Ticket, reporter: Reporter) -> dict[str, Any]:
    """The stored data of a reporter: contact, additions, photos, ratings; for the author also text, place, answers."""
    found: dict[str, Any] = {
        "number": ticket.number,
        "name": reporter.name,
        "phone": reporter.phone,
        "phone_verified_at": reporter.phone_verified_at,
        "anonymous": reporter.anonymous,
        "registered_at": reporter.created_at,
        "notice_version": reporter.notice_version,
        "notice_accepted_at": reporter.accepted_at,
    }
    pictures = Q(reporter=reporter)
    if reporter.pk == ticket.reporters.order_by("id").values_list("pk", flat=True).first():
        pictures |= Q(ticket=ticket, purpose="report", reporter=None)
        found |= {
            "text": ticket.text,
            "address": ticket.address,
            "lat": ticket.lat,
            "lng": ticket.lng,
            "answers": dict(question_queries.read_answers(ticket)),
        }
    found["added"] = list(_added(ticket, reporter).values("at", "text"))
    shots = Attachment.objects.filter(pictures).order_by("id")
    found["photos"] = list(shots.values("created_at", "taken_at", "lat", "lng", "width", "height"))
    stars = ("speed", "attitude", "result", "solved", "comment", "at")
    return found | {"ratings": list(Rating.objects.filter(reporter=reporter).order_by("at").values(*stars))}


def _added(ticket: Ticket, reporter: Reporter) -> QuerySet[Remark]:
    """The remarks by which the reporter added or answered something, also on the ticket that it was merged into."""
    whole = [ticket.pk, ticket.merged_into_id or ticket.pk]
    told = Event.objects.filter(subject_type=Ticket._meta.label_lower, subject_id__in=whole)
    told = told.filter(kind__in=["ticket.add", "ticket.reply"], facts__reporter=reporter.pk)
    remarks = [facts["remark"] for facts in told.values_list("facts", flat=True) if "remark" in facts]
    return Remark.objects.filter(pk__in=remarks).order_by("at", "pk")


def grant(pk: int, *, by: Actor, at: datetime, answer: str = "") -> DataRequest:
    """Carry out the request.

    Raises Conflict if an open ticket still needs the contact that is to be deleted.
    """
    made = _open(pk, by)
    if made.kind == DataRequest.Kind.CORRECT:
        _correct(made)
    else:
        _delete(made)
    return _decided(made, DataRequest.State.DONE, by=by, at=at, answer=answer)


def refuse(pk: int, *, by: Actor, at: datetime, answer: str) -> DataRequest:
    """Refuse the request with a reason, which the resident reads on the page of the ticket."""
    made = _open(pk, by)
    answer = web_fields.required(answer, "answer", _("未予办理的理由"))
    return _decided(made, DataRequest.State.REFUSED, by=by, at=at, answer=answer)


def _open(pk: int, by: Actor) -> DataRequest:
    ticket_id = DataRequest.objects.filter(pk=pk).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        raise Missing(_("该请求不存在"))
    moving.lock_ticket(ticket_id)  # lock the ticket first, as everywhere
    made = DataRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    policy.require(by, Permission.PRIVACY_DECIDE)
    if not requests_for(by).filter(pk=pk).exists():
        raise Missing(_("该请求不存在"))
    if made.state != DataRequest.State.OPEN:
        raise Conflict(_("这项请求已经处理"), code="illegal_move")
    return made


def _decided(made: DataRequest, state: str, *, by: Actor, at: datetime, answer: str) -> DataRequest:
    made.state, made.answer, made.decided_at, made.decided_by_id = (
        state,
        web_fields.trimmed(answer),
        at,
        by.member_id,
    )
    made.name = made.phone = made.text = ""  # no longer needed
    made.save(update_fields=["state", "answer", "decided_at", "decided_by", "name", "phone", "text"])
    clocks.stop(made, [Purpose.PRIVACY], at=at)
    events.record("privacy.decided", made, by=by, at=at, ticket=made.ticket_id, state=str(state))
    return made


def _correct(made: DataRequest) -> None:
    person, fields = made.reporter, []
    if web_fields.trimmed(made.name):
        person.name = web_fields.trimmed(made.name)[:60]
        fields += ["name"]
    if web_fields.trimmed(made.phone):
        person.phone = telephones.plain(made.phone)
        person.phone_hash = telephones.hash_of(made.phone)
        person.phone_tail = telephones.tail_hash_of(made.phone)
        person.phone_verified_at = None
        fields += ["phone", "phone_hash", "phone_tail", "phone_verified_at"]
    person.save(update_fields=fields)


def _delete(made: DataRequest) -> None:
    """Delete the contact; if no other resident follows the ticket, also its text, remarks and photos."""
    ticket = moving.lock_ticket(made.ticket_id)
    whole = ticket.merged_into or ticket
    if ticket.is_open or whole.is_open:
        raise Conflict(_("事项还在办理，办结前需要联系方式；可先撤回事项"), code="still_open")
    author = ticket.reporters.order_by("id").values_list("pk", flat=True).first()
    Reporter.objects.filter(pk=made.reporter_id).update(**WITHOUT_CONTACT, left_at=ticket.closed_at)
    Rating.objects.filter(reporter_id=made.reporter_id).update(comment="")
    if made.reporter_id != author or ticket_queries.residents(ticket).exists():
        return  # not the author, or others follow the ticket too
    gone = _("(已按本人要求删除)")
    Remark.objects.filter(ticket=ticket, verb__in=BY_RESIDENT, member=None).update(text=gone)
    Answer.objects.filter(ticket=ticket).update(text="")
    _remove(Attachment.objects.filter(ticket=ticket, purpose__in=("report", "added")))
    ticket.title, ticket.text, ticket.address = gone, gone, ""
    ticket.lat = ticket.lng = None
    ticket.save(update_fields=["title", "text", "address", "lat", "lng"])


def _remove(photos: QuerySet[Attachment]) -> None:
    """Delete the photos, and after the commit their files, except files that another row still uses."""
    paths = list(photos.values_list("path", flat=True))
    if paths:
        photos.delete()
        photo_files.delete_unused(paths)
