"""The model of an uploaded sheet that waits for confirmation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.secrets import EncryptedField
from governance.tenancy.models import TenantForeignKey, TenantModel


class SheetUpload(TenantModel):
    """The rows that a member uploaded, and the changes they would make; deleted when used, or after a day."""

    member = TenantForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=20)
    rows = EncryptedField()  # JSON of governance.sheets.layout.Table
    preview = EncryptedField()  # JSON of governance.sheets.storing.Preview
    fingerprint = models.CharField(max_length=64)  # of the present rows at the time of the preview
    made_at = models.DateTimeField()

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("待确认的导入")
        indexes = [models.Index(fields=["tenant", "made_at"], name="sheet_upload_by_age")]
