"""End tickets in other ways, reopen them, and call back residents: 不予受理, 作废, 撤回, 重办, 回访."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Conflict, Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids import tree as territory
from tickets.orders.actions import approvals, judging, splitting
from tickets.states import Asking, Outcome, Refusal, State
from tickets.ticket import moving
from tickets.ticket.models.approvals import Approval, Callback
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

TRIES, TRY_DAYS = 3, 2  # unreachable: three calls on two days without contact


def decline(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    refusal: str,
    answer: str,
    expected: str = "",
) -> Ticket:
    """不予受理: outside the platform's scope.

    The class of reason is recorded; the answer says where to turn.
    """
    ticket, move = moving.lock_for(ticket, "decline", by=by, expected=expected)
    if refusal not in Refusal.values:
        raise Invalid(_("请选择不予受理的类别"), code="unknown_choice", field="refusal")
    answer = web_fields.required(answer, "answer", _("给居民的说明"))
    remark = moving.add_remark(ticket, "decline", answer, by=by, at=at, public=True)
    facts = {"remark": remark.pk, "refusal": str(refusal)}
    return moving.make_move(
        ticket, move, State.CLOSED, by=by, at=at, facts=facts, outcome=Outcome.DECLINED
    ).ticket


def void(ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "") -> Ticket:
    """作废: one member of a centre requests it and a second one confirms; only then is the ticket closed."""
    ticket, move = moving.lock_for(ticket, "void", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("作废理由"))
    if ticket.pending != Asking.VOID:
        remark = moving.add_remark(ticket, "void", reason, by=by, at=at)
        Approval.objects.create(
            ticket=ticket,
            kind=Asking.VOID,
            asked_by_id=by.member_id,
            asked_unit_id=by.unit_id,
            asked_at=at,
            reason=remark,
        )
        changes = {"pending": Asking.VOID, "pending_unit_id": None}
        moving.record_move(ticket, move, by=by, at=at, changes=changes, remark=remark.pk, step="asked")
        return ticket
    _asked, remark = approvals.decide(ticket, move, Approval.Verdict.APPROVED, by=by, at=at, text=reason)
    ticket.pending = ""  # decided, so the move does not mark it as lapsed
    splitting.end_parts(splitting.open_parts(ticket), Outcome.VOID, "void", by=by, at=at)
    facts = {"remark": remark.pk, "step": "confirmed"}
    changes = {"outcome": Outcome.VOID, "pending": "", "pending_unit_id": None}
    return moving.make_move(
        ticket, move, State.CLOSED, by=by, at=at, facts=facts, clock_outcome=moving.CANCELLED, **changes
    ).ticket


def keep(ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "") -> Ticket:
    """不予作废: a second member wants the ticket to continue, or the requester takes the request back."""
    ticket, move = moving.lock_for(ticket, "keep", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("理由"))
    remark = moving.add_remark(ticket, "keep", reason, by=by, at=at)
    ticket.approvals.filter(verdict="").update(
        verdict=Approval.Verdict.REFUSED, decided_by_id=by.member_id, decided_at=at, answer=remark
    )
    changes = {"pending": "", "pending_unit_id": None}
    moving.record_move(ticket, move, by=by, at=at, changes=changes, remark=remark.pk)
    return ticket


def withdraw(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """撤回: by the reporter.

    If others follow the ticket, only this reporter leaves and the work continues.
    """
    ticket, move = moving.lock_for(ticket, "withdraw", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("撤回原因"))
    remark = moving.add_remark(ticket, "withdraw", reason, by=by, at=at)
    facts = {"remark": remark.pk, "reporter": by.reporter_id}
    others = Reporter.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket), left_at=None)
    if others.exclude(pk=by.reporter_id).exists():  # residents or staff: this reporter is not the only one
        Reporter.objects.filter(pk=by.reporter_id).update(left_at=at)
        moving.record_move(ticket, move, by=by, at=at, left=True, **facts)
        return ticket
    splitting.end_parts(splitting.open_parts(ticket), Outcome.WITHDRAWN, "withdraw", by=by, at=at)
    outcome = {"outcome": Outcome.WITHDRAWN, "clock_outcome": moving.CANCELLED}
    return moving.make_move(ticket, move, State.CLOSED, by=by, at=at, facts=facts, **outcome).ticket


def reopen(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """重办: by the reporter within the district's window, by a centre at any time; counted as rework."""
    ticket, move = moving.lock_for(ticket, "reopen", by=by, expected=expected)
    days = current().setting("reopen_days")
    if by.kind == "reporter" and at > ticket.closed_at + timedelta(days=days):
        raise Conflict(
            _("办结后 %(n)d 天内可以要求重办，现在已经过期，请重新反映") % {"n": days}, code="window_over"
        )
    reason = web_fields.required(reason, "reason", _("重办理由"))
    remark = moving.add_remark(ticket, "reopen", reason, by=by, at=at, public=True)
    return judging.back_to_work(ticket, move, by=by, at=at, facts={"remark": remark.pk})


def callback(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    contacted: bool,
    solved: bool | None = None,
    satisfied: bool | None = None,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """回访: reached? solved? satisfied? A ticket that is not solved goes back to work.

    Three calls on two days without contact count as unreachable.
    """
    ticket, move = moving.lock_for(ticket, "callback", by=by, expected=expected)
    if contacted and (solved is None or satisfied is None):
        field = "solved" if solved is None else "satisfied"
        raise Invalid(_("请记录是否解决、是否满意"), code="required", field=field)
    remark = moving.add_remark(ticket, "callback", text, by=by, at=at)
    call = Callback.objects.create(
        ticket=ticket,
        round=ticket.reworks,
        contacted=contacted,
        solved=solved if contacted else None,
        satisfied=satisfied if contacted else None,
        remark=remark,
        member_id=by.member_id,
        unit_id=by.unit_id,
        at=at,
    )
    facts = {"remark": remark and remark.pk, "contacted": contacted, "solved": call.solved}
    if contacted and not solved:
        return judging.back_to_work(ticket, move, by=by, at=at, facts=facts)
    facts |= {"satisfied": call.satisfied, "unreachable": (not contacted and _unreachable(ticket)) or None}
    moving.record_move(ticket, move, by=by, at=at, **facts)
    return ticket


def _unreachable(ticket: Ticket) -> bool:
    calls = list(ticket.callbacks.filter(round=ticket.reworks).values_list("contacted", "at"))
    days = {territory.local_day(at) for _contacted, at in calls}
    return len(calls) >= TRIES and len(days) >= TRY_DAYS and not any(contacted for contacted, _at in calls)
