"""Show a reporter in clear: once, with a reason, and recorded."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Forbidden, Missing
from governance.web import fields as web_fields
from grids import tree as territory
from grids.models import Unit
from tickets.ticket import moving
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


def unmask(ticket: Ticket, reporter_id: int, *, by: Actor, at: datetime, reason: str) -> Reporter:
    """The reporter in clear, for units that handle the ticket or guard its area; never an anonymous one.

    Raises Forbidden, Missing, and Invalid without a reason (domain.md B9).
    """
    verdict = policy.can(by, Permission.PERSON_UNMASK, ticket)
    if not verdict and not policy.can(by, Permission.TICKET_HANDLE, ticket):
        raise Forbidden(verdict.reason)
    if sealed(ticket, by):
        raise Forbidden(_("这件事反映的是您的单位，反映人对本单位保密"), code="sealed")
    reporter = Reporter.objects.filter(pk=reporter_id, ticket__in=[ticket.pk, *merged(ticket)]).first()
    if reporter is None:
        raise Missing(_("没有这位反映人"))
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
    if ticket.against_unit_id is None:
        return False
    return ticket.against_unit_id in by.unit_ids or sealing(by).filter(pk=ticket.against_unit_id).exists()


def sealing(by: Actor) -> QuerySet[Unit]:
    """The units about which a complaint is sealed from the actor: their own, those above, those below."""
    own = Unit.objects.filter(pk__in=[grant.unit_id for grant in by.grants]).values_list("path", flat=True)
    above = {path for one in own for path in territory.ancestors_of(one)}
    return Unit.objects.filter(Q(pk__in=sorted(by.unit_ids)) | Q(path__in=sorted(above))).values("pk")


def may_unmask(ticket: Ticket, by: Actor) -> bool:
    """May the actor see the reporter in clear after giving a reason?"""
    if sealed(ticket, by):
        return False
    wanted = (Permission.PERSON_UNMASK, Permission.TICKET_HANDLE)
    return any(policy.can(by, permission, ticket) for permission in wanted)
