"""Templates for texts that units write often: answers to residents, and reasons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.tenancy.models import TenantForeignKey, TenantModel
from tickets.catalog.models import Category
from tickets.workflow import MOVES

#: The verbs that have templates, each with the form field that the text goes into.
FIELDS = {
    "triage_minor": "reason",
    "triage_major": "reason",
    "send_back": "reason",
    "return_ticket": "reason",
    "resolve": "answer",
    "decline": "answer",
    "defer": "answer",
    "ask_resident": "question",
}


def verbs() -> list[tuple[str, str]]:
    """(verb, its label) of every verb that can have templates."""
    return [(verb, MOVES[verb].label) for verb in FIELDS]


class ReplyTemplate(TenantModel):
    """A text for one verb, for one category and those below it, or for all categories."""

    verb = models.CharField(_("用于"), max_length=20, choices=verbs)
    category = TenantForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("名称"), max_length=40)
    text = models.TextField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("答复模板")
        ordering = ["verb", "title"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "verb", "title"], name="reply_title_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="reply_says_something"),
        ]
