"""Questions to the resident: 请居民补充 and 补充. Meanwhile the resolve clock is paused, up to a limit."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.actions import NewClock
from governance.clocks.calendar import Unit
from governance.clocks.models import Purpose, Step
from governance.clocks.policies import Policy
from governance.errors import Forbidden
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.orders.actions import resident_texts
from tickets.states import State
from tickets.ticket import moving, state_clocks
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

REPLY = "reply"


def ask_resident(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    question: str,
    expected: str = "",
) -> Ticket:
    """请居民补充: put a public question. Without an answer the work resumes automatically at the limit."""
    ticket, move = moving.lock_for(ticket, "ask_resident", by=by, expected=expected)
    question = web_fields.required(question, "question", _("要问居民的问题"))
    remark = moving.add_remark(ticket, "ask_resident", question, by=by, at=at, public=True)
    limit = clocks.due_of(
        NewClock(
            purpose=REPLY,
            policy=Policy(budget=current().setting("reply_days"), unit=Unit.WORKDAYS),
            unit_id=ticket.holder_unit_id,
        ),
        at,
    )
    facts = {"remark": remark.pk, "limit": limit.isoformat()}
    gone = moving.make_move(ticket, move, State.AWAITING_RESIDENT, by=by, at=at, facts=facts)
    clocks.set_deadline(ticket, REPLY, Step.LIMIT, at=limit)
    return gone.ticket


def reply(
    ticket: Ticket | moving.Locked,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """补充: the resident's answer, by any channel; at the limit the platform continues without an answer.

    The answer, or the text message about the question, is a proof of contact; otherwise the clock of the first
    contact runs on. Of the residents only the author of the report may reply; a follower gets Forbidden. A reply
    starts an update clock, if the district has a time limit for it (S39).
    """
    ticket, move = moving.lock_for(ticket, "reply", by=by, expected=expected)
    if by.kind == "reporter" and not is_author(ticket, by.reporter_id):
        raise Forbidden(_("承办单位请反映人补充，关注的人请用“补充情况”"), code="not_the_author")
    if not by.is_system:
        text = web_fields.required(text, "text", _("补充内容"))
        clocks.cancel(ticket, REPLY)
    remark = moving.add_remark(ticket, "reply", text, by=by, at=at, public=True)
    facts = {
        "remark": remark and remark.pk,
        "reporter": by.reporter_id,
        "limit_reached": by.is_system or None,
    }
    if not by.is_system or resident_texts.was_asked_by_text(ticket):
        clocks.change_clocks(ticket, stop=[Purpose.CONTACT], at=at)
    owed = [] if by.is_system else [state_clocks.new_clock(ticket, Purpose.UPDATE, ticket.holder_unit_id)]
    back = State.HANDLING if ticket.lead_unit_id else State.REPORTED  # asked before it was sorted
    begin = owed if ticket.lead_unit_id else []
    return moving.make_move(ticket, move, back, by=by, at=at, facts=facts, begin=begin).ticket


def is_author(ticket: Ticket, reporter_id: int | None) -> bool:
    """Is this reporter the author of the ticket, or of one merged into it? Later reporters only follow."""
    theirs = Reporter.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))
    first = theirs.order_by("ticket_id", "id").distinct("ticket_id")
    return reporter_id in first.values_list("pk", flat=True)


def add(ticket: Ticket, *, by: Actor, at: datetime, text: str, expected: str = "") -> Ticket:
    """居民补充: a remark of a reporter or follower that no unit has requested; it changes no state.

    The event names the reporter, because other followers may not read the remark.
    """
    ticket, move = moving.lock_for(ticket, "add", by=by, expected=expected)
    remark = moving.add_remark(
        ticket, "add", web_fields.required(text, "text", _("补充内容")), by=by, at=at, public=True
    )
    moving.record_move(ticket, move, by=by, at=at, remark=remark.pk, reporter=by.reporter_id)
    return ticket
