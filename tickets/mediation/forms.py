"""Form fields of the verbs mediate (调解), sign (签订协议) and follow up (协议回访); orders builds the forms."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.web.fields import OneOf
from tickets.mediation.models import MediationSession
from tickets.ticket.models.ticket import Ticket

LABELS: dict[str, Any] = {
    "held_at": _("调解时间"),
    "place": _("调解地点"),
    "mediators": _("调解员"),
    "parties": _("当事人（一行一个）"),
    "session_result": _("调解结果"),
    "terms": _("协议内容"),
    "signed_on": _("签订日期"),
    "signers": _("签字人（一行一个）"),
    "due_on": _("履行期限"),
    "scan": _("协议照片"),
    "agreement": _("协议"),
    "kept": _("是否履行"),
    "no_agreement": _("未签调解协议的原因"),
}
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("mediate", "text"): _("调解经过"),
    ("follow_up", "text"): _("回访情况"),
}
MAY_GIVE = {"sign": ("due_on", "scan")}
_MOMENT = "%Y-%m-%dT%H:%M"
_DAY = partial(forms.DateField, widget=forms.DateInput(attrs={"type": "date"}))

#: Fields that need only a label.
PLAIN: dict[str, Any] = {
    "held_at": partial(
        forms.DateTimeField, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    ),
    "place": partial(forms.CharField, max_length=100),
    "mediators": partial(forms.CharField, max_length=120),
    "session_result": partial(forms.ChoiceField, choices=MediationSession.Result.choices),
    "signed_on": _DAY,
    "due_on": _DAY,
    "scan": partial(forms.FileField, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})),
}


class AgreementChoice(OneOf):
    """A choice of agreements, labelled by date and terms, without names."""

    def label_from_instance(self, agreement: Any) -> str:
        return f"{agreement.signed_on:%Y-%m-%d} {agreement.terms[:20]}"


def agreement_field(ticket: Ticket, **given: Any) -> forms.Field:
    """A choice of the agreements without a follow-up."""
    return AgreementChoice(queryset=ticket.agreements.filter(followed_at=None).order_by("id"), **given)
