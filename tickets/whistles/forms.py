"""Forms of whistles: one to blow, and one for the moves, shared by the pages and the API."""

from collections import Counter
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.errors import Invalid
from governance.web.fields import STARS, YES_NO, storable
from grids import choices as territory
from grids import tree
from grids.models import Area, Post, Unit
from grids.people import queries as people_queries
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.actions.blowing import Called, Summons
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.queries import summonable, usual_units
from tickets.whistles.rights import Offer
from tickets.whistles.workflow import Part, WhistleKind

ROLES = [part for part in Part if part != Part.UNIT]
LABELS: dict[str, Any] = {
    "text": gettext_lazy("说明"),
    "reason": gettext_lazy("理由"),
    "code": gettext_lazy("现场签到码"),
    "units": gettext_lazy("增派哪些单位"),
    "in_time": gettext_lazy("到场及时"),
    "together": gettext_lazy("配合"),
    "solved": gettext_lazy("解决问题"),
    "needed": gettext_lazy("这次哨吹得准"),
    "clear": gettext_lazy("任务清楚"),
    "task": gettext_lazy("分工"),
    "done": gettext_lazy("是否完成"),
}
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("end", "text"): gettext_lazy("处置结果"),
    ("assign_task", "text"): gettext_lazy("任务内容"),
    ("rate_unit", "text"): gettext_lazy("意见"),
    ("rate_whistle", "text"): gettext_lazy("意见"),
    ("refuse", "reason"): gettext_lazy("不能到场的理由"),
    ("uphold", "reason"): gettext_lazy("裁定理由"),
    ("overrule", "reason"): gettext_lazy("裁定理由"),
    ("release", "reason"): gettext_lazy("撤离说明"),
}
COUNTS = ("in_time", "together", "solved", "needed", "clear")


def _coordinate(most: int) -> forms.DecimalField:
    return forms.DecimalField(
        widget=forms.HiddenInput,
        required=False,
        min_value=-most,
        max_value=most,
        max_digits=9,
        decimal_places=6,
    )


def _words(label: Any, *, required: bool = True, most: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label,
        required=required,
        widget=widget,
        max_length=most or settings.MAX_TEXT_LENGTH,
        validators=[storable],
    )


def name_of(party: WhistleParty) -> str:
    """The name of a party: 水务局, or 里巷社区网格 王网格（网格员）."""
    name = f"{party.unit.name} {party.member.name}" if party.member_id else party.unit.name
    return name if party.role == Part.UNIT else f"{name}（{party.get_role_display()}）"


class WhistleMoveForm(forms.Form):
    """The fields of one verb on one whistle; `expected` is the state that the sender saw."""

    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, whistle: Whistle, offer: Offer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.whistle, self.offer, self.verb = whistle, offer, offer.move.verb
        self.initial.setdefault("expected", whistle.state)
        if offer.move.stages:
            self.fields["party"] = self._party(offer.parties, required=False)
        for name in (*offer.move.needs, *offer.move.may):
            self.fields[name] = self._field(name, name in offer.move.needs)

    def _party(self, parties: list[WhistleParty], *, required: bool) -> forms.TypedChoiceField:
        choices = [(party.pk, name_of(party)) for party in parties]
        if not required and not self.offer.move.stages:
            choices.insert(0, ("", _("全体到场单位")))
        field = forms.TypedChoiceField(
            label=gettext_lazy("单位"), coerce=int, choices=choices, required=required, empty_value=None
        )
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            self.initial["party"] = choices[0][0]
        return field

    def _field(self, name: str, required: bool) -> forms.Field:
        label = OWN_LABELS.get((self.verb, name), LABELS.get(name, ""))
        if name in {"lat", "lng"}:
            return _coordinate(90 if name == "lat" else 180)
        if name == "party":
            return self._party(self.whistle.summoned, required=False)
        if name == "units":
            there = [party.unit_id for party in self.whistle.summoned]
            units = summonable([tree.street_path(self.whistle.area_path)], self.whistle.ticket).exclude(
                pk__in=there
            )
            return forms.ModelMultipleChoiceField(
                label=label,
                queryset=units,
                to_field_name="code",
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )
        if name in COUNTS:
            radio = forms.RadioSelect(attrs={"class": "form-check-input"})
            return forms.TypedChoiceField(label=label, coerce=int, choices=STARS, widget=radio)
        if name == "task":
            return forms.IntegerField(label=label, widget=forms.HiddenInput, max_value=2**62)
        if name == "done":
            return forms.TypedChoiceField(
                label=label, coerce=lambda v: v == "true", choices=YES_NO, empty_value=None
            )
        if name == "code":
            digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
            return forms.CharField(label=label, required=required, max_length=6, widget=digits)
        return _words(label, required=required, most=200 if self.verb == "assign_task" else 0)

    def given(self) -> dict[str, Any]:
        """The arguments of the action: every field that was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


class BlowForm(forms.Form):
    """The form to blow a whistle (吹哨): reason, place and parties; on a ticket, the place is the ticket's."""

    kind = forms.ChoiceField(label=gettext_lazy("吹哨类型"), choices=WhistleKind.choices)
    text = _words(gettext_lazy("吹哨事由"))
    area = forms.ChoiceField(label=gettext_lazy("所在社区（村）"))
    address = forms.CharField(
        label=gettext_lazy("集合地点"), max_length=200, required=False, validators=[storable]
    )
    lat = _coordinate(90)
    lng = _coordinate(180)
    arrive_by = forms.DateTimeField(
        label=gettext_lazy("要求到场时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("不填按规定时限：应急 30 分钟，其他 2 个工作小时（以本区县设置为准）"),
    )
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("召集单位"),
        help_text=gettext_lazy("必选：至少召集一个单位，或在“六员联动”中派一人；常召集的单位排在前面"),
        queryset=None,
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self, *args: Any, by: Actor, at: datetime, ticket: Ticket | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.ticket = by, ticket
        paths = by.area_paths(Permission.TICKET_STREET)
        self.fields["area"].choices = [("", _("请选择")), *territory.communities(paths)]
        self.fields["units"].queryset = summonable(paths, ticket)
        offered, usual = list(self.fields["units"].choices), usual_units(by.unit_ids, at)
        self.fields["units"].widget.choices = sorted(
            offered, key=lambda one: usual.get(str(one[0]), len(usual))
        )
        if ticket is not None:
            self.fields["area"].required = False
            self.initial.setdefault("address", ticket.address)
        people = _people(paths, at, ticket)
        for role in ROLES:
            self.fields[f"role_{role}"] = forms.ChoiceField(
                label=role.label, required=False, choices=[("", _("不派")), *people]
            )

    @property
    def roles(self) -> list[Any]:
        """The fields of the six roles, which only a joint response needs."""
        return [self[f"role_{role}"] for role in ROLES]

    def summons(self) -> Summons:
        """The cleaned data as the Summons that the action takes."""
        given = self.cleaned_data
        area = Area.objects.filter(code=given["area"], valid_to=None).first() if given["area"] else None
        parties = [Called(unit) for unit in given["units"]]
        chosen = {role: given[f"role_{role}"] for role in ROLES if given[f"role_{role}"]}
        posts = Post.objects.select_related("unit", "member").in_bulk([int(pk) for pk in chosen.values()])
        parties += [Called(posts[int(pk)].unit, posts[int(pk)].member, role) for role, pk in chosen.items()]
        return Summons(
            kind=given["kind"],
            text=given["text"],
            parties=tuple(parties),
            area=area,
            address=given["address"],
            lat=given["lat"],
            lng=given["lng"],
            arrive_by=given["arrive_by"],
        )


def _people(paths: list[str], at: datetime, ticket: Ticket | None) -> list[tuple[str, str]]:
    """Today's posts in units of these areas, in stationed agencies and enforcement teams, as (id, unit and
    person); on a complaint none of those who must not see it."""
    near = below("unit__area__path", paths)
    posts = people_queries.of_people(at).filter(unit__active=True)
    stationed = posts.filter(near) | posts.filter(unit__kind__in=["stationed_agency", "enforcement_team"])
    if ticket is not None:
        stationed = stationed.exclude(member__in=accused.people_in_line(ticket, at))
    rows = list(
        stationed.order_by("unit__name", "member__name", "pk")
        .values_list("pk", "unit__name", "member__name", "member__user__username")
        .distinct()
    )
    names = Counter((unit, person) for _pk, unit, person, _login in rows)
    return [
        (str(pk), f"{unit} {person} ({login})" if names[unit, person] > 1 else f"{unit} {person}")
        for pk, unit, person, login in rows
    ]


def called_of(parties: list[dict[str, Any]], units: list[str]) -> tuple[Called, ...]:
    """The parties that a program named: units by code, and {unit, person, role} each.

    Raises Invalid for unknown ones.
    """
    codes = {*units, *(str(one["unit"]) for one in parties)}
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    if missing := codes - set(known):
        message = _("没有代码为 %(code)s 的单位") % {"code": min(missing)[:40]}
        raise Invalid(message, code="unknown_unit", field="units")
    people = Member.objects.in_bulk([one["person"] for one in parties if one.get("person")])
    found = [Called(known[code]) for code in units]
    for one in parties:
        if one.get("person") and one["person"] not in people:
            raise Invalid(_("该人员不存在"), code="unknown_person", field="parties")
        found.append(Called(known[one["unit"]], people.get(one.get("person")), one.get("role") or Part.UNIT))
    return tuple(found)


def units_field(ticket: Ticket, **given: Any) -> forms.Field:
    """A choice of the units that the ticket's street may summon."""
    units = summonable([tree.street_path(ticket.area_path)], ticket)
    return forms.ModelMultipleChoiceField(queryset=units, to_field_name="code", **given)
