"""Exports of large lists."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel


class Export(TenantModel):
    """One large list that a worker writes to a file for one member; fetched once, deleted after a day."""

    of_work = True

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("生成中")
        READY = "ready", _("可下载")
        FETCHED = "fetched", _("已下载")
        FAILED = "failed", _("操作未成功")

    member = TenantForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    query = models.CharField(max_length=500, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=120, blank=True)  # below DATA_DIR/exports
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # time of the last progress

    class Meta:
        verbose_name = verbose_name_plural = _("导出")
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="export_no_more_than_all"),
        ]
        indexes = [models.Index(fields=["tenant", "member", "-created_at"], name="export_by_member")]

    @property
    def is_open(self) -> bool:
        """Is the file still waiting or being written?"""
        return self.state in {self.State.WAITING, self.State.RUNNING}
