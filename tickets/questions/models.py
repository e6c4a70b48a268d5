"""Extra questions for reports of a category, and their answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.catalog.models import Category
from tickets.ticket.models.ticket import Ticket


class Question(TenantModel):
    """One question for a category and those below it. It is retired, never deleted: answers refer to it."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("是或否")
        CHOICE = "choice", _("单选")
        NUMBER = "number", _("数字")
        DATE = "date", _("日期")
        TEXT = "text", _("文字")

    category = TenantForeignKey(Category, on_delete=models.PROTECT, related_name="questions")
    place = models.PositiveSmallIntegerField(_("顺序"), default=0)
    text = models.CharField(_("问题"), max_length=120)
    text_en = models.CharField(_("英文问题"), max_length=200, blank=True, default="", db_default="")
    kind = models.CharField(_("答案类型"), max_length=8, choices=Kind)
    options = models.JSONField(_("选项"), default=list, blank=True)
    options_en = models.JSONField(  # empty, or one for each option
        _("英文选项"), default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    required = models.BooleanField(_("必答"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    stop_on = models.CharField(_("选择该答案时提醒"), max_length=40, blank=True)
    stop_text = models.CharField(_("提醒内容"), max_length=300, blank=True)
    stop_text_en = models.CharField(_("英文提醒内容"), max_length=500, blank=True, default="", db_default="")
    danger = models.BooleanField(_("有人身危险"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("补充问题")
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stop_on="", stop_text="", danger=False) | (~Q(stop_on="") & ~Q(stop_text="")),
                name="question_stops_with_words",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "category"], name="question_by_category")]

    def __str__(self) -> str:
        return self.text


class Answer(TenantModel):
    """A report's answer to one question, with the wording of the question at that time."""

    of_work = True

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="answers")
    question = TenantForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Question.Kind)
    text = models.CharField(max_length=500, blank=True)  # yes and no as "yes" and "no", a date as ISO 8601

    class Meta:
        verbose_name = verbose_name_plural = _("补充问题的答案")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "ticket", "question"], name="answer_once")]
