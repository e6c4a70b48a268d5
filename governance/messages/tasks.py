"""Celery task that sends messages."""

from celery import shared_task
from django.utils import timezone

from governance.messages import outbox
from governance.tenancy.models import Tenant


@shared_task(name="messages.send_waiting")
def send_waiting() -> None:
    """Send the due messages of every active tenant."""
    for tenant in Tenant.objects.filter(active=True):
        outbox.send_waiting(tenant, timezone.now())
