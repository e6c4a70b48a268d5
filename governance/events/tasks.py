"""Celery tasks that deliver events and seal the log."""

from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from governance.events import feed, log
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.tenancy.tasks import TenantTask


@shared_task(name="events.deliver", base=TenantTask)
def deliver_tenant(*, tenant: Tenant) -> None:
    """Deliver the new events of one tenant; events recorded from now on ask for another delivery."""
    cache.delete(feed.pending(tenant.pk))
    feed.deliver(tenant, timezone.now())


@shared_task(name="events.sweep")
def sweep() -> None:
    """Deliver for every tenant; finds what a dead broker or a late transaction left behind."""
    for tenant in Tenant.objects.filter(active=True):
        feed.deliver(tenant, timezone.now())


@shared_task(name="events.seal_yesterday")
def seal_yesterday() -> None:
    """Store the digests of all finished days of every tenant, including days missed before."""
    day = (timezone.now() - timedelta(days=1)).date()
    for tenant in Tenant.objects.filter(active=True):
        with scope(tenant):
            log.seal_through(day)
