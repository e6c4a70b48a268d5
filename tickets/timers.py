"""What the clocks of tickets do when they strike, beyond telling: 自动提级 and 销号."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Purpose, Step
from governance.clocks.timer import handles
from governance.tenancy.scope import current
from tickets import actions
from tickets.actions.moving import lock
from tickets.states import State


@handles("tickets.ticket")
def strike(deadline: Deadline, *, at: datetime) -> None:
    """Past triage or dispatch due + step the matter rises; a rating that never came closes the ticket."""
    ticket = lock(deadline.subject_id)
    by = actors.system(deadline.tenant_id)
    late = deadline.step == Step.ESCALATE_1 and deadline.purpose in {Purpose.TRIAGE, Purpose.DISPATCH}
    if late and ticket.state in {State.REPORTED, State.ESCALATED} and current().setting("rise"):
        actions.rise(ticket, by=by, at=at)
    elif deadline.purpose == Purpose.RATE and deadline.step == Step.DUE and ticket.state == State.RATING:
        actions.close(ticket, by=by, at=at)
