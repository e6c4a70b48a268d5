"""Record once a day that a district has sent its texts of the day."""

from datetime import datetime

from governance.access import actors
from governance.events.kinds import TEXTS_BRAKED
from governance.events.log import record
from governance.events.models import Event
from governance.tenancy.scope import current


def record_once(limit: int, midnight: datetime, at: datetime) -> None:
    """Record the event unless there is one since midnight; the outbox calls this in the open scope."""
    tenant = current()
    if not Event.objects.filter(kind=TEXTS_BRAKED, at__gte=midnight).exists():
        record(TEXTS_BRAKED, tenant, by=actors.system(tenant.pk), at=at, limit=limit)
