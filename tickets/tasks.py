"""The shells in which a worker does the tickets' own routine."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from governance.sheets import uploads
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.tenancy.tasks import TenantTask
from tickets import brief, exports, places
from tickets.actions import phones, privacy

logger = logging.getLogger(__name__)


@shared_task(name="tickets.anonymise")
def anonymise() -> None:
    """Every night: contacts and proven phones past their time are taken off, and files that nobody has confirmed."""
    for tenant in Tenant.objects.filter(active=True):
        privacy.anonymise(tenant, at=timezone.now())
        uploads.forget(tenant, at=timezone.now())
        with scope(tenant):
            phones.sweep(timezone.now())


@shared_task(name="tickets.brief")
def send_briefs() -> None:
    """The morning brief of every district for which it is time."""
    _each(lambda tenant: brief.send(tenant, timezone.now()))


@shared_task(name="tickets.write_export", base=TenantTask)
def write_export(pk: int, *, tenant: Tenant) -> None:
    """A large list that somebody ordered."""
    exports.write(tenant, pk, timezone.now())


@shared_task(name="tickets.exports")
def sweep_exports() -> None:
    """Files past their day, and lists that nobody writes any more."""
    _each(lambda tenant: exports.sweep(tenant, timezone.now()))


@shared_task(name="tickets.settle_places")
def settle_places() -> None:
    """What came into a grid in the very moment it was cut anew."""
    _each(lambda tenant: places.settle(tenant, timezone.now()))


def _each(work: Callable[[Tenant], object]) -> None:
    """One district after the other: what fails in one is in the log and stops no other."""
    for tenant in Tenant.objects.filter(active=True):
        try:
            work(tenant)
        except Exception:
            logger.exception("routine of %s failed", tenant.slug)
