"""Requests about a ticket that another unit decides, and the calls made after a ticket was handled."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Unit
from tickets.states import Asking
from tickets.ticket.models.remarks import Remark
from tickets.ticket.models.ticket import Ticket


class Approval(TenantModel):
    """One request and its decision. A ticket has one open request at a time."""

    of_work = True

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("已失效")  # the ticket moved on before a decision

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(_("申请事项"), max_length=10, choices=Asking.listed)
    asked_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    reason = TenantForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(_("延期天数"), null=True)
    until = models.DateField(_("挂账至"), null=True)
    wanted_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    approver_unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("批复时间"), null=True)
    verdict = models.CharField(_("批复"), max_length=8, choices=Verdict, blank=True)
    answer = TenantForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("申请")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ticket"], condition=Q(verdict=""), name="approval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at=None) | (~Q(verdict="") & Q(decided_at__isnull=False)),
                name="approval_decided_with_time",
            ),
        ]


class Callback(TenantModel):
    """回访: one call to a resident. Three tries on two days without contact count as unreachable."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField(default=0)
    contacted = models.BooleanField(_("是否联系上"))
    solved = models.BooleanField(_("是否解决"), null=True)
    satisfied = models.BooleanField(_("是否满意"), null=True)
    remark = TenantForeignKey(Remark, null=True, on_delete=models.PROTECT, related_name="+")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("回访")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contacted=True, solved__isnull=False, satisfied__isnull=False)
                | Q(contacted=False, solved=None, satisfied=None),
                name="callback_answers_when_contacted",
            )
        ]
