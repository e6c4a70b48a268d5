"""Base classes of Celery tasks: of one tenant, or of the whole platform."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery import Task, shared_task
from django.core.cache import cache
from django.utils import timezone

from governance.tenancy.models import Tenant

HEARTBEAT = "beat.at"
logger = logging.getLogger(__name__)


class PlatformTask(Task):
    """The base of every task. Waits for a dead broker for one second at most."""

    abstract = True


class TenantTask(PlatformTask):
    """A task that is called with `tenant_id` and gets the Tenant. Raises TypeError without `tenant_id`."""

    abstract = True
    typing = False  # the caller gives an id, the function takes a Tenant: the signatures differ on purpose

    def __call__(self, *args: Any, tenant_id: int, **kwargs: Any) -> Any:
        tenant = Tenant.objects.get(pk=tenant_id)
        return super().__call__(*args, tenant=tenant, **kwargs)


@shared_task(name="tenancy.heartbeat")
def heartbeat() -> None:
    """Store the present time, as proof that beat and a worker are both running."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=24 * 3600)


def heartbeat_at() -> datetime | None:
    """The time when `heartbeat` last ran, or None."""
    text = cache.get(HEARTBEAT)
    return datetime.fromisoformat(text) if text else None


def for_each_tenant(work: Callable[[Tenant], object]) -> None:
    """Do the work for each district in turn; a failure in one is logged and does not stop the others."""
    for tenant in Tenant.objects.filter(active=True):
        try:
            work(tenant)
        except Exception:
            logger.exception("routine of %s failed", tenant.slug)
