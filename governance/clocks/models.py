"""Models of a tenant's work calendars, of clocks, and of the deadlines that the timer loop fires."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.clocks import calendar as reckoning
from governance.database.words import Words
from governance.tenancy.models import TenantForeignKey, TenantModel


class WorkCalendar(TenantModel):
    """Weekly hours in a time zone. The tenant's default calendar applies to every unit without its own."""

    name = models.CharField(_("名称"), max_length=60)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    week = models.JSONField(_("每周作息"), default=dict)
    unit_id = models.BigIntegerField(_("单位"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("工作日历")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(active=True, unit_id__isnull=True),
                name="one_default_calendar",
            ),
            models.UniqueConstraint(
                fields=["tenant", "unit_id"], condition=Q(active=True), name="one_calendar_per_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarYear(TenantModel):
    """A year whose holidays are published and loaded; due times in other years are provisional."""

    year = models.PositiveSmallIntegerField(_("年份"))
    published = models.BooleanField(_("已公布"), default=False)
    source = models.CharField(_("来源"), max_length=120, blank=True)

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("日历年份")
        constraints = [models.UniqueConstraint(fields=["tenant", "year"], name="one_calendar_year")]


class CalendarDay(TenantModel):
    """One date that differs from the week: a holiday, a make-up workday, a half day, a closure at noon."""

    class Kind(models.TextChoices):
        OFF = "off", _("休息")
        WORK = "work", _("上班")

    calendar = TenantForeignKey(
        WorkCalendar, on_delete=models.CASCADE, related_name="days", verbose_name=_("日历")
    )
    date = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=4, choices=Kind.choices)
    slots = models.JSONField(_("当日作息"), null=True, blank=True)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("特殊日期")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "calendar", "date"], name="one_rule_per_date"),
            models.CheckConstraint(
                condition=Q(kind="work") | Q(slots__isnull=True), name="day_off_has_no_slots"
            ),
        ]


class Purpose(Words):
    """The time limit that a clock measures."""

    TRIAGE = "triage", _("分单")
    DISPATCH = "dispatch", _("派单")
    ACCEPT = "accept", _("接单")
    CONTACT = "contact", _("首次联系")
    UPDATE = "update", _("进展答复")
    RESOLVE = "resolve", _("办结")
    ASSIST = "assist", _("协办")
    VERIFY = "verify", _("核实")
    RATE = "rate", _("评单")
    SUPERVISE = "supervise", _("督办回复")
    ANSWER = "answer", _("应哨")
    ARRIVE = "arrive", _("到场")
    REVIEW = "review", _("审核")
    ARBITRATE = "arbitrate", _("裁定")
    JOIN = "join", _("协办接单")
    PRIVACY = "privacy", _("个人信息请求")


class State(Words):
    """The state of a clock: running, paused or ended."""

    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("已暂停")
    ENDED = "ended", _("已结束")


class Outcome(Words):
    """The end of a clock: met, late, cancelled, merged with another, or withdrawn."""

    MET = "met", _("按时")
    LATE = "late", _("超时")
    CANCELLED = "cancelled", _("取消")
    MERGED = "merged", _("并单")
    WITHDRAWN = "withdrawn", _("时限撤销")


class Step(Words):
    """The work of the timer loop at a deadline."""

    WARN_1 = "warn_1", _("一次预警")
    WARN_2 = "warn_2", _("二次预警")
    WARN_3 = "warn_3", _("临期预警")
    DUE = "due", _("到期")
    ESCALATE_1 = "escalate_1", _("一级升级")
    ESCALATE_2 = "escalate_2", _("二级升级")
    LIMIT = "limit", _("等待期满")
    REVIEW = "review", _("复查")


class Clock(TenantModel):
    """One time limit of one subject, under the policy and in the time zone of its start."""

    of_work = True

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(_("事项"), max_length=12, choices=Purpose.listed)
    unit_id = models.BigIntegerField(_("责任单位"), null=True, blank=True)
    budget = models.PositiveIntegerField(_("时限"))
    budget_unit = models.CharField(_("时限单位"), max_length=16)
    policy = models.JSONField(_("规则快照"))
    calendar_version = models.PositiveIntegerField(default=0)
    zone = models.CharField(_("时区"), max_length=40)
    started_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("到期"))
    provisional = models.BooleanField(_("暂定"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State.listed, default=State.RUNNING)
    segments = models.JSONField(_("分段"), default=list)
    run = models.PositiveSmallIntegerField(default=1)  # increases with every new set of deadlines
    used = models.PositiveIntegerField(_("已用"), default=0)  # in budget_unit, at the last change of state
    breached_at = models.DateTimeField(_("超时于"), null=True, blank=True)
    excused_at = models.DateTimeField(_("免责于"), null=True, blank=True)  # late, but with a valid reason
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)  # the start as stated by a device or a caller
    closings = models.JSONField(default=list)  # at, used, minutes, outcome of each end, oldest first
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.listed, blank=True)

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("时钟")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_type", "subject_id", "purpose", "unit_id"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_open_clock",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="ended_with_its_time",
            ),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & Q(outcome=""))
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="ended_with_its_outcome",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="clock_state_is_known"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="clock_has_a_budget"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="due_after_start"),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject_type", "subject_id"], name="clock_of_subject"),
            models.Index(
                fields=["tenant", "due_at"], condition=Q(ended_at__isnull=True), name="clock_open_by_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_type}:{self.subject_id}"

    @property
    def term(self) -> reckoning.Term:
        """The way to count the budget, by the policy under which the clock started."""
        return reckoning.Term(
            reckoning.Unit(self.budget_unit),
            reckoning.Mode(self.policy.get("mode", "end_of_day")),
            self.policy.get("roll_forward", False),
        )

    @property
    def is_open(self) -> bool:
        """Running or paused."""
        return self.state != State.ENDED

    @property
    def first_ended_at(self) -> datetime | None:
        """The time when the clock first ended, even if it was opened again later; None if it never ended."""
        return datetime.fromisoformat(self.closings[0]["at"]) if self.closings else None


class Deadline(TenantModel):
    """A moment at which something happens once. A failure moves `next_attempt_at`, never `due_at`."""

    of_work = True

    clock = TenantForeignKey(Clock, on_delete=models.CASCADE, null=True, blank=True, related_name="deadlines")
    run = models.PositiveSmallIntegerField(default=1)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=20)
    step = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    combined = models.BooleanField(
        default=False
    )  # recorded without a notice: a higher step of the same clock sent one
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=120, blank=True)

    class Meta:
        app_label = "governance"
        verbose_name = verbose_name_plural = _("定时点")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock", "step", "run"],
                condition=Q(clock__isnull=False),
                name="one_step_per_run",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject_type", "subject_id", "purpose", "step"],
                condition=Q(clock__isnull=True, fired_at__isnull=True),
                name="one_open_appointment",
            ),
        ]
        indexes = [
            # The timer's claim reads across tenants: the only index that does not begin with the tenant.
            models.Index(
                fields=["next_attempt_at"], condition=Q(fired_at__isnull=True), name="deadline_unfired"
            ),
            models.Index(fields=["tenant", "subject_type", "subject_id"], name="deadline_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.step} {self.subject_type}:{self.subject_id}"
