"""Seeing who reported: with a reason, once, and written down."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, Missing
from tickets.actions import moving
from tickets.models import Reporter, Ticket


def unmask(ticket: Ticket, reporter_id: int, *, by: Actor, at: datetime, reason: str) -> Reporter:
    """The reporter in clear, for who guards the place or handles the matter; an anonymous one stays unknown.

    Raises Forbidden, Missing, and Invalid where no reason is given (domain.md B9).
    """
    verdict = policy.can(by, Permission.PERSON_UNMASK, ticket)
    if not verdict and not policy.can(by, Permission.TICKET_HANDLE, ticket):
        raise Forbidden(verdict.reason)
    reporter = ticket.reporters.filter(pk=reporter_id).first()
    if reporter is None:
        raise Missing(_("没有这位反映人"))
    if reporter.anonymous:
        raise Forbidden(_("反映人要求匿名，任何人不得查看"), code="anonymous")
    reason = moving.required(reason, "reason", _("查看原因"))
    remark = moving.say(ticket, "unmask", reason, by=by, at=at)
    events.record("ticket.unmasked", ticket, by=by, at=at, reporter=reporter.pk, remark=remark.pk)
    return reporter


def may_unmask(ticket: Ticket, by: Actor) -> bool:
    """Would the actor be shown the reporter, given a reason?"""
    wanted = (Permission.PERSON_UNMASK, Permission.TICKET_HANDLE)
    return any(policy.can(by, permission, ticket) for permission in wanted)
