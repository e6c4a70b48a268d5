"""Duplicates: merge tickets (并单), undo a merge, or follow a ticket instead of reporting it again."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.models import Clock, Purpose
from governance.clocks.models import Outcome as ClockOutcome
from governance.errors import Conflict, Invalid
from governance.events.models import Event
from governance.text import telephones
from governance.web import fields as web_fields
from tickets.intake import actions as intake
from tickets.public import queries as public
from tickets.states import OPEN, Channel, Outcome, State
from tickets.ticket import accused, moving, state_clocks
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


def merge(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    into: Ticket,
    reason: str,
    expected: str = "",
) -> Ticket:
    """并单: close this ticket as a duplicate of `into`; its reporters then follow and rate `into`.

    Its clocks end as merged; those of `into` count from the earlier start of the two (S47). Tickets merged
    into this one before are moved to `into` as well.
    """
    first, second = sorted((ticket.pk, into.pk))  # always in the same order, against deadlocks
    moving.lock_ticket(first), moving.lock_ticket(second)
    ticket, move = moving.lock_for(ticket, "merge", by=by, expected=expected)
    into = moving.lock_ticket(into)
    _fits(ticket, into, by)
    reason = web_fields.required(reason, "reason", _("并单理由"))
    remark = moving.add_remark(ticket, "merge", reason, by=by, at=at)
    Ticket.objects.filter(merged_into=ticket).update(merged_into=into)
    began, supervised = dict(_open_clocks(ticket)), ticket.supervised
    facts = {"remark": remark.pk, "into": into.pk}
    gone = moving.make_move(
        ticket,
        move,
        State.CLOSED,
        by=by,
        at=at,
        facts=facts,
        clock_outcome=ClockOutcome.MERGED,
        outcome=Outcome.DUPLICATE,
        merged_into_id=into.pk,
        before=str(ticket.state),
        before_outcome=str(ticket.outcome),
    )
    _count_from_the_earlier(into, began, at)
    if supervised and not into.supervised:
        _take_over_the_supervision(into, at)
    events.record("ticket.took_in", into, by=by, at=at, now=str(into.state), ticket=ticket.pk)
    return gone.ticket


def _fits(ticket: Ticket, into: Ticket, by: Actor) -> None:
    """Raise Invalid or Forbidden unless `ticket` can be merged into `into`."""
    wrong = ""
    if into.pk == ticket.pk:
        wrong = _("不能并入自己")
    elif into.state not in OPEN - {State.DIVIDED}:
        wrong = _("只能并入未办结、未拆分的工单")
    elif into.parent_id == ticket.pk:
        wrong = _("不能并入自己拆分出的工单")
    elif ticket.against_unit_id != into.against_unit_id:
        wrong = _("反映单位的工单只能并入反映同一单位的工单")
    elif ticket.private and not into.private:
        wrong = _("不公开的工单只能并入不公开的工单")
    if wrong:
        raise Invalid(wrong, code="unfit_target", field="into")
    policy.require(accused.in_the_centres_place(into, by), Permission.TICKET_MERGE, into)


def _open_clocks(ticket: Ticket) -> Any:
    label = ticket._meta.label_lower
    found = Clock.objects.filter(subject_type=label, subject_id=ticket.pk, ended_at=None)
    return found.values_list("purpose", "started_at")


def _count_from_the_earlier(into: Ticket, began: dict[str, datetime], at: datetime) -> None:
    earlier = clocks.begin_earlier(into, began, at=at)
    if earlier:
        before = into.due_at
        state_clocks.set_due(into, earlier)
        if into.due_at != before:
            into.save(update_fields=["due_at"])


def _take_over_the_supervision(into: Ticket, at: datetime) -> None:
    """An order or an instruction that was not answered is answered on the ticket that goes on."""
    begin = state_clocks.new_clock(into, Purpose.SUPERVISE, state_clocks.answerable(into))
    state_clocks.set_due(into, clocks.change_clocks(into, start=[begin], at=at).open)
    into.supervised = True
    into.save(update_fields=["supervised", "due_at"])


def unmerge(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """撤销并单: the ticket returns to its former state; its clocks run on as if they had never ended (S48).

    Tickets that were merged into it before the merge return with it.
    """
    ticket, move = moving.lock_for(ticket, "unmerge", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("撤销理由"))
    remark = moving.add_remark(ticket, "unmerge", reason, by=by, at=at)
    ended = Clock.objects.filter(
        subject_type=ticket._meta.label_lower,
        subject_id=ticket.pk,
        outcome=ClockOutcome.MERGED,
        ended_at=ticket.closed_at,
    )
    restore = set(ended.values_list("purpose", flat=True))
    facts = {"remark": remark.pk, "from": ticket.merged_into_id}
    _take_along(ticket)
    return moving.make_move(
        ticket,
        move,
        State(ticket.before),
        by=by,
        at=at,
        facts=facts,
        restore=restore,
        supervised=Purpose.SUPERVISE in restore,
        outcome=ticket.before_outcome,
        closed_at=None,
        merged_into_id=None,
        before="",
        before_outcome="",
    ).ticket


def _take_along(ticket: Ticket) -> None:
    """Move back the tickets that were merged into this one, also through others, before it was merged."""
    last = Event.objects.filter(
        subject_type=ticket._meta.label_lower, subject_id=OuterRef("pk"), kind="ticket.merge"
    ).order_by("-seq")
    beside = Ticket.objects.filter(merged_into=ticket.merged_into_id).exclude(pk=ticket.pk)
    went = dict(beside.annotate(went=Subquery(last.values("facts__into")[:1])).values_list("pk", "went"))
    along: set[int] = set()
    while more := {pk for pk, into in went.items() if into in along | {ticket.pk}} - along:
        along |= more
    if along:
        Ticket.objects.filter(pk__in=along).update(merged_into=ticket)


def follow(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    phone: str = "",
    anonymous: bool = False,
    channel: str = Channel.PORTAL,
    notice_version: int | None = None,
    proven_at: datetime | None = None,
) -> Reporter:
    """Follow an open public ticket instead of reporting it again, to read about its course.

    Who has proven the phone also rates.

    Each follower has a code of their own. A phone that the ticket already has is not stored again and gives
    no access. Raises Conflict for a closed ticket, Invalid for a private one.
    """
    ticket = moving.lock_ticket(ticket)
    if ticket.private or (by.kind == "public" and not public.matters(at).filter(pk=ticket.pk).exists()):
        raise Invalid(_("该事项不公开，请另行反映"), code="private")
    if ticket.state == State.CLOSED:
        raise Conflict(_("该事项已办结，不能再关注。仍有问题的，请重新反映"), code="illegal_move")
    digits, hashed = telephones.plain(phone), telephones.hash_of(phone)
    if hashed and ticket.reporters.filter(phone_hash=hashed).exists():
        digits = hashed = ""
    reporter = Reporter.objects.create(
        ticket=ticket,
        name=web_fields.trimmed(name)[:60],
        phone=digits,
        phone_hash=hashed,
        phone_tail=telephones.tail_hash_of(digits),
        phone_verified_at=proven_at if hashed else None,
        anonymous=anonymous,
        channel=channel,
        created_at=at,
        **intake.accepted(notice_version, bool(web_fields.trimmed(name) or digits), by=by, at=at),
    )
    events.record("ticket.followed", ticket, by=by, at=at, now=str(ticket.state), reporter=reporter.pk)
    return reporter
