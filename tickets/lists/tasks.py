"""Celery tasks of exports."""

from celery import shared_task
from django.utils import timezone

from governance.tenancy.models import Tenant
from governance.tenancy.tasks import TenantTask, for_each_tenant
from tickets.lists.actions import exports


@shared_task(name="tickets.write_export", base=TenantTask)
def write_export(pk: int, *, tenant: Tenant) -> None:
    """Write a large list that a member ordered."""
    exports.write(tenant, pk, timezone.now())


@shared_task(name="tickets.exports")
def sweep_exports() -> None:
    """Delete expired export files, and send unfinished exports again that no worker is writing."""
    for_each_tenant(lambda tenant: exports.sweep(tenant, timezone.now()))
