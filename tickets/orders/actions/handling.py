"""Work of the lead unit: notes, contact with the resident, 办结 and its review."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose
from governance.errors import Invalid
from governance.web import fields as web_fields
from tickets.mediation import actions as mediation
from tickets.orders.actions import assisting, judging, summarizing
from tickets.states import Outcome, State
from tickets.ticket import moving, state_clocks
from tickets.ticket.models.ticket import Ticket

#: Outcomes that a lead may choose; all but `fixed` are reviewed by the dispatching unit.
ENDINGS = (Outcome.FIXED, Outcome.EXPLAINED, Outcome.CANNOT, Outcome.NOT_OURS)


def note(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    public: bool = False,
    expected: str = "",
) -> Ticket:
    """进展: progress so far, for colleagues or, if `public`, for the resident too.

    A public note stops the update clock.
    """
    ticket, move = moving.lock_for(ticket, "note", by=by, expected=expected)
    text = web_fields.required(text, "text", _("进展"))
    changes = _answered(ticket, [Purpose.UPDATE], at) if public else None
    remark = moving.add_remark(ticket, "note", text, by=by, at=at, public=public)
    moving.record_move(ticket, move, by=by, at=at, changes=changes, remark=remark.pk, public=public)
    return ticket


def contact(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    expected: str = "",
) -> Ticket:
    """联系居民: the first contact stops the contact clock; every contact stops the update clock (S39)."""
    ticket, move = moving.lock_for(ticket, "contact", by=by, expected=expected)
    text = web_fields.required(text, "text", _("联系情况"))
    changes = _answered(ticket, [Purpose.CONTACT, Purpose.UPDATE], at)
    remark = moving.add_remark(ticket, "contact", text, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, changes=changes, remark=remark.pk)
    return ticket


def _answered(ticket: Ticket, kept: list[Purpose], at: datetime) -> dict[str, Any] | None:
    """Stop the given clocks as kept; returns the changes for the ticket's row, None if there are none."""
    before = ticket.due_at
    state_clocks.set_due(ticket, clocks.change_clocks(ticket, stop=kept, at=at).open)
    return {"due_at": ticket.due_at} if ticket.due_at != before else None


def resolve(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    outcome: str,
    answer: str,
    evidence: str = "",
    no_agreement: str = "",
    summary: str = "",
    expected: str = "",
) -> Ticket:
    """办结: with a public answer and evidence, after every assistant has finished.

    The outcome `fixed` goes to verification, every other one to a review first; a ticket that needs no look
    at the place goes to the residents. A dispute needs an agreement, or the reason why there is none.
    """
    ticket, move = moving.lock_for(ticket, "resolve", by=by, expected=expected, **_asked_for())
    if outcome not in ENDINGS:
        raise Invalid(_("请选择办理结果"), code="unknown_choice", field="outcome")
    answer = web_fields.required(answer, "answer", _("给居民的答复"))
    _evidence(ticket, outcome, evidence)
    mediation.require_agreement(ticket, outcome, no_agreement)
    assisting.require_finished(ticket)
    summarizing.beside(ticket, summary, by=by, at=at)
    why = moving.add_remark(ticket, "no_agreement", no_agreement, by=by, at=at)
    reply, inside = moving.add_remarks(ticket, "resolve", by=by, at=at, public=answer, internal=evidence)
    reviewed = outcome != Outcome.FIXED and ticket.dispatched_by_id not in {None, ticket.lead_unit_id}
    facts = {"remark": reply.pk, "evidence": inside and inside.pk, "outcome": str(outcome)}
    facts["no_agreement"] = why and why.pk
    changes = {"outcome": outcome, "handled_by_id": by.member_id}
    if reviewed:
        return moving.make_move(ticket, move, State.IN_REVIEW, by=by, at=at, facts=facts, **changes).ticket
    return judging.work_done(ticket, move, by=by, at=at, facts=facts, **changes)


def _asked_for() -> dict[str, Any]:
    """Annotations for the lock: open parts of assistants, and an agreement."""
    return {"waiting": assisting.waiting(), "agreed": mediation.agreed()}


def _evidence(ticket: Ticket, outcome: str, evidence: str) -> None:
    if outcome == Outcome.FIXED and not web_fields.trimmed(evidence):
        if not ticket.attachments.filter(purpose="evidence", created_at__gte=ticket.state_since).exists():
            raise Invalid(_("请上传办结照片，或写明办理过程"), code="required", field="evidence")


def approve_closing(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """结案审核通过: the dispatching unit agrees that it is explained, impossible, or not a local duty."""
    ticket, move = moving.lock_for(ticket, "approve_closing", by=by, expected=expected)
    remark = moving.add_remark(ticket, "approve_closing", text, by=by, at=at)
    return judging.work_done(ticket, move, by=by, at=at, facts={"remark": remark and remark.pk})


def refuse_closing(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """结案审核不通过: the lead continues, and its resolve clock runs on."""
    ticket, move = moving.lock_for(ticket, "refuse_closing", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("退回理由"))
    remark = moving.add_remark(ticket, "refuse_closing", reason, by=by, at=at)
    return moving.make_move(
        ticket, move, State.HANDLING, by=by, at=at, facts={"remark": remark.pk}, outcome=""
    ).ticket
