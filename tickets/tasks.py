"""Celery tasks of the tickets app."""

from celery import shared_task
from django.utils import timezone

from governance.tenancy.tasks import for_each_tenant
from tickets import territory
from tickets.ticket import photo_drafts


@shared_task(name="tickets.settle_places")
def settle_places() -> None:
    """Move tickets and whistles that were created while their grid was being recut."""
    for_each_tenant(lambda tenant: territory.settle(tenant, timezone.now()))


@shared_task(name="tickets.photo_drafts")
def sweep_photo_drafts() -> None:
    """Forget the photos of refused forms that were not sent again."""
    for_each_tenant(lambda tenant: photo_drafts.sweep(tenant, at=timezone.now()))
