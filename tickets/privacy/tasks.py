"""Celery task of erasure."""

from celery import shared_task
from django.utils import timezone

from governance.sheets import uploads
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.phones import actions as phones
from tickets.privacy.actions import requests as privacy
from tickets.ticket import photo_files


@shared_task(name="tickets.anonymise")
def anonymise() -> None:
    """Every night: erase expired contacts and proven phones; delete uploads never confirmed, and files of no photo."""
    for tenant in Tenant.objects.filter(active=True):
        privacy.anonymise(tenant, at=timezone.now())
        uploads.forget(tenant, at=timezone.now())
        photo_files.sweep(tenant, at=timezone.now())
        with scope(tenant):
            phones.sweep(timezone.now())
