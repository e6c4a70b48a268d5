"""Other readers of a ticket: the units that lead or assist it, by a share each."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission as DjangoPermission
from django.db import connection
from django.db.models import QuerySet

from governance.access.policy import below
from governance.clocks.actions import NewClock
from governance.clocks.models import Purpose
from grids.models import Unit, UnitKind
from tickets.ticket import accused, state_clocks
from tickets.ticket.models.shares import TicketGroupObjectPermission
from tickets.ticket.models.ticket import Assistant, Ticket

_read_permission: list[int] = []


def involve(ticket: Ticket, unit: Unit, helpers: Iterable[Unit] = ()) -> list[NewClock]:
    """Give lead and assistants a share of the ticket; returns the clocks to start for the assistants."""
    parties = [unit, *helpers]
    for party in parties:
        accused.not_about(ticket, party)
    Assistant.objects.bulk_create(
        [Assistant(ticket=ticket, unit=helper) for helper in parties[1:]], ignore_conflicts=True
    )
    shares = [
        TicketGroupObjectPermission(
            content_object=ticket, group_id=party.group_id, permission_id=share_permission()
        )
        for party in parties
    ]
    TicketGroupObjectPermission.objects.bulk_create(shares, ignore_conflicts=True)
    return [state_clocks.new_clock(ticket, Purpose.JOIN, helper.pk) for helper in parties[1:]]


def share_permission() -> int:
    """The id of the permission that a share carries; cached, because it is the same in every tenant."""
    if not _read_permission:
        found = DjangoPermission.objects.get(content_type__app_label="tickets", codename="read_ticket")
        _read_permission.append(found.pk)
    return _read_permission[0]


_RELEASE = """
WITH parts AS (DELETE FROM tickets_assistant WHERE tenant_id = %(tenant)s AND ticket_id = %(ticket)s),
summoned AS (
    SELECT p.id, u.group_id FROM tickets_whistle w
    JOIN tickets_whistleparty p ON p.tenant_id = w.tenant_id AND p.whistle_id = w.id AND p.stage <> 'excused'
    JOIN grids_unit u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id
    WHERE w.tenant_id = %(tenant)s AND w.ticket_id = %(ticket)s AND w.state IN ('blown', 'answered', 'working')
), only_so AS (
    UPDATE tickets_whistleparty SET shared = true
    WHERE tenant_id = %(tenant)s AND id IN (SELECT id FROM summoned) AND NOT shared
)
DELETE FROM tickets_ticketgroupobjectpermission
WHERE tenant_id = %(tenant)s AND content_object_id = %(ticket)s
      AND group_id NOT IN (SELECT group_id FROM summoned WHERE group_id IS NOT NULL)
"""


def release(ticket: Ticket) -> None:
    """End the shares and the parts of assistants that came from a dispatch. One statement.

    A unit summoned by an open whistle still sees the ticket until that whistle ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"tenant": ticket.tenant_id, "ticket": ticket.pk})


def sections_of(ticket: Ticket) -> QuerySet[Unit]:
    """Units to which a lead may pass the work: its own sections; for a street, every unit of the street."""
    lead = Unit.objects.select_related("area").filter(pk=ticket.lead_unit_id).first()
    if lead is None:
        return Unit.objects.none()
    found = below("path", [lead.path])
    if lead.kind in {UnitKind.STREET, UnitKind.STREET_CENTER}:
        found |= below("area__path", [lead.area.path])
    return accused.outside_line(ticket, Unit.objects.filter(found, active=True).exclude(pk=lead.pk))
