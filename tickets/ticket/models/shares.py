"""Shares of one ticket with a unit's hidden group or a person, by django-guardian's direct foreign keys."""

from django.db import models
from django_scopes import ScopedManager
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from governance.tenancy.models import TenantForeignKey, TenantModel


class TicketUserObjectPermission(TenantModel, UserObjectPermissionBase):
    """A ticket shared with one person."""

    of_work = True

    content_object = TenantForeignKey("tickets.Ticket", on_delete=models.CASCADE)

    objects = ScopedManager(tenant="tenant", _manager_class=UserObjectPermissionManager)

    class Meta:
        unique_together = [("tenant", "user", "permission", "content_object")]


class TicketGroupObjectPermission(TenantModel, GroupObjectPermissionBase):
    """A ticket shared with one unit: with the members in all its posts."""

    of_work = True

    content_object = TenantForeignKey("tickets.Ticket", on_delete=models.CASCADE)

    objects = ScopedManager(tenant="tenant", _manager_class=GroupObjectPermissionManager)

    class Meta:
        unique_together = [("tenant", "group", "permission", "content_object")]
