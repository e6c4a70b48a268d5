"""The outbox."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.secrets import EncryptedField
from governance.tenancy.models import TenantModel


class Message(TenantModel):
    """One text to one phone. Phone, link and code lie encrypted until it is sent or given up, then they are erased."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        GIVEN_UP = "given_up", _("未送达")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # what it is about, once per kind
    phone = EncryptedField(blank=True, default="")
    text = models.CharField(
        max_length=200
    )  # names nobody and tells nothing of the matter; {code} is the code
    link = EncryptedField(blank=True, default="")  # an address below the installation's own
    code = EncryptedField(blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    next_try_at = models.DateTimeField()
    until = models.DateTimeField()  # of no use to anybody from then on
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("短信")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False, phone="", link="", code="")),
                name="message_erased_when_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "-created_at"], name="message_by_kind"),
            models.Index(fields=["tenant", "next_try_at"], condition=Q(state="waiting"), name="message_due"),
        ]

    def end(self, state: "Message.State", at: datetime) -> None:
        """Sent or given up: what was personal is erased. Not yet saved."""
        self.state, self.ended_at, self.phone, self.link, self.code = state, at, "", "", ""
