"""Mediation (小调解): the meetings about a dispute, and signed agreements. Names of parties are encrypted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField, mask_name
from governance.tenancy.models import TenantForeignKey, TenantModel
from governance.web import fields as web_fields
from grids.models import Unit
from tickets.ticket.models.photos import Attachment
from tickets.ticket.models.ticket import Ticket


def names_in(text: str) -> list[str]:
    """The names in a text, one per line or separated by commas."""
    for mark in ",，、；;":
        text = text.replace(mark, "\n")
    return [web_fields.trimmed(name) for name in text.splitlines() if web_fields.trimmed(name)]


def masked(text: str) -> str:
    """The same names with everything but the family name hidden."""
    return "、".join(mask_name(name) for name in names_in(text))


class MediationSession(TenantModel):
    """One meeting of the parties."""

    of_work = True

    class Result(models.TextChoices):
        AGREED = "agreed", _("达成一致")
        ADJOURNED = "adjourned", _("择期再调")
        FAILED = "failed", _("调解不成")

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="mediations")
    held_at = models.DateTimeField(_("调解时间"))
    place = models.CharField(_("调解地点"), max_length=100)
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    mediators = models.CharField(_("调解员"), max_length=120)
    parties = EncryptedField(_("当事人"))
    text = models.TextField(_("调解经过"))
    result = models.CharField(_("调解结果"), max_length=10, choices=Result)
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("调解")
        indexes = [models.Index(fields=["tenant", "ticket", "held_at"], name="mediation_of_ticket")]


class MediationAgreement(TenantModel):
    """A signed agreement, and whether it was kept."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="agreements")
    terms = models.TextField(_("协议内容"))
    signed_on = models.DateField(_("签订日期"))
    signers = EncryptedField(_("签字人"))
    scan = TenantForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("履行期限"), null=True)
    reminded_at = models.DateTimeField(null=True)
    kept = models.BooleanField(_("已履行"), null=True)
    followed_at = models.DateTimeField(null=True)
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("调解协议")
        indexes = [models.Index(fields=["tenant", "ticket"], name="agreement_of_ticket")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kept=None, followed_at=None)
                | models.Q(kept__isnull=False, followed_at__isnull=False),
                name="agreement_followed_with_time",
            )
        ]
