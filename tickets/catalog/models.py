"""Settings of a district for tickets: its category tree and its service levels."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.clocks.calendar import Mode, Unit
from governance.clocks.models import Purpose
from governance.tenancy.models import TenantForeignKey, TenantModel
from governance.text.bilingual import in_reader_language
from grids.models import Unit as OrgUnit
from tickets.states import Demand, Tier


class Category(TenantModel):
    """A node of the category tree, up to three levels; only leaves are chosen for tickets."""

    parent = TenantForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="", db_default="")
    level = models.PositiveSmallIntegerField(_("级别"), default=1)
    leaf = models.BooleanField(default=True, editable=False)
    tier = models.CharField(_("紧急程度"), max_length=12, choices=Tier.listed, default=Tier.ORDINARY)
    matter = models.CharField(_("诉求类型"), max_length=12, choices=Demand.listed, default=Demand.HELP)
    needs_eyes = models.BooleanField(_("需要现场核实"), default=True)
    dispute = models.BooleanField(_("纠纷类（可调解）"), default=False, db_default=False)
    unlisted = models.BooleanField(_("不上公开栏"), default=False, db_default=False)
    duty_unit = TenantForeignKey(
        OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("首办单位")
    )
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("事项分类")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="category_code_once"),
            models.UniqueConstraint(
                fields=["tenant", "parent", "name"], name="category_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="category_three_levels"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name, self.name_en)


class ServiceLevel(TenantModel):
    """Time limit of one step, for a tier or, more specific, for a category (design 5.4)."""

    tier = models.CharField(_("紧急程度"), max_length=12, choices=Tier.listed, blank=True)
    category = TenantForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("事项分类"),
    )
    purpose = models.CharField(_("环节"), max_length=12, choices=Purpose.listed)
    budget = models.PositiveIntegerField(_("时限"))
    unit = models.CharField(_("计时单位"), max_length=16, choices=[(u.value, u.value) for u in Unit])
    mode = models.CharField(
        _("到期方式"),
        max_length=12,
        choices=[(m.value, m.value) for m in Mode],
        default=Mode.END_OF_DAY.value,
    )
    warn_shares = models.JSONField(_("预警比例"), default=list, blank=True)
    escalate_after = models.JSONField(_("逐级升级"), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("办理时限")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "tier", "category", "purpose"],
                name="service_level_once",
                nulls_distinct=False,
            )
        ]
