"""Shares that a whistle gives to its ticket, and when they end."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from grids.models import Unit
from tickets.ticket import sharing
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.models import Whistle

_SHARE = """
INSERT INTO tickets_ticketgroupobjectpermission (tenant_id, content_object_id, group_id, permission_id)
SELECT %(tenant)s, %(ticket)s, g, %(permission)s FROM unnest(%(groups)s::int[]) AS g
ON CONFLICT DO NOTHING RETURNING group_id
"""


def share(ticket: Ticket, units: Iterable[Unit]) -> set[int]:
    """Let the units read the ticket; returns the groups without a share before. One statement."""
    groups = sorted({unit.group_id for unit in units if unit.group_id})
    given = {"tenant": ticket.tenant_id, "ticket": ticket.pk, "groups": groups}
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, {**given, "permission": sharing.share_permission()})
        return {row[0] for row in cursor.fetchall()}


_UNSHARE = """
DELETE FROM tickets_ticketgroupobjectpermission s USING grids_unit u, tickets_ticket t
WHERE s.tenant_id = %(tenant)s AND s.content_object_id = %(ticket)s AND u.tenant_id = s.tenant_id
  AND u.group_id = s.group_id AND u.id = ANY(%(units)s) AND t.tenant_id = s.tenant_id AND t.id = s.content_object_id
  AND u.id IS DISTINCT FROM t.lead_unit_id AND u.id IS DISTINCT FROM t.lead_section_id
  AND u.id IS DISTINCT FROM t.holder_unit_id
  AND NOT EXISTS (SELECT FROM tickets_assistant a
                  WHERE a.tenant_id = s.tenant_id AND a.ticket_id = t.id AND a.unit_id = u.id)
  AND EXISTS (SELECT FROM tickets_whistleparty p
              JOIN tickets_whistle w ON w.tenant_id = p.tenant_id AND w.id = p.whistle_id
              WHERE p.tenant_id = s.tenant_id AND p.unit_id = u.id AND w.ticket_id = t.id AND p.shared)
  AND NOT EXISTS (SELECT FROM tickets_whistleparty p
                  JOIN tickets_whistle w ON w.tenant_id = p.tenant_id AND w.id = p.whistle_id
                  WHERE p.tenant_id = s.tenant_id AND p.unit_id = u.id AND w.ticket_id = t.id
                    AND w.id <> %(whistle)s AND w.state IN ('blown', 'answered', 'working')
                    AND p.stage <> 'excused')
"""
_END = """
WITH gone AS (
    UPDATE tickets_whistleparty SET left_at = %(at)s, stage = CASE stage
        WHEN 'on_site' THEN 'released' WHEN 'refused' THEN 'excused' ELSE 'missed' END
    WHERE tenant_id = %(tenant)s AND whistle_id = %(whistle)s
      AND stage IN ('on_site', 'refused', 'asked', 'answered')
)
"""


def unshare(whistle: Whistle, units: Iterable[int]) -> None:
    """End the units' shares, unless they lead, hold or assist it, or another open whistle needs them."""
    if whistle.ticket_id:
        _run(_UNSHARE, whistle, units)


def _run(sql: str, whistle: Whistle, units: Iterable[int], at: datetime | None = None) -> None:
    given = {"tenant": whistle.tenant_id, "whistle": whistle.pk, "ticket": whistle.ticket_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**given, "units": sorted(set(units))})


def send_home(whistle: Whistle, units: Iterable[int], at: datetime) -> None:
    """Set the final stages of the parties and end their shares of the ticket. One statement."""
    _run(_END + _UNSHARE, whistle, units, at)
