"""Send the receipt as a text message: number and link, to reporters who left a phone."""

from datetime import datetime, timedelta

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from governance.access import secrets
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.scope import current
from tickets.states import Channel
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

OF_USE = timedelta(days=1)  # a later receipt would only confuse


def send(ticket: Ticket, *, at: datetime) -> None:
    """Send it to the author of the report, if the district wants that and a phone was left; once per report.

    Nothing is sent for parts of a split, imported tickets, and findings of staff.
    """
    if not current().setting("receipt_sms") or ticket.parent_id is not None:
        return
    author = ticket.reporters.order_by("id").first()
    if author and author.phone and author.member_id is None and author.channel != Channel.IMPORT:
        outbox.enqueue([_text(ticket, author, at)])


def _text(ticket: Ticket, reporter: Reporter, at: datetime) -> Message:
    """Number and link only, nothing of the content: other people may see the phone's screen."""
    keys = urlencode({"number": ticket.number, "code": reporter.code})
    return Message(
        kind="receipt",
        key=secrets.digest(str(reporter.key)),
        phone=reporter.phone,
        text=outbox.signed(_("您反映的事项已收到，编号 %(number)s，查进度：") % {"number": ticket.number}),
        link=f"/{current().slug}/track/?{keys}",
        next_try_at=at,
        until=at + OF_USE,
        created_at=at,
    )
