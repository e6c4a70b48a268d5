"""Reporters of a ticket. These rows hold personal text; the log holds none."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField, clear_code, mask_name, mask_phone
from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.states import Channel
from tickets.ticket.models.ticket import Ticket


class Reporter(TenantModel):
    """A person who reported or followed a ticket; a resident opens it by number and code."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="reporters")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    name = EncryptedField(_("姓名"), blank=True, default="")
    phone = EncryptedField(_("电话"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True)
    phone_tail = models.CharField(
        max_length=32, blank=True, default="", db_default=""
    )  # hash of its last digits
    phone_verified_at = models.DateTimeField(null=True)  # the holder typed in a code sent to it
    notice_version = models.PositiveIntegerField(null=True)  # the privacy notice that was accepted
    accepted_at = models.DateTimeField(null=True)
    anonymous = models.BooleanField(_("匿名"), default=False)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel.listed)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)  # withdrew while others still follow

    class Meta:
        verbose_name = verbose_name_plural = _("反映人")
        indexes = [
            models.Index(fields=["tenant", "phone_hash"], name="reporter_by_phone"),
            models.Index(
                fields=["tenant", "phone_tail"], condition=~Q(phone_tail=""), name="reporter_by_tail"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_version=None, accepted_at=None)
                | Q(notice_version__isnull=False, accepted_at__isnull=False),
                name="reporter_accepted_with_time",
            )
        ]

    @property
    def code(self) -> str:
        """The code that, with the number, opens the ticket; computed with this installation's key."""
        return clear_code(str(self.key), "follow")

    @property
    def masked_name(self) -> str:
        """The name, masked; empty for an anonymous reporter."""
        return "" if self.anonymous else mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The phone, masked; empty for an anonymous reporter."""
        return "" if self.anonymous else mask_phone(self.phone)
