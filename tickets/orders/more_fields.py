"""Form fields of the side verbs: whistle (吹哨), mediate (调解), sign (签订协议), follow up (协议回访)."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from governance.access.policy import below
from governance.web.fields import OneOf
from grids.models import Unit, UnitKind
from tickets.mediation.models import MediationSession
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.workflow import WhistleKind

LABELS: dict[str, Any] = {
    "kind": _("吹哨类型"),
    "units": _("召集哪些单位"),
    "held_at": _("调解时间"),
    "place": _("调解地点"),
    "mediators": _("调解员"),
    "parties": _("当事人(一行一个)"),
    "session_result": _("调解结果"),
    "terms": _("协议内容"),
    "signed_on": _("签订日期"),
    "signers": _("签字人(一行一个)"),
    "due_on": _("履行期限"),
    "scan": _("协议照片"),
    "agreement": _("协议"),
    "kept": _("是否履行"),
    "no_agreement": _("未签调解协议的原因"),
}
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("whistle", "text"): _("吹哨事由"),
    ("mediate", "text"): _("调解经过"),
    ("follow_up", "text"): _("回访情况"),
}
MAY_GIVE = {"sign": ("due_on", "scan")}
_MOMENT = "%Y-%m-%dT%H:%M"
_DAY = partial(forms.DateField, widget=forms.DateInput(attrs={"type": "date"}))

PLAIN: dict[str, Any] = {
    "kind": partial(forms.ChoiceField, choices=WhistleKind.choices),
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


def _agreement(ticket: Ticket, **given: Any) -> forms.Field:
    """The agreements without a follow-up."""
    return AgreementChoice(queryset=ticket.agreements.filter(followed_at=None).order_by("id"), **given)


def _assistant(ticket: Ticket, **given: Any) -> forms.Field:
    """The assisting units whose part is neither finished nor waived."""
    parts = ticket.assistants.filter(finished_at=None, waived_at=None).values("unit")
    return OneOf(queryset=Unit.objects.filter(pk__in=parts), to_field_name="code", **given)


#: Kinds of units that any street may summon; a unit of another kind only by its own street.
ANYWHERE = (UnitKind.DEPARTMENT, UnitKind.SECTION, UnitKind.STATIONED)


def summonable(paths: list[str]) -> QuerySet[Unit]:
    """The units that a street may summon: every active department, section and stationed agency, and the
    units in `paths` except street centres. The action checks again."""
    near = below("area__path", paths) | Q(kind__in=ANYWHERE)
    units = Unit.objects.filter(near, active=True).exclude(kind=UnitKind.STREET_CENTER)
    return units.select_related("area")


def street_of(path: str) -> str:
    """The area path of the street that contains this path: its first two codes, district and street."""
    return "/".join(path.rstrip("/").split("/")[:2]) + "/"


def _units(ticket: Ticket, **given: Any) -> forms.Field:
    units = summonable([street_of(ticket.area_path)])
    return forms.ModelMultipleChoiceField(queryset=units, to_field_name="code", **given)


#: Fields with choices that depend on the ticket.
OF_TICKET = {"agreement": _agreement, "assistant": _assistant, "units": _units}
