"""Requests of a lead that another unit decides: 改派, 延期, 挂账.

One open request at a time, with its own clock.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose, Step
from governance.errors import Conflict, Forbidden, Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids import tree as territory
from grids.models import Unit
from grids.units import queries as unit_queries
from tickets.states import Asking, State
from tickets.ticket import moving, state_clocks
from tickets.ticket.models.approvals import Approval
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of
from tickets.workflow import Move

MOST_DAYS = 60
DEFERRAL = "deferral"


# -- requests


def request_transfer(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    unit: Unit | None = None,
    expected: str = "",
) -> Ticket:
    """申请改派: the lead finds after accepting that it is another unit's duty.

    The dispatching unit reassigns or refuses; `unit` is one to which it may reassign the ticket.
    """
    ticket, move = moving.lock_for(ticket, "request_transfer", by=by, expected=expected)
    if unit is not None:
        reach_of(ticket, "request_transfer").require([unit])
    approver = ticket.dispatched_by_id
    return _ask(ticket, move, by=by, at=at, reason=reason, approver=approver, wanted_unit=unit)


def request_extension(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    days: int,
    reason: str,
    expected: str = "",
) -> Ticket:
    """申请延期: before the due time.

    A second extension is decided one level up; no unit decides for itself.
    """
    ticket, move = moving.lock_for(ticket, "request_extension", by=by, expected=expected)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("延期天数应在 1 到 %(n)d 之间") % {"n": MOST_DAYS}, code="out_of_range", field="days")
    if ticket.promised_at is None or ticket.promised_at <= at:
        raise Conflict(_("延期要在到期以前申请"), code="already_due", field="days")
    approver = ticket.dispatched_by_id
    if ticket.extensions or approver in {None, ticket.lead_unit_id}:
        approver = level_above(ticket, approver)
    return _ask(ticket, move, by=by, at=at, reason=reason, approver=approver, days=days)


def request_deferral(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    until: date,
    reason: str,
    expected: str = "",
) -> Ticket:
    """申请挂账: the work is blocked by money, planning or law; `until` is the day on which it is reviewed."""
    ticket, move = moving.lock_for(ticket, "request_deferral", by=by, expected=expected)
    _review_day(until, at)
    approver = ticket.dispatched_by_id
    return _ask(ticket, move, by=by, at=at, reason=reason, approver=approver, until=until)


def level_above(ticket: Ticket, unit_id: int | None) -> int | None:
    """The id of the centre one level above a unit, on the ladder of the ticket's area up to the county."""
    rungs = unit_queries.ladder_of(ticket.area_path)
    above = rungs.index(unit_id) + 1 if unit_id in rungs else len(rungs) - 1
    return rungs[min(above, len(rungs) - 1)] if rungs else unit_id


def _ask(
    ticket: Ticket,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    approver: int | None,
    **what: Any,
) -> Ticket:
    reason = web_fields.required(reason, "reason", _("申请理由"))
    remark = moving.add_remark(ticket, move.verb, reason, by=by, at=at)
    Approval.objects.create(
        ticket=ticket,
        kind=move.asks,
        asked_by_id=by.member_id,
        asked_unit_id=ticket.lead_unit_id,
        asked_at=at,
        reason=remark,
        approver_unit_id=approver,
        **what,
    )
    clocks.change_clocks(ticket, start=[state_clocks.new_clock(ticket, Purpose.REVIEW, approver)], at=at)
    changes = {"pending": move.asks, "pending_unit_id": approver}
    facts = {
        "remark": remark.pk,
        "approver": approver,
        "days": what.get("days"),
        "until": _iso(what.get("until")),
    }
    moving.record_move(ticket, move, by=by, at=at, changes=changes, **facts)
    return ticket


# -- decisions


def approve_extension(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    expected: str = "",
) -> Ticket:
    """同意延期: add the days to the resolve clock, in its own unit.

    A breach in the meantime stays on record.
    """
    ticket, move = moving.lock_for(ticket, "approve_extension", by=by, expected=expected)
    approval, remark = decide(ticket, move, Approval.Verdict.APPROVED, by=by, at=at, text=text)
    was_due = ticket.promised_at
    turned = clocks.change_clocks(
        ticket, stop=[Purpose.REVIEW], add_days={Purpose.RESOLVE: approval.days}, at=at
    )
    longer = next((c for c in turned.open if c.purpose == Purpose.RESOLVE), None)
    if longer is None:
        raise Conflict(_("办结时限已不在计时"), code="no_open_clock")
    state_clocks.set_due(ticket, turned.open)
    changes = {**_DECIDED, "extensions": ticket.extensions + 1, "due_at": ticket.due_at}
    changes["promised_at"] = longer.due_at
    facts = {
        "remark": remark and remark.pk,
        "days": approval.days,
        "was_due": was_due.isoformat(),
        "due_at": longer.due_at.isoformat(),
    }
    moving.record_move(ticket, move, by=by, at=at, changes=changes, **facts)
    return ticket


def refuse_transfer(ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "") -> Ticket:
    """不同意改派: the lead continues."""
    return _refuse(ticket, "refuse_transfer", by=by, at=at, reason=reason, expected=expected)


def refuse_extension(ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "") -> Ticket:
    """不同意延期: the due time stays as it was."""
    return _refuse(ticket, "refuse_extension", by=by, at=at, reason=reason, expected=expected)


def refuse_deferral(ticket: Ticket, *, by: Actor, at: datetime, reason: str, expected: str = "") -> Ticket:
    """不同意挂账: the lead continues."""
    return _refuse(ticket, "refuse_deferral", by=by, at=at, reason=reason, expected=expected)


def _refuse(
    ticket: Ticket,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    ticket, move = moving.lock_for(ticket, verb, by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("不同意的理由"))
    _approval, remark = decide(ticket, move, Approval.Verdict.REFUSED, by=by, at=at, text=reason)
    clocks.change_clocks(ticket, stop=[Purpose.REVIEW], at=at)
    moving.record_move(ticket, move, by=by, at=at, changes=dict(_DECIDED), remark=remark.pk)
    return ticket


_DECIDED = {"pending": "", "pending_unit_id": None}


def decide(
    ticket: Ticket, move: Move, verdict: str, *, by: Actor, at: datetime, text: str
) -> tuple[Approval, Remark | None]:
    """Close the open request with a verdict; raises Forbidden for the member that made the request."""
    approval = ticket.approvals.get(verdict="")
    if by.member_id is not None and approval.asked_by_id == by.member_id:
        raise Forbidden(_("不能批复自己的申请"), code="own_request")
    remark = moving.add_remark(ticket, move.verb, text, by=by, at=at)
    approval.verdict, approval.decided_by_id, approval.decided_at = verdict, by.member_id, at
    approval.answer = remark
    approval.save(update_fields=["verdict", "decided_by", "decided_at", "answer"])
    return approval, remark


def grant_transfer(ticket: Ticket, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Approve the open request for a transfer, which 改派 grants; returns the changes for the ticket's row.

    Raises Forbidden for the member that made the request.
    """
    if ticket.pending != Asking.TRANSFER:
        return {}
    asked_by_others = ticket.approvals.filter(verdict="").exclude(asked_by_id=by.member_id)
    verdict = Approval.Verdict.APPROVED
    if not asked_by_others.update(verdict=verdict, decided_by_id=by.member_id, decided_at=at):
        raise Forbidden(_("不能批复自己的申请"), code="own_request")
    ticket.pending = ""  # decided, so the move does not mark it as lapsed
    return dict(_DECIDED)


# -- 挂账 and 销账


def defer(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    answer: str,
    until: date | None = None,
    expected: str = "",
) -> Ticket:
    """挂账: the ticket leaves the overdue count until the review day; the resident reads why and until when.

    On that day the work resumes automatically. Without `until`, the day in the request applies.
    """
    ticket, move = moving.lock_for(ticket, "defer", by=by, expected=expected)
    answer = web_fields.required(answer, "answer", _("给居民的说明"))
    changes: dict[str, Any] = {}
    if ticket.pending:
        approval, _remark = decide(ticket, move, Approval.Verdict.APPROVED, by=by, at=at, text="")
        until, changes = until or approval.until, dict(_DECIDED)
        ticket.pending = ""  # decided, so the move does not mark it as lapsed
    if until is None:
        raise Invalid(_("请填写%(label)s") % {"label": _("复查日期")}, code="required", field="until")
    _review_day(until, at)
    remark = moving.add_remark(ticket, "defer", answer, by=by, at=at, public=True)
    facts, changes = {"remark": remark.pk, "until": _iso(until)}, {**changes, "review_on": until}
    gone = moving.make_move(ticket, move, State.DEFERRED, by=by, at=at, facts=facts, **changes)
    clocks.set_deadline(ticket, DEFERRAL, Step.REVIEW, at=_morning(until))
    return gone.ticket


def release(
    ticket: Ticket | moving.Locked,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    expected: str = "",
) -> Ticket:
    """销账: the work continues with the remaining time; by the lead, or automatically on the review day."""
    ticket, move = moving.lock_for(ticket, "release", by=by, expected=expected)
    if not by.is_system:
        reason = web_fields.required(reason, "reason", _("销账理由"))
        clocks.cancel(ticket, DEFERRAL)
    remark = moving.add_remark(ticket, "release", reason, by=by, at=at)
    facts = {"remark": remark and remark.pk}
    return moving.make_move(ticket, move, State.HANDLING, by=by, at=at, facts=facts, review_on=None).ticket


def _review_day(until: date, at: datetime) -> None:
    today, most = territory.local_day(at), current().setting("deferral_days")
    if not today < until <= today + timedelta(days=most):
        raise Invalid(
            _("复查日期应在明天起的 %(n)d 天以内") % {"n": most}, code="out_of_range", field="until"
        )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(current().zone))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
