"""Privacy notices (PIPL art. 17), and residents' requests about their personal information (art. 44-47)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField, mask_name, mask_phone
from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket


class DataRequest(TenantModel):
    """A reporter's request to correct or delete their stored data; it has a clock of its own."""

    of_work = True

    class Kind(models.TextChoices):
        CORRECT = "correct", _("更正")
        DELETE = "delete", _("删除")

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        DONE = "done", _("已办理")
        REFUSED = "refused", _("未予办理")

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="data_requests")
    reporter = TenantForeignKey(Reporter, on_delete=models.CASCADE, related_name="data_requests")
    kind = models.CharField(_("请求"), max_length=8, choices=Kind)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    name = EncryptedField(_("姓名"), blank=True, default="")
    phone = EncryptedField(_("电话"), blank=True, default="")
    text = EncryptedField(_("说明"), blank=True, default="")
    answer = models.TextField(_("答复"), blank=True)
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("提出时间"))
    decided_at = models.DateTimeField(null=True)
    decided_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息请求")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "reporter"], condition=Q(state="open"), name="data_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="data_request_decided_with_time",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "due_at"], name="data_request_by_due")]

    @property
    def masked_name(self) -> str:
        """The new name in the request, masked."""
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The new phone in the request, masked."""
        return mask_phone(self.phone)


class PrivacyNotice(TenantModel):
    """One version of the privacy notice, in the district's own words; never changed after it was published.

    Reporters have accepted exactly this text. Version 0 is the platform's own text and has no row.
    """

    append_only = True

    number = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("内容"))
    published_at = models.DateTimeField(_("发布时间"))
    published_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息处理告知")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="privacy_notice_once"),
            models.CheckConstraint(
                condition=Q(number__gt=0) & ~Q(text=""), name="privacy_notice_says_something"
            ),
        ]
