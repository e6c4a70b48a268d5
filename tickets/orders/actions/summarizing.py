"""The summary for the public (公开摘要): one line in the words of staff, without anything that tells who reported."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Invalid
from governance.web.fields import visible
from tickets.public import queries as public
from tickets.ticket import moving, rights
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import MOVES

LONGEST = 60


def summarize(ticket: Ticket, *, by: Actor, at: datetime, summary: str = "", expected: str = "") -> Ticket:
    """公开摘要: write the line that the public reads, or take it back with an empty one."""
    ticket, _move = moving.lock_for(ticket, "summarize", by=by, expected=expected)
    _write(ticket, cleared(ticket, summary), by=by, at=at)
    return ticket


def beside(ticket: Ticket, summary: str, *, by: Actor, at: datetime) -> None:
    """Write the line together with another move; an empty or unchanged one writes nothing."""
    line = cleared(ticket, summary)
    if line and line != ticket.summary:
        if not rights.tellable(ticket):
            raise Invalid(_("该事项不公开，不能填写公开摘要"), code="not_public", field="summary")
        _write(ticket, line, by=by, at=at)


def cleared(ticket: Ticket, summary: str) -> str:
    """The summary as one line; raises Invalid if it is too long or may tell who reported."""
    line = visible(summary or "")
    if len(line) > LONGEST:
        raise Invalid(_("公开摘要最多 %(n)d 字") % {"n": LONGEST}, code="too_long", field="summary")
    if line and public.reveals(ticket, line):
        raise Invalid(
            _("公开摘要不得含姓名、称呼、电话、门牌号等个人信息，请修改"), code="personal", field="summary"
        )
    return line


def _write(ticket: Ticket, line: str, *, by: Actor, at: datetime) -> None:
    remark = moving.add_remark(ticket, "summarize", line, by=by, at=at)
    moving.record_move(
        ticket,
        MOVES["summarize"],
        by=by,
        at=at,
        changes={"summary": line},
        remark=remark and remark.pk,
    )
