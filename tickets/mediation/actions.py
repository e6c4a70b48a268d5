"""Mediation of a dispute (小调解): meetings, the signed agreement, whether it was kept (domain.md F24)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.models import Deadline, Step
from governance.errors import Forbidden, Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.catalog.marks import is_dispute
from tickets.mediation.models import MediationAgreement, MediationSession, names_in
from tickets.states import Outcome
from tickets.ticket import moving, photos, unmasking
from tickets.ticket.models.ticket import Ticket

FOLLOW_UP = "follow_up"
FORESEEN = timedelta(minutes=10)  # a device's clock may be a little ahead
MOST_NAMES = 30


def mediate(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    held_at: datetime,
    place: str,
    mediators: str,
    parties: str,
    text: str,
    session_result: str,
    expected: str = "",
) -> Ticket:
    """调解: record one meeting of the parties; done by the unit that handles the ticket."""
    ticket, move = moving.lock_for(ticket, "mediate", by=by, expected=expected)
    if held_at > at + FORESEEN:
        raise Invalid(_("调解时间不能在将来"), code="in_the_future", field="held_at")
    if session_result not in MediationSession.Result.values:
        raise Invalid(_("请选择调解结果"), code="unknown_choice", field="session_result")
    session = MediationSession.objects.create(
        ticket=ticket,
        held_at=held_at,
        place=web_fields.required(place, "place", _("调解地点"))[:100],
        unit_id=ticket.lead_section_id or ticket.lead_unit_id,
        mediators=web_fields.required(mediators, "mediators", _("调解员"))[:120],
        parties=_names(parties, "parties", _("当事人"), at_least=2),
        text=web_fields.required(text, "text", _("调解经过")),
        result=session_result,
        member_id=by.member_id,
        created_at=at,
    )
    moving.record_move(ticket, move, by=by, at=at, session=session.pk, result=session_result)
    return ticket


def _names(text: str, field: str, label: str, *, at_least: int = 1) -> str:
    names = names_in(web_fields.required(text, field, label))
    if not at_least <= len(names) <= MOST_NAMES:
        message = _("%(label)s应有 %(least)d 至 %(most)d 人，一行一个")
        raise Invalid(
            message % {"label": label, "least": at_least, "most": MOST_NAMES}, code="names", field=field
        )
    return "\n".join(name[:60] for name in names)


@dataclass(frozen=True, slots=True)
class _Dates:
    signed_on: date
    due_on: date | None

    def check(self, today: date) -> None:
        """Raise Invalid for a signature in the future, or a performance date before the signature."""
        if self.signed_on > today:
            raise Invalid(_("签订日期不能在将来"), code="in_the_future", field="signed_on")
        if self.due_on is not None and self.due_on < self.signed_on:
            raise Invalid(_("履行期限不能早于签订日期"), code="before_signing", field="due_on")


def sign(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    terms: str,
    signed_on: date,
    signers: str,
    due_on: date | None = None,
    scan: UploadedFile | None = None,
    expected: str = "",
) -> Ticket:
    """签订协议: with a performance date the lead is reminded to check whether the agreement was kept."""
    shot = photos.read(scan) if scan is not None else None
    ticket, move = moving.lock_for(ticket, "sign", by=by, expected=expected)
    _Dates(signed_on, due_on).check(at.astimezone(ZoneInfo(current().zone)).date())
    kept = photos.keep(ticket, shot, by=by, at=at, purpose="agreement") if shot else None
    made = MediationAgreement.objects.create(
        ticket=ticket,
        terms=web_fields.required(terms, "terms", _("协议内容")),
        signed_on=signed_on,
        signers=_names(signers, "signers", _("签字人"), at_least=2),
        scan=kept,
        due_on=due_on,
        member_id=by.member_id,
        created_at=at,
    )
    if due_on is not None:
        _remind(ticket, due_on, at)
    moving.record_move(ticket, move, by=by, at=at, agreement=made.pk, due_on=due_on and due_on.isoformat())
    return ticket


def _remind(ticket: Ticket, due_on: date, at: datetime) -> None:
    """Set a reminder for the morning after the performance date.

    Of several agreements, the earliest counts.
    """
    zone = ZoneInfo(current().zone)
    morning = datetime.combine(due_on + timedelta(days=1), time(9), zone)
    waiting = Deadline.objects.filter(
        subject_type=ticket._meta.label_lower, subject_id=ticket.pk, purpose=FOLLOW_UP, fired_at=None
    )
    known = waiting.values_list("due_at", flat=True).first()
    if known is None or morning < known:
        clocks.set_deadline(ticket, FOLLOW_UP, Step.REVIEW, at=max(morning, at))


def remind(ticket: Ticket, *, at: datetime) -> None:
    """Record each agreement whose performance date has passed, so that the lead checks it.

    Set the next reminder.
    """
    today = at.astimezone(ZoneInfo(current().zone)).date()
    waiting = ticket.agreements.filter(followed_at=None, reminded_at=None).exclude(due_on=None)
    rows = sorted(waiting.values_list("due_on", "pk"))
    passed = [pk for due, pk in rows if due < today]
    MediationAgreement.objects.filter(pk__in=passed).update(reminded_at=at)
    for pk in passed:
        events.record("ticket.agreement_due", ticket, by=moving.system(ticket), at=at, agreement=pk)
    if later := [due for due, _pk in rows if due >= today]:
        _remind(ticket, later[0], at)


def follow_up(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    agreement: MediationAgreement,
    kept: bool,
    text: str,
    expected: str = "",
) -> Ticket:
    """协议回访: record whether the agreement was kept and how this was found out; also after closing."""
    ticket, move = moving.lock_for(ticket, "follow_up", by=by, expected=expected)
    found = ticket.agreements.filter(pk=agreement.pk, followed_at=None).first()
    if found is None:
        raise Invalid(_("这份协议已经回访"), code="followed", field="agreement")
    text = web_fields.required(text, "text", _("回访情况"))
    found.kept, found.followed_at = kept, at
    found.save(update_fields=["kept", "followed_at"])
    remark = moving.add_remark(ticket, "follow_up", text, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, agreement=found.pk, kept=kept, remark=remark.pk)
    return ticket


def agreed() -> Exists:
    """Does the ticket have a signed agreement? An annotation for `moving.lock`."""
    return Exists(MediationAgreement.objects.filter(ticket=OuterRef("pk")))


def require_agreement(ticket: Ticket, outcome: str, why_not: str) -> None:
    """Raise Invalid if a dispute is fixed with neither an agreement nor a reason; locked with `agreed`."""
    if outcome == Outcome.FIXED and is_dispute(ticket.category_id) and not ticket.agreed:
        if not web_fields.trimmed(why_not):
            message = _("纠纷类事项办结前请先登记调解协议，或写明未签协议的原因")
            raise Invalid(message, code="required", field="no_agreement")


#: The unit that handles the ticket, and the community, street and county of its area.
READS_SCANS = (
    Permission.TICKET_HANDLE,
    Permission.TICKET_TRIAGE,
    Permission.TICKET_STREET,
    Permission.TICKET_COUNTY,
)


def may_see_scan(ticket: Ticket, by: Actor) -> bool:
    """May the actor see the scan of the signed paper, which shows the names in clear?

    The holder may, the unit that mediated, and the units responsible for the ticket's area; a member of the
    unit complained about may not. A share, supervision from above, or following the ticket is not enough.
    """
    if unmasking.sealed(ticket, by):
        return False
    if any(policy.can(by, right, ticket) for right in READS_SCANS):
        return True
    units = by.unit_ids_with(Permission.TICKET_READ_UNIT)
    return ticket.holder_unit_id in units or ticket.mediations.filter(unit_id__in=sorted(units)).exists()


def unmask(ticket: Ticket, *, by: Actor, at: datetime, reason: str) -> None:
    """Allow one view of the parties' names in clear, for an actor that may unmask reporters, and record it.

    Raises Forbidden, and Invalid without a reason.
    """
    verdict = policy.can(by, Permission.PERSON_UNMASK, ticket)
    if not verdict and not policy.can(by, Permission.TICKET_HANDLE, ticket):
        raise Forbidden(verdict.reason)
    if unmasking.sealed(ticket, by):
        raise Forbidden(_("该事项反映的是您的单位，当事人信息对本单位保密"), code="sealed")
    reason = web_fields.required(reason, "reason", _("查看原因"))
    remark = moving.add_remark(ticket, "unmask_parties", reason, by=by, at=at)
    events.record("ticket.parties_unmasked", ticket, by=by, at=at, remark=remark.pk)
