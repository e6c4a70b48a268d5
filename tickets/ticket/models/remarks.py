"""Texts written with moves. These rows hold personal text; the log holds none."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Unit
from tickets.ticket.models.ticket import Ticket


class Remark(TenantModel):
    """A text written with a move: a reason, a note, an answer."""

    of_work = True

    class Visibility(models.TextChoices):
        INTERNAL = "internal", _("内部")
        PUBLIC = "public", _("对居民公开")

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="remarks")
    verb = models.CharField(max_length=30)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.INTERNAL)
    text = models.TextField()
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(
                fields=["tenant", "member", "-at"],
                condition=models.Q(verb="instruct"),
                name="remark_instructions",
            ),
        ]
