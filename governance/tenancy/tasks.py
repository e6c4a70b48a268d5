"""Background work knows its tenant, or says that it serves the platform."""

from datetime import datetime
from typing import Any

from celery import Task, shared_task
from django.core.cache import cache
from django.utils import timezone

from governance.tenancy.models import Tenant

HEARTBEAT = "beat.at"


class PlatformTask(Task):
    """The base of every task. A dead broker is waited for one second, no longer."""

    abstract = True


class TenantTask(PlatformTask):
    """Takes `tenant_id` by name and hands the body its Tenant; raises TypeError where none is given."""

    abstract = True
    typing = False  # the caller names an id, the body takes a Tenant: their signatures differ on purpose

    def __call__(self, *args: Any, tenant_id: int, **kwargs: Any) -> Any:
        tenant = Tenant.objects.get(pk=tenant_id)
        return super().__call__(*args, tenant=tenant, **kwargs)


@shared_task(name="tenancy.heartbeat")
def heartbeat() -> None:
    """Leaves the time at which beat and a worker were last seen alive together."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=24 * 3600)


def heartbeat_at() -> datetime | None:
    """When `heartbeat` last ran, or None."""
    text = cache.get(HEARTBEAT)
    return datetime.fromisoformat(text) if text else None
