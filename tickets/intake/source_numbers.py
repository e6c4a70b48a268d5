"""Numbers of other systems: each has one ticket."""

from django.db import connection
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import GRANTS, Permission
from governance.errors import Conflict, Forbidden, Invalid
from governance.tenancy.scope import current
from tickets.ticket.models.ticket import Ticket

LONGEST = Ticket._meta.get_field("source_number").max_length


def may_give(by: Actor) -> bool:
    """Does a post of the actor call reporters back, also by a token? Others give no number of another system."""
    return by.is_system or any(Permission.TICKET_CALLBACK in GRANTS[grant.role] for grant in by.grants)


def require_new(number: str, channel: str, by: Actor) -> None:
    """Raise Forbidden without the right, Invalid for a long number, Conflict source_number_used if it has a ticket.

    That ticket is named to who may see it. An empty number raises nothing.
    A concurrent request with the same number waits here for the first one.
    """
    if not number:
        return
    if not may_give(by):
        raise Forbidden(_("您的岗位不能填写来源编号"), code="no_source")
    if len(number) > LONGEST:  # one character may become several in normal width
        message = _("来源编号最多 %(most)d 字") % {"most": LONGEST}
        raise Invalid(message, code="too_long", field="source_number")
    with connection.cursor() as cursor:
        key = f"{current().pk}:{channel}:{number}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    found = Ticket.objects.filter(source_number=number, channel=channel)
    if not found.exists():
        return
    seen = found.visible_to(by).values_list("number", flat=True).first()
    if seen:
        words, more = _("该来源编号已登记为工单 %(number)s") % {"number": seen}, {"number": seen}
    else:
        words, more = _("该来源编号已登记"), {}
    raise Conflict(words, code="source_number_used", field="source_number", **more)
