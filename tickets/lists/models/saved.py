"""Saved views of the ticket list (常用视图)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Unit


class SavedView(TenantModel):
    """Named filters with the columns to show; if it has a unit, the members of that unit see it too.

    A member's view without a name holds the columns of every list that is opened without a view.
    """

    member = TenantForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=40, blank=True)
    query = models.CharField(max_length=500, blank=True)
    columns = models.CharField(max_length=200, blank=True)  # comma-separated codes; empty: the default
    unit = TenantForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("常用视图")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=~Q(name="") | (Q(query="") & Q(unit=None)), name="saved_view_named"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "unit"], name="saved_view_by_unit")]

    def __str__(self) -> str:
        return self.name
