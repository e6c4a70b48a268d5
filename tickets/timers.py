"""What the clocks of tickets do when they strike, beyond telling: 自动提级, 销号, and the end of a wait."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Purpose, Step
from governance.clocks.timer import handles
from governance.tenancy.scope import current
from tickets import actions
from tickets.actions import admissions, consents, mediating
from tickets.actions.approvals import DEFERRAL
from tickets.actions.asking import REPLY
from tickets.actions.moving import lock
from tickets.models import HeadConsent, WorkAdmission
from tickets.states import State


@handles("tickets.datarequest")
def remind(deadline: Deadline, *, at: datetime) -> None:
    """A resident's request about their information nears its time or is past it: its clock has recorded that."""


@handles("tickets.ticket")
def strike(deadline: Deadline, *, at: datetime) -> None:
    """Past triage or dispatch due + step the matter rises; a rating that never came closes the ticket; an answer
    that never came and the day of review put it back to work; the performance date of an agreement asks for a visit."""
    late = deadline.step == Step.ESCALATE_1 and deadline.purpose in {Purpose.TRIAGE, Purpose.DISPATCH}
    if not late and deadline.purpose not in {Purpose.RATE, REPLY, DEFERRAL, mediating.FOLLOW_UP}:
        return
    ticket, by = lock(deadline.subject_id), actors.system(deadline.tenant_id)
    if late and ticket.state in {State.REPORTED, State.ESCALATED} and current().setting("rise"):
        actions.rise(ticket, by=by, at=at)
    elif deadline.purpose == Purpose.RATE and deadline.step == Step.DUE and ticket.state == State.RATING:
        actions.close(ticket, by=by, at=at)
    elif deadline.purpose == REPLY and ticket.state == State.AWAITING_RESIDENT:
        actions.reply(ticket, by=by, at=at)
    elif deadline.purpose == DEFERRAL and ticket.state == State.DEFERRED:
        actions.release(ticket, by=by, at=at)
    elif deadline.purpose == mediating.FOLLOW_UP:
        mediating.remind(ticket, at=at)


@handles("tickets.workadmission")
def strike_admission(deadline: Deadline, *, at: datetime) -> None:
    """On the day after its last one an admission ends by itself."""
    if deadline.purpose == admissions.EXPIRY:
        admission = WorkAdmission.objects.get(pk=deadline.subject_id)
        admissions.expire(admission, by=actors.system(deadline.tenant_id), at=at)


@handles("tickets.headconsent")
def strike_consent(deadline: Deadline, *, at: datetime) -> None:
    """A street that has not answered in time has not consented."""
    if deadline.step == Step.DUE:
        consent = HeadConsent.objects.get(pk=deadline.subject_id)
        consents.lapse(consent, by=actors.system(deadline.tenant_id), at=at)
