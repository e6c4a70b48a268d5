"""Rating links: for one use and one round, until a fixed time.

The token can be computed again, so it is not stored, except encrypted in the outbox until the message is
sent.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from governance.access import secrets
from governance.access.secrets import keyed_hash
from governance.errors import Conflict, Missing
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.scope import current
from tickets.states import State
from tickets.ticket.models.ratings import RatingLink
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket

#: Relations that the page of a link reads: the ticket, and the reporter's own one (it may be merged into it).
READ = ("ticket", "reporter__ticket__category", "reporter__ticket__merged_into")


def token_of(reporter: Reporter, round_: int) -> str:
    """The secret part of the address at which this reporter rates this round."""
    return keyed_hash(f"{reporter.key}:{round_}", "rating")[:40]


def invite(ticket: Ticket, reporters: Iterable[Reporter], *, at: datetime) -> None:
    """Open a link for each reporter for the ticket's current round."""
    expires_at = at + timedelta(days=current().setting("rating_days"))
    RatingLink.objects.bulk_create(
        [
            RatingLink(
                ticket=ticket,
                reporter=reporter,
                round=ticket.reworks,
                digest=secrets.digest(token_of(reporter, ticket.reworks)),
                expires_at=expires_at,
            )
            for reporter in reporters
        ],
        ignore_conflicts=True,
    )


def send(ticket: Ticket, reporters: Iterable[Reporter], *, at: datetime) -> None:
    """Put a text message with the round's link into the outbox for reporters with a phone; once per round."""
    until = at + timedelta(days=current().setting("rating_days"))
    outbox.enqueue(_text(ticket, one, at, until) for one in reporters if one.phone)


def _text(ticket: Ticket, reporter: Reporter, at: datetime, until: datetime) -> Message:
    """Number and link only, nothing of the content: other people may see the phone's screen."""
    token = token_of(reporter, ticket.reworks)
    day = until.astimezone(ZoneInfo(current().zone)).date()
    given = {"number": ticket.number, "month": day.month, "day": day.day}
    return Message(
        kind="rating",
        key=secrets.digest(token),
        phone=reporter.phone,
        text=outbox.signed(
            _("您反映的事项（编号 %(number)s）已办理，请于%(month)d月%(day)d日前评价：") % given
        ),
        link=f"/{current().slug}/r/{token}/",
        next_try_at=at,
        until=until,
        created_at=at,
    )


def of_token(token: str) -> RatingLink:
    """The link behind an address; raises Missing."""
    link = RatingLink.objects.select_related(*READ).filter(digest=secrets.digest(token)).first()
    if link is None:
        raise Missing(_("该评价链接无效"))
    return link


def require_open(link: RatingLink, ticket: Ticket, at: datetime) -> None:
    """Raise Conflict, saying why, unless the link can be used now."""
    if link.used_at is not None:
        raise Conflict(_("这次已经评过了，谢谢"), code="already_rated")
    if at >= link.expires_at:
        raise Conflict(
            _("评价链接已于 %(day)s 过期") % {"day": f"{link.expires_at:%Y-%m-%d}"}, code="link_expired"
        )
    if ticket.state != State.RATING or link.round != ticket.reworks:
        raise Conflict(
            _("该事项正在办理或已办结，目前无需评价。可凭编号和查询码查询进度"), code="illegal_move"
        )
