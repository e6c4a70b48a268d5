"""The outbox of messages."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.secrets import EncryptedField
from governance.tenancy.models import TenantModel


class Message(TenantModel):
    """One message to one phone number.

    Phone, link and code are stored encrypted until it is sent or given up; then they are erased.
    """

    of_work = True

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        GIVEN_UP = "given_up", _("未送达")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # identifies its cause, once per kind
    phone = EncryptedField(blank=True, default="")
    text = models.CharField(
        max_length=200
    )  # contains no name and nothing about the ticket; {code} becomes the code
    link = EncryptedField(blank=True, default="")  # a path below PUBLIC_URL
    code = EncryptedField(blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    next_try_at = models.DateTimeField()
    until = models.DateTimeField()  # not worth sending after this
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
            models.Index(fields=["tenant", "ended_at"], condition=Q(state="sent"), name="message_sent"),
        ]

    def end(self, state: "Message.State", at: datetime) -> None:
        """Set sent or given up, and erase the personal fields; does not save."""
        self.state, self.ended_at, self.phone, self.link, self.code = state, at, "", "", ""
