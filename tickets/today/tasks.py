"""Celery task of the morning brief."""

from celery import shared_task
from django.utils import timezone

from governance.tenancy.tasks import for_each_tenant
from tickets.today import actions


@shared_task(name="tickets.brief")
def send_briefs() -> None:
    """Send the morning brief of every district for which it is time."""
    for_each_tenant(lambda tenant: actions.send(tenant, timezone.now()))
