"""Proofs of a phone: a code for one use, then for some time a pass in the holder's browser."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.secrets import EncryptedField
from governance.tenancy.models import TenantModel


class PhoneProof(TenantModel):
    """One code sent to one phone and, after it was typed in, its pass. Deleted when both have expired."""

    of_work = True

    phone = EncryptedField(_("电话"))
    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)  # a keyed hash; only the outbox holds the code itself
    sent_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    pass_hash = models.CharField(max_length=64, blank=True)
    pass_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("手机验证")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "pass_hash"], condition=~Q(pass_hash=""), name="phone_pass_once"
            ),
            models.CheckConstraint(
                condition=Q(proven_at=None, pass_hash="", pass_until=None) | Q(proven_at__isnull=False),
                name="phone_pass_after_proof",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "phone_hash", "-sent_at"], name="phone_proof_newest")]
