"""Photos of a ticket."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


class Picture(TenantModel):
    """A photo: checked by content, and encoded again without EXIF after place and time were read."""

    of_work = True

    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    client_id = models.UUIDField(null=True, editable=False)  # of a program that may send the photo again

    class Meta:
        abstract = True


class Attachment(Picture):
    """A photo of a ticket."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="attachments")
    purpose = models.CharField(max_length=12, default="report")  # report, evidence, agreement, added
    #: The reporter that sent it later; no other resident sees it.
    reporter = TenantForeignKey(Reporter, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("照片")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ticket", "purpose", "reporter", "sha256"],
                name="photo_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["tenant", "client_id"], name="photo_client_id_once"),
        ]


class PhotoDraft(Picture):
    """A photo of a form that was refused, kept for the browser that sent it; `client_id` names it in the form."""

    key = models.CharField(max_length=64)  # a hash of the browser's secret
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "tickets"
        verbose_name = verbose_name_plural = _("未提交的照片")
        indexes = [models.Index(fields=["tenant", "created_at"], name="photo_draft_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "client_id"], name="photo_draft_once")
        ]
