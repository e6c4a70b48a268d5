"""Show a reporter in clear: once, with a reason, and recorded."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, Missing
from governance.web import fields as web_fields
from tickets.ticket import accused, moving
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


def unmask(ticket: Ticket, reporter_id: int, *, by: Actor, at: datetime, reason: str) -> Reporter:
    """The reporter in clear, for units that handle the ticket or guard its area; never an anonymous one.

    Raises Forbidden, Missing, and Invalid without a reason (domain.md B9).
    """
    judged = accused.in_the_centres_place(ticket, by)
    verdict = policy.can(judged, Permission.PERSON_UNMASK, ticket)
    if not verdict and not policy.can(judged, Permission.TICKET_HANDLE, ticket):
        raise Forbidden(verdict.reason)
    if sealed(ticket, by):
        raise Forbidden(_("该事项反映的是您的单位，反映人信息对本单位保密"), code="sealed")
    reporter = Reporter.objects.filter(pk=reporter_id, ticket__in=[ticket.pk, *merged(ticket)]).first()
    if reporter is None:
        raise Missing(_("该反映人不存在"))
    if reporter.anonymous:
        raise Forbidden(_("反映人要求匿名，任何人不得查看"), code="anonymous")
    reason = web_fields.required(reason, "reason", _("查看原因"))
    remark = moving.add_remark(ticket, "unmask", reason, by=by, at=at)
    events.record("ticket.unmasked", ticket, by=by, at=at, reporter=reporter.pk, remark=remark.pk)
    return reporter


def merged(ticket: Ticket) -> list[int]:
    """Ids of the tickets that were merged into this one."""
    return list(ticket.merged.values_list("pk", flat=True))


def sealed(ticket: Ticket, by: Actor) -> bool:
    """Is it a complaint about the actor's own unit, or one above or below? Then the reporter is hidden."""
    return ticket.against_unit_id in by.line


def may_unmask(ticket: Ticket, by: Actor) -> bool:
    """May the actor see the reporter in clear after giving a reason?"""
    if sealed(ticket, by):
        return False
    by = accused.in_the_centres_place(ticket, by)
    wanted = (Permission.PERSON_UNMASK, Permission.TICKET_HANDLE)
    return any(policy.can(by, permission, ticket) for permission in wanted)
