"""Text messages to residents at the turns of a ticket that need or concern them: number and link, no content."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from governance.access import secrets
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.scope import current
from tickets.ticket import queries as ticket_queries
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

KIND = "turn"
OF_USE = timedelta(days=3)
#: What the text says, by event; the question goes to who reported, the others to all who may rate.
WORDS: dict[str, Any] = {
    "ticket.ask_resident": gettext_lazy("您反映的事项（编号 %(number)s）需要您补充情况，请查看："),
    "ticket.defer": gettext_lazy("您反映的事项（编号 %(number)s）暂不具备办理条件，已挂账，请查看说明："),
    "ticket.decline": gettext_lazy("您反映的事项（编号 %(number)s）不予受理，请查看说明："),
    "ticket.approve_extension": gettext_lazy("您反映的事项（编号 %(number)s）办理时限已延长，请查看："),
    "ticket.reworked": gettext_lazy("您反映的事项（编号 %(number)s）已退回重新办理，请查看进度："),
}


def send(ticket: Ticket, kind: str, *, at: datetime) -> None:
    """Put the text of an event into the outbox, once for each reporter with a phone."""
    outbox.enqueue(_text(ticket, one, kind, at) for one in readers(ticket, kind) if one.phone)


def readers(ticket: Ticket, kind: str) -> Iterable[Reporter]:
    """The residents whom an event concerns: a question those who reported, everything else all who may rate."""
    if kind != "ticket.ask_resident":
        return ticket_queries.raters(ticket)
    reported = Reporter.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))
    first = reported.order_by("ticket_id", "id").distinct("ticket_id").values("pk")
    return ticket_queries.residents(ticket).filter(pk__in=first)


def was_asked_by_text(ticket: Ticket) -> bool:
    """Was a text about the open question really sent?"""
    keys = [
        _key(one, "ticket.ask_resident", ticket.state_since) for one in readers(ticket, "ticket.ask_resident")
    ]
    return Message.objects.filter(kind=KIND, key__in=keys, state=Message.State.SENT).exists()


def _text(ticket: Ticket, reporter: Reporter, kind: str, at: datetime) -> Message:
    own = reporter.ticket.number if reporter.ticket_id != ticket.pk else ticket.number
    keys = urlencode({"number": own, "code": reporter.code})
    return Message(
        kind=KIND,
        key=_key(reporter, kind, at),
        phone=reporter.phone,
        text=outbox.signed(WORDS[kind] % {"number": own}),
        link=f"/{current().slug}/track/?{keys}",
        next_try_at=at,
        until=at + OF_USE,
        created_at=at,
    )


def _key(reporter: Reporter, kind: str, at: datetime) -> str:
    return secrets.digest(f"{reporter.key}:{kind}:{at.timestamp()}")
