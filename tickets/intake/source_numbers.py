"""Numbers of other systems: each has one ticket."""

from django.db import connection
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.errors import Conflict
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from tickets.ticket.models.ticket import Ticket


def require_new(number: str, channel: str, by: Actor) -> None:
    """Raise Conflict source_number_used if the number of another system has a ticket; it is named to who may see it.

    A concurrent request with the same number waits here for the first one.
    """
    number = web_fields.trimmed(number)
    if not number:
        return
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
