"""The duty list (履职事项清单), work admissions (工作准入), and the street's consent to stationed heads."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.tenancy.models import TenantForeignKey, TenantModel
from grids.models import Unit, UnitKind
from tickets.catalog.models import Category
from tickets.ticket.models.ticket import Ticket


class DutyKind(models.TextChoices):
    """The list that an item belongs to: one of the three national lists, or the list of delegated duties."""

    BASIC = "basic", _("基本履职")
    COOPERATING = "cooperating", _("配合履职")
    TAKEN_BACK = "taken_back", _("上级部门收回")
    DELEGATED = "delegated", _("赋权")


class DutyList(TenantModel):
    """One version of the list.

    A published one is in force from its first day until the next version replaces it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        SUPERSEDED = "superseded", _("已被取代")

    name = models.CharField(_("名称"), max_length=100)
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("施行至"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    made_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("导入时间"))
    published_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("履职事项清单")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(state="published"), name="duty_list_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
                name="duty_list_published_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", valid_to__isnull=False)
                | (~Q(state="superseded") & Q(valid_to=None)),
                name="duty_list_superseded_with_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DutyItem(TenantModel):
    """One item and its lead: one unit, or a kind of unit such as every street."""

    version = TenantForeignKey(DutyList, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(_("事项编号"), max_length=30)
    name = models.CharField(_("事项名称"), max_length=200)
    kind = models.CharField(_("清单类别"), max_length=12, choices=DutyKind)
    category = TenantForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("事项分类"),
    )
    lead_unit = TenantForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("牵头单位")
    )
    lead_kind = models.CharField(_("牵头单位类别"), max_length=20, choices=UnitKind.listed, blank=True)
    legal_basis = models.CharField(_("法律依据"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("履职事项")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "code"], name="duty_item_code_once"),
            models.CheckConstraint(
                condition=Q(lead_unit__isnull=False, lead_kind="") | (Q(lead_unit=None) & ~Q(lead_kind="")),
                name="duty_item_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DutyAssistant(TenantModel):
    """A unit, or a kind of unit, that cooperates in an item."""

    item = TenantForeignKey(DutyItem, on_delete=models.CASCADE, related_name="assistants")
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=UnitKind.listed, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "item", "unit", "kind"], name="duty_assistant_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, kind="") | (Q(unit=None) & ~Q(kind="")),
                name="duty_assistant_one_name",
            ),
        ]


class WorkAdmission(TenantModel):
    """工作准入: a department's request to send work down for some time, with the budget for it (费随事转)."""

    of_work = True

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        APPROVED = "approved", _("已准入")
        REFUSED = "refused", _("不予准入")
        EXPIRED = "expired", _("已到期")

    name = models.CharField(_("事项名称"), max_length=200)
    category = TenantForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    asked_unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    onto_kind = models.CharField(_("下沉到哪类单位"), max_length=20, choices=UnitKind.listed, blank=True)
    reason = models.TextField(_("理由"))
    valid_from = models.DateField(_("准入起"))
    valid_until = models.DateField(_("准入止"))
    budget = models.DecimalField(_("随转经费（元）"), max_digits=14, decimal_places=2, default=0)
    budget_source = models.CharField(_("经费来源"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    due_at = models.DateTimeField(_("批复期限"), null=True)
    decided_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("批复时间"), null=True)
    answer = models.TextField(_("批复意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工作准入")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="admission_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="admission_decided_with_time",
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=0) & (Q(budget=0) | ~Q(budget_source="")),
                name="admission_budget_with_source",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=F("asked_by")),
                name="admission_never_by_the_asker",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AdmissionUnit(TenantModel):
    """A unit to which the work may be sent, if the admission names units instead of a kind."""

    of_work = True

    admission = TenantForeignKey(WorkAdmission, on_delete=models.CASCADE, related_name="onto")
    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "admission", "unit"], name="admission_unit_once")
        ]


class Push(TenantModel):
    """下推: one attempt to send work down that the duty list does not carry, and its verdict."""

    of_work = True

    class Verdict(models.TextChoices):
        REFUSED = "refused", _("被拒")
        ADMITTED = "admitted", _("经准入")
        EMERGENCY = "emergency", _("紧急下派")

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="pushes")
    category = TenantForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    department = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    onto = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    verdict = models.CharField(max_length=10, choices=Verdict)
    admission = TenantForeignKey(WorkAdmission, null=True, on_delete=models.PROTECT, related_name="pushes")
    member = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = TenantForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("下派记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="admitted", admission__isnull=False)
                | (~Q(verdict="admitted") & Q(admission=None)),
                name="push_admitted_by_something",
            )
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="push_by_time")]


class HeadConsent(TenantModel):
    """派驻机构负责人任免考核: the department requests consent, the street decides.

    No answer is no consent.
    """

    of_work = True

    class What(models.TextChoices):
        APPOINT = "appoint", _("任命")
        REMOVE = "remove", _("免职")
        ASSESS = "assess", _("考核")

    class State(models.TextChoices):
        ASKED = "asked", _("待答复")
        UNANSWERED = "unanswered", _("逾期未答复")
        AGREED = "agreed", _("同意")
        REFUSED = "refused", _("不同意")

    unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(_("拟任免或考核的负责人"), max_length=60)
    what = models.CharField(_("事项"), max_length=8, choices=What)
    reason = models.TextField(_("事由"))
    asked_unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("征求时间"))
    street_unit = TenantForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("答复期限"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    decided_by = TenantForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("答复时间"), null=True)
    answer = models.TextField(_("答复理由"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("派驻机构负责人征求意见")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "refused"], decided_at__isnull=False)
                | (Q(state__in=["asked", "unanswered"]) & Q(decided_at=None)),
                name="consent_decided_with_time",
            ),
            models.UniqueConstraint(
                fields=["tenant", "unit", "what", "person"],
                condition=Q(state__in=["asked", "unanswered"]),
                name="consent_asked_once",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Is it still without an answer, in time or late?"""
        return self.state in {self.State.ASKED, self.State.UNANSWERED}
