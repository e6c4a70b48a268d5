"""Forms of the moves: one form per verb, shared by the pages and the API."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.web import fields as web_fields
from governance.web.fields import STARS, YES_NO, OneOf, PersonChoice, storable
from grids.models import Area, Level, Unit
from grids.tree import community_path
from tickets.catalog.marks import is_dispute
from tickets.catalog.models import Category
from tickets.duties.forms import DutyItemField
from tickets.mediation import forms as mediation
from tickets.orders.actions.approvals import MOST_DAYS
from tickets.orders.actions.dispatching import assignable
from tickets.orders.actions.handling import ENDINGS
from tickets.orders.actions.splitting import Part
from tickets.orders.actions.summarizing import LONGEST
from tickets.states import Outcome, Refusal
from tickets.ticket import accused, numbers
from tickets.ticket import rights as ticket_rights
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of
from tickets.ticket.sharing import sections_of
from tickets.whistles.forms import units_field
from tickets.whistles.workflow import WhistleKind
from tickets.workflow import MOVES

#: Optional fields of a verb, besides its needs.
MAY_GIVE = {
    "arbitrate": ("assistants",),
    "request_transfer": ("unit",),
    "assign": ("unit", "person"),
    "approve_extension": ("text",),
    "triage_minor": ("unit", "category", "summary", "reason"),
    "triage_major": ("category", "summary"),
    "resolve": ("summary",),
    "take_up": ("text",),
    "return_ticket": ("duty_item",),
    "dispatch": ("assistants", "text", "area", "category"),
    "send_back": ("area",),
    "out_of_area": ("area",),
    "correct_place": ("area",),
    "note": ("public",),
    "approve_closing": ("text",),
    "rate": ("speed", "attitude", "text"),
    **mediation.MAY_GIVE,
}
#: Needs of a verb that may stay empty.
OPTIONAL = {
    ("resolve", "evidence"),
    ("self_resolve", "evidence"),
    ("defer", "until"),
    ("callback", "solved"),
    ("callback", "satisfied"),
    ("callback", "text"),
    ("summarize", "summary"),
}
#: Labels of fields for which a verb has its own words.
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("assign", "unit"): _("科室（下属单位）"),
    ("request_transfer", "unit"): _("应由哪个单位办理"),
    ("triage_minor", "reason"): _("理由（可不填）"),
    ("out_of_area", "area"): _("所属社区（不清楚可不选）"),
    ("correct_place", "area"): _("所在网格（不更正不选）"),
    ("rate", "text"): _("意见"),
    ("decline", "answer"): _("给居民的说明"),
    ("defer", "answer"): _("给居民的说明"),
    ("supervise", "text"): _("督办要求"),
    ("urge", "text"): _("催办内容"),
    ("instruct", "text"): _("批示内容"),
    ("answer_supervision", "text"): _("回复"),
    **mediation.OWN_LABELS,
    ("whistle", "text"): _("吹哨事由"),
}
LABELS: dict[str, Any] = {
    **mediation.LABELS,
    "kind": _("吹哨类型"),
    "units": _("召集单位"),
    "text": _("说明"),
    "summary": _("公开摘要"),
    "reason": _("理由"),
    "answer": _("给居民的答复"),
    "evidence": _("办理过程（内部）"),
    "unit": _("承办单位"),
    "assistants": _("协办单位"),
    "person": _("经办人"),
    "assistant": _("协办单位"),
    "leader": _("牵头领导"),
    "days": _("延期天数"),
    "until": _("复查日期"),
    "question": _("要问居民的问题"),
    "parts": _("拆分事项（一行一件）"),
    "into": _("并入的工单编号"),
    "refusal": _("不予受理的类别"),
    "contacted": _("是否联系上"),
    "satisfied": _("是否满意"),
    "address": _("详细地址"),
    "area": _("更正所在社区（不更正不填）"),
    "category": _("更正事项分类（不更正不填）"),
    "duty_item": _("依据的履职清单事项"),
    "outcome": _("办理结果"),
    "done": _("是否办好"),
    "public": _("对居民公开"),
    "solved": _("问题是否解决"),
    "speed": _("办理速度"),
    "attitude": _("服务态度"),
    "result": _("办理结果"),
}


def units_for(ticket: Ticket, verb: str) -> QuerySet[Unit]:
    """The units offered for a verb, those that serve the ticket's area first; the action accepts no other."""
    if verb == "assign":
        return sections_of(ticket).select_related("area")
    return reach_of(ticket, verb).units()


def people_for(ticket: Ticket, at: datetime) -> QuerySet[Member]:
    """The members offered by `assign`: those with a post in the lead unit and its parts, or in its section if
    one leads."""
    return Member.objects.filter(pk__in=assignable(ticket, ticket.lead_section_id, at)).order_by("name")


def leaders_for(ticket: Ticket, at: datetime) -> QuerySet[Member]:
    """The members offered by `lead_by_leader`: leaders whose posts cover the area."""
    return Member.objects.filter(pk__in=accused.leaders(ticket, at)).order_by("name")


class PartsField(forms.CharField):
    """The parts of a split: one per line, or a list of texts or of {text, category, area}; cleaned to a list
    of Part."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **given)

    def to_python(self, value: Any) -> list[Part]:
        given = value if isinstance(value, list) else str(value or "").splitlines()
        return [
            self._part(one) for one in given if one and (not isinstance(one, str) or web_fields.trimmed(one))
        ]

    def _part(self, one: Any) -> Part:
        if isinstance(one, str):
            storable(one)
            return Part(text=web_fields.trimmed(one))
        if not isinstance(one, dict) or not isinstance(one.get("text"), str):
            raise forms.ValidationError(_("每一件要有 text"), code="invalid")
        storable(one["text"])
        return Part(text=one["text"], category=str(one.get("category", "")), area=str(one.get("area", "")))

    def run_validators(self, value: Any) -> None:
        """Do nothing: each part was checked on its own."""


#: Fields that need only a label.
_PLAIN: dict[str, Any] = {
    "days": partial(forms.IntegerField, min_value=1, max_value=MOST_DAYS),
    "until": partial(forms.DateField, widget=forms.DateInput(attrs={"type": "date"})),
    "parts": PartsField,
    "into": partial(forms.CharField, max_length=32),
    "address": partial(forms.CharField, max_length=200, validators=[storable]),
    "summary": partial(
        forms.CharField,
        max_length=LONGEST,
        validators=[storable],
        help_text=_("一句话写明什么事，在“身边事”公开；不写姓名、电话、门牌号"),
    ),
    "refusal": partial(forms.ChoiceField, choices=Refusal.choices),
    "public": forms.BooleanField,
    "kind": partial(forms.ChoiceField, choices=WhistleKind.choices),
    **mediation.PLAIN,
}


def _assistant(ticket: Ticket, **given: Any) -> forms.Field:
    """The assisting units whose part is neither finished nor waived."""
    parts = ticket.assistants.filter(finished_at=None, waived_at=None).values("unit")
    return OneOf(queryset=Unit.objects.filter(pk__in=parts), to_field_name="code", **given)


def _leader(ticket: Ticket, at: datetime, **given: Any) -> forms.Field:
    return PersonChoice(queryset=leaders_for(ticket, at), **given)


#: Fields with choices that depend only on the ticket.
_OF_THE_TICKET: dict[str, Any] = {
    "agreement": mediation.agreement_field,
    "assistant": _assistant,
    "units": units_field,
}
#: Fields with choices that depend only on the ticket and the moment.
_OF_THE_MOMENT: dict[str, Any] = {"leader": _leader, "duty_item": DutyItemField}


class MoveForm(forms.Form):
    """The fields of one verb for one ticket; `expected` is the state that the sender saw."""

    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, ticket: Ticket, verb: str, by: Actor, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, prefix=kwargs.pop("prefix", None), **kwargs)
        self.ticket, self.verb, self.by, self.at = ticket, verb, by, at
        needs = MOVES[verb].needs
        for name in (*needs, *(n for n in MAY_GIVE.get(verb, ()) if n not in needs)):
            required = name in needs and (verb, name) not in OPTIONAL
            if name == "summary" and not ticket_rights.tellable(ticket):
                continue
            self.fields[name] = self._field(name, required)
        if verb == "resolve" and is_dispute(ticket.category_id):
            self.fields["no_agreement"] = self._field("no_agreement", False)

    def _field(self, name: str, required: bool) -> forms.Field:
        given = {"label": OWN_LABELS.get((self.verb, name), LABELS[name]), "required": required}
        if name in _PLAIN:
            return _PLAIN[name](**given)
        if name in _OF_THE_TICKET:
            return _OF_THE_TICKET[name](self.ticket, **given)
        if name in _OF_THE_MOMENT:
            return _OF_THE_MOMENT[name](self.ticket, self.at, **given)
        if name in {"unit", "assistants"}:
            choices = units_for(self.ticket, self.verb)
            kind = OneOf if name == "unit" else forms.ModelMultipleChoiceField
            return kind(queryset=choices, to_field_name="code", **given)
        if name in {"area", "category"}:
            choices = self._corrections(name)
            word = {} if required else {"empty_label": _("不变")}
            return OneOf(queryset=choices, to_field_name="code", **word, **given)
        if name == "person":
            return PersonChoice(queryset=people_for(self.ticket, self.at), **given)
        if name == "outcome":
            choices = [(str(ending), Outcome(ending).label) for ending in ENDINGS]
            return forms.ChoiceField(choices=choices, **given)
        if name in {"speed", "attitude", "result"}:
            return forms.TypedChoiceField(coerce=int, choices=STARS, widget=forms.RadioSelect, **given)
        if name in {"done", "solved", "contacted", "satisfied", "kept"}:
            return forms.TypedChoiceField(
                coerce=lambda v: v == "true",
                choices=YES_NO,
                widget=forms.RadioSelect,
                empty_value=None,
                **given,
            )
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=settings.MAX_TEXT_LENGTH,
            validators=[storable],
            **given,
        )

    def _corrections(self, name: str) -> QuerySet:
        """The choices of a correction: the categories that a ticket can have, the communities in the actor's
        areas, the grids of the ticket's community, or all other communities."""
        if name == "category":
            return Category.objects.filter(leaf=True, active=True).order_by("code")
        places, home = (
            Area.objects.filter(valid_to=None).order_by("path"),
            [community_path(self.ticket.area_path)],
        )
        if self.verb == "correct_place":
            return places.filter(below("path", home), level=Level.GRID)
        if self.verb == "out_of_area":
            return places.filter(level=Level.COMMUNITY).exclude(below("path", home))
        paths = self.by.area_paths(Permission.TICKET_READ)
        return places.filter(below("path", paths), level=Level.COMMUNITY)

    def clean_into(self) -> Ticket:
        """The ticket with this number, if the actor may see it."""
        number = numbers.number_in(self.cleaned_data["into"])
        found = Ticket.objects.visible_to(self.by).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("工单不存在或您无权查看"), code="not_found")
        return found

    def given(self) -> dict[str, Any]:
        """The arguments of the action: every field that was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
