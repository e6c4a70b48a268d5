"""The clocks that run in each state of a ticket, and the due time that follows from them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from governance.clocks import actions as clocks
from governance.clocks.actions import NewClock
from governance.clocks.models import Clock, Purpose
from governance.clocks.models import State as ClockState
from governance.tenancy.scope import current
from tickets.catalog.service_levels import policy_of
from tickets.states import Channel, Ruling, State
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import can_be_called
from tickets.workflow import CLOCKS, PAUSED, STATES_IN_WORK, STATES_WITH_LEAD

#: Clocks that end with the state in which they started.
_OF_A_STATE = frozenset(
    {
        Purpose.TRIAGE,
        Purpose.DISPATCH,
        Purpose.ACCEPT,
        Purpose.CONTACT,
        Purpose.REVIEW,
        Purpose.VERIFY,
        Purpose.RATE,
        Purpose.ARBITRATE,
    }
)


_BY_ASSISTANTS = frozenset({Purpose.JOIN, Purpose.ASSIST})


_OF_THE_WORK = _BY_ASSISTANTS | {Purpose.RESOLVE, Purpose.UPDATE}


def change_clocks(
    ticket: Ticket,
    was: State,
    *,
    at: datetime,
    outcome: str = "",
    begin: Iterable[NewClock] = (),
    restore: Collection[str] = (),
    counted: bool = True,
) -> clocks.Turned:
    """Stop the clocks of the state that is left, start those of the state that is entered, set the due time.

    A question to the resident pauses the clocks of the first contact and of triage instead of ending them. The
    resolve clock outlives a change of unit and is handed over (S35). So is the clock for the answer to a
    supervision, because only the working unit can answer. Kinds in `restore` are reopened instead of started; with
    `counted` as if they had never ended, else the time between is a pause.
    """
    state = State(ticket.state)
    ending: set[str] = set(_OF_A_STATE)
    asking = State.AWAITING_RESIDENT in {state, was} and {state, was} <= STATES_IN_WORK | {State.REPORTED}
    waiting = (
        {Purpose.CONTACT, Purpose.TRIAGE} if asking else set()
    )  # a question is no contact and sorts nothing
    ending -= waiting
    stilled = _OF_THE_WORK | waiting
    if state == State.CLOSED:
        ending = set(clocks.EVERY)
    elif state == State.DISPATCHED:
        ending |= _BY_ASSISTANTS
    elif state not in STATES_IN_WORK:
        ending |= _OF_THE_WORK
    turned = clocks.change_clocks(
        ticket,
        stop=ending,
        start=[*(b for b in clocks_of_state(ticket, was) if b.purpose not in restore), *begin],
        at=at,
        outcome=outcome,
        pause=stilled if state in PAUSED else (),
        resume=stilled if was in PAUSED and state in {State.HANDLING, State.REPORTED} else (),
        reason=str(state),
        hand_over=_handed_over(ticket, was),
        undone={Purpose.CONTACT},  # a contact ends its clock by itself
    )
    revived = clocks.restore(ticket, restore, at=at, counted=counted) if restore else []
    turned.open.extend(revived)
    set_due(ticket, turned.open)
    return turned


def _handed_over(ticket: Ticket, was: State) -> dict[str, int]:
    """The clocks that outlive a change of holder, each with the unit that owes it from now on."""
    owing = {Purpose.SUPERVISE: answerable(ticket)}
    if was == State.HANDLING and ticket.state == State.DISPATCHED:
        owing |= dict.fromkeys((Purpose.RESOLVE, Purpose.UPDATE), ticket.lead_unit_id)
    return {kind: unit for kind, unit in owing.items() if unit}


def answerable(ticket: Ticket) -> int | None:
    """The id of the unit that answers a supervision: the working unit, also while others review its work."""
    working = ticket.lead_section_id or ticket.lead_unit_id
    return working if ticket.state in STATES_WITH_LEAD and working else ticket.holder_unit_id


def set_due(ticket: Ticket, open_clocks: Iterable[Clock]) -> None:
    """Set the earliest due time of the holder's running clocks; None if none is running.

    The clocks of assistants, and of a request that waits for a decision, do not count here.
    """
    aside = _BY_ASSISTANTS if ticket.state == State.IN_REVIEW else _BY_ASSISTANTS | {Purpose.REVIEW}
    running = [c for c in open_clocks if c.state == ClockState.RUNNING]
    ticket.due_at = min((c.due_at for c in running if c.purpose not in aside), default=None)


def clocks_of_state(ticket: Ticket, was: State | None = None) -> list[NewClock]:
    """The clocks to start when the ticket enters its state, coming from `was`."""
    kinds = list(CLOCKS[State(ticket.state)])
    if was in STATES_IN_WORK - {State.DISPATCHED}:  # the work continues under its running clock
        kinds = [kind for kind in kinds if kind not in {Purpose.RESOLVE, Purpose.CONTACT}]
    if Purpose.CONTACT in kinds and not can_be_called(ticket):
        kinds.remove(Purpose.CONTACT)
    if Purpose.DISPATCH in kinds and ticket.ruling == Ruling.DUE:
        kinds = [Purpose.ARBITRATE]
    return [new_clock(ticket, purpose, ticket.holder_unit_id) for purpose in kinds]


def new_clock(ticket: Ticket, purpose: Purpose, unit_id: int | None) -> NewClock:
    """One clock to start for a unit, under the service level that fits the ticket."""
    policy = policy_of(current(), purpose, ticket.tier, ticket.category_id)
    kept = purpose == Purpose.CONTACT and first_contact_made(ticket)
    return NewClock(purpose=purpose, policy=policy, unit_id=unit_id, kept=kept)


def first_contact_made(ticket: Ticket) -> bool:
    """Was it reported at the counter or by telephone, if that is a contact in this district, or did the first desk call
    before it was sorted?"""
    if ticket.channel in {Channel.DESK, Channel.HOTLINE} and current().setting("spoken_is_contact"):
        return True
    called = ticket.pk is not None and not ticket.reworks
    return called and ticket.remarks.filter(verb="contact").exists()
