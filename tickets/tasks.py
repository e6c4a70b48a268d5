"""Celery tasks of the tickets app."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from governance.sheets import uploads
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.tenancy.tasks import TenantTask
from tickets import territory
from tickets.lists import exports
from tickets.phones import actions as phones
from tickets.privacy.actions import requests as privacy
from tickets.today import brief

logger = logging.getLogger(__name__)


@shared_task(name="tickets.anonymise")
def anonymise() -> None:
    """Every night: erase expired contacts and proven phones, and delete uploads that were never confirmed."""
    for tenant in Tenant.objects.filter(active=True):
        privacy.anonymise(tenant, at=timezone.now())
        uploads.forget(tenant, at=timezone.now())
        with scope(tenant):
            phones.sweep(timezone.now())


@shared_task(name="tickets.brief")
def send_briefs() -> None:
    """Send the morning brief of every district for which it is time."""
    _each(lambda tenant: brief.send(tenant, timezone.now()))


@shared_task(name="tickets.write_export", base=TenantTask)
def write_export(pk: int, *, tenant: Tenant) -> None:
    """Write a large list that a member ordered."""
    exports.write(tenant, pk, timezone.now())


@shared_task(name="tickets.exports")
def sweep_exports() -> None:
    """Delete expired export files, and send unfinished exports again that no worker is writing."""
    _each(lambda tenant: exports.sweep(tenant, timezone.now()))


@shared_task(name="tickets.settle_places")
def settle_places() -> None:
    """Move tickets and whistles that were created while their grid was being recut."""
    _each(lambda tenant: territory.settle(tenant, timezone.now()))


def _each(work: Callable[[Tenant], object]) -> None:
    """Do the work for each district in turn; a failure in one is logged and does not stop the others."""
    for tenant in Tenant.objects.filter(active=True):
        try:
            work(tenant)
        except Exception:
            logger.exception("routine of %s failed", tenant.slug)
