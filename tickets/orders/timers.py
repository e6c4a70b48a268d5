"""Deadline handlers of tickets: rise (自动提级), close (销号), end a wait. Notices are sent by the subscribers."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Purpose, Step
from governance.clocks.timer import handles
from governance.tenancy.scope import current
from tickets.mediation import actions as mediation
from tickets.orders.actions import approvals, judging, resident_questions, triage
from tickets.orders.actions.approvals import DEFERRAL
from tickets.orders.actions.resident_questions import REPLY
from tickets.states import State
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.moving import Locked


@handles("tickets.ticket")
def strike(deadline: Deadline, ticket: Ticket, *, at: datetime) -> None:
    """Act on a deadline of a ticket.

    Late at triage or dispatch by one step: rise. No rating in time: close. No answer in time, or day of
    review: back to work. Performance date of an agreement: request a follow-up.
    """
    late = deadline.step == Step.ESCALATE_1 and deadline.purpose in {Purpose.TRIAGE, Purpose.DISPATCH}
    if not late and deadline.purpose not in {Purpose.RATE, REPLY, DEFERRAL, mediation.FOLLOW_UP}:
        return
    by, locked = actors.system(deadline.tenant_id), Locked(ticket)  # the verbs lock no second time
    if late and ticket.state in {State.REPORTED, State.ESCALATED} and current().setting("rise"):
        triage.rise(locked, by=by, at=at)
    elif deadline.purpose == Purpose.RATE and deadline.step == Step.DUE and ticket.state == State.RATING:
        judging.close(locked, by=by, at=at)
    elif deadline.purpose == REPLY and ticket.state == State.AWAITING_RESIDENT:
        resident_questions.reply(locked, by=by, at=at)
    elif deadline.purpose == DEFERRAL and ticket.state == State.DEFERRED:
        approvals.release(locked, by=by, at=at)
    elif deadline.purpose == mediation.FOLLOW_UP:
        mediation.remind(ticket, at=at)
