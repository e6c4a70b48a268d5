"""Report forms: for a resident in the portal, and for staff at the counter. The actions check the rules."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission, Role
from governance.errors import Invalid
from governance.text.telephones import PhoneField
from governance.web.fields import DigitsField
from grids import choices as territory
from grids.areas import bounds, outlines
from grids.models import UnitKind
from grids.units import queries as unit_queries
from tickets.catalog import choices
from tickets.intake import source_numbers
from tickets.intake.actions import Draft
from tickets.privacy import notice as privacy_notice
from tickets.questions import queries as question_queries
from tickets.questions import rules as questions
from tickets.questions.models import Question
from tickets.states import Channel, Demand, Tier
from tickets.ticket.forms import PhotosField, lost_photos


def asking(one: questions.Asked) -> forms.Field:
    """The form field of a category question."""
    given = {"label": one.says, "required": one.required}
    if one.kind == Question.Kind.TEXT:
        widget = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(**given, max_length=questions.LONGEST, widget=widget)
    if one.kind == Question.Kind.NUMBER:
        return forms.CharField(**given, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if one.kind == Question.Kind.DATE:
        return forms.CharField(**given, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))
    widget = forms.RadioSelect(attrs={"class": "form-check-input"})
    return forms.ChoiceField(**given, choices=one.choices(), widget=widget)


class NoticeForm(forms.Form):
    """Whether the privacy notice was accepted, and which version of it was shown."""

    accepted = forms.BooleanField(label=gettext_lazy("我已阅读个人信息处理告知"), required=False)
    notice_version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["notice_version"] = privacy_notice.newest()

    def accepted_version(self) -> int | None:
        """The version that was shown, None if it was not accepted."""
        given = self.cleaned_data
        return given.get("notice_version") if given.get("accepted") else None


#: Photos of one report in the portal, as many as phones usually send together.
MOST_OF_A_RESIDENT = 9
#: Message if the chosen option was retired while the page was open.
RETIRED_CHOICE = {"invalid_choice": gettext_lazy("您选的已停用或有调整，请重新选择")}


#: The units that a resident may complain about with a choice; the ticket bypasses them.
ABOUT = [
    ("", gettext_lazy("不是")),
    (UnitKind.COMMUNITY.value, gettext_lazy("是，反映本社区（村）")),
    (UnitKind.STREET_CENTER.value, gettext_lazy("是，反映本街道（乡镇）")),
    (UnitKind.COUNTY_CENTER.value, gettext_lazy("是，反映区县城市运行和治理中心")),
]


class ReportForm(NoticeForm):
    """A resident's report: place, text, photos, and optionally name and phone."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.ChoiceField(
        label=gettext_lazy("所在社区（村）"), required=False, error_messages=RETIRED_CHOICE
    )
    spot = forms.ChoiceField(label=gettext_lazy("网格或楼栋"), required=False, error_messages=RETIRED_CHOICE)
    address = forms.CharField(
        label=gettext_lazy("详细地点"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("例如：3 号楼 2 单元门口、幸福路与团结路口东北角"),
    )
    lat = forms.DecimalField(
        widget=forms.HiddenInput, required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6
    )
    lng = forms.DecimalField(
        widget=forms.HiddenInput,
        required=False,
        min_value=-180,
        max_value=180,
        max_digits=9,
        decimal_places=6,
    )
    category = forms.ChoiceField(
        label=gettext_lazy("事项类别"), required=False, error_messages=RETIRED_CHOICE
    )
    text = forms.CharField(
        label=gettext_lazy("事情经过"),
        max_length=settings.MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("什么时候、在哪里、出了什么事、希望怎样解决"),
    )
    photos = PhotosField(
        label=gettext_lazy("照片"),
        required=False,
        most=MOST_OF_A_RESIDENT,
        shrink=True,
        help_text=gettext_lazy("最多 9 张，每张不超过 15 MB，合计不超过 60 MB"),
    )
    despite = forms.BooleanField(
        label=gettext_lazy("我已看过提醒，仍要提交"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    against = forms.ChoiceField(
        label=gettext_lazy("是否反映社区（村）、街道（乡镇）、区县中心或其工作人员"),
        choices=ABOUT,
        required=False,
        error_messages=RETIRED_CHOICE,
    )
    private = forms.BooleanField(label=gettext_lazy("不在网上公开"), required=False)
    anonymous = forms.BooleanField(label=gettext_lazy("匿名反映"), required=False)
    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(label=gettext_lazy("联系电话"), required=False)
    code = DigitsField(
        label=gettext_lazy("短信验证码"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    channel = Channel.PORTAL

    def __init__(
        self,
        *args: Any,
        place: str = "",
        paths: list[str] | None = None,
        category: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        place = self._places(place)
        self.asked = question_queries.questions_of(
            self.data.get("category", "") if self.is_bound else category
        )
        for one in self.asked:
            self.fields[one.name] = asking(one)
        given = self.data if self.is_bound else self.initial
        home = given.get("area") or (territory.community_of(place) if place and not self.is_bound else "")
        if place and not self.is_bound:
            self.initial.update(area=home, spot=place if place != home else "")
        self.initial.setdefault("client_id", uuid.uuid4())
        self.fields["area"].choices = [("", _("不清楚属于哪个社区")), *territory.communities(paths)]
        self.fields["spot"].choices = [("", _("可不选")), *territory.spots(home)]
        for name, first in (("area", _("先选街道（乡镇）")), ("category", _("先选大类"))):
            self.fields[name].widget.attrs["data-groups"] = first
        self.fields["category"].choices = [("", _("不确定，由社区判断")), *choices.leaves()]

    def _places(self, place: str) -> str:
        """Replace grids that were merged since the page was opened or the code was printed.

        Returns the place in use. `gone`: the place of the printed code no longer exists.
        """
        kept = territory.in_use(place) if place else ""
        self.gone = kept != place and len(kept) < len(place)
        if self.is_bound and (spot := self.data.get("spot", "")) and (now := territory.in_use(spot)) != spot:
            self.data = self.data.copy()
            self.data["spot"] = now if now != self.data.get("area") else ""
        return kept

    def clean(self) -> None:
        """Find the community of a pinned point, and report invalid answers at their own fields."""
        given = self.cleaned_data
        if given.get("lat") is not None and given.get("lng") is not None:
            self._settle_point(float(given["lat"]), float(given["lng"]))
        self.about = self._about()
        for one in self.asked:
            try:
                questions.stored_form(one, self.cleaned_data.get(one.name))
            except Invalid as error:
                self.add_error(one.name, str(error))

    def _settle_point(self, lat: float, lng: float) -> None:
        """Fill in the community of the point; remove a point outside the district, with an error."""
        given = self.cleaned_data
        if not bounds.contains(lat, lng):
            given["lat"] = given["lng"] = None
            self.data = self.data.copy()
            self.data.update({self.add_prefix(name): "" for name in ("lat", "lng")})
            self.add_error("address", bounds.refusal())
        elif given.get("area") == "":
            found = outlines.community_at(lat, lng)
            given["area"] = found.code if found else ""

    def _about(self) -> str:
        """The code of the unit that the report is about, empty if none; adds an error if it cannot be
        found."""
        kind, home = self.cleaned_data.get("against", ""), self.cleaned_data.get("area", "")
        found = unit_queries.holder(home, kind) if kind else ""
        if kind == UnitKind.COUNTY_CENTER and not found:
            self.add_error("against", _("本区县未设城市运行和治理中心"))
        elif kind and not found:
            self.add_error("area", _("请选择是哪个社区（村），以便绕开被反映的单位"))
        return found

    def asked_fields(self) -> list[forms.BoundField]:
        """The form fields of the category's questions."""
        return [self[one.name] for one in self.asked]

    def answers(self) -> tuple[tuple[int, str], ...]:
        """The answers so far, valid or not, as (question id, value)."""
        found = ((one.id, self[one.name].value()) for one in self.asked)
        return tuple((pk, value) for pk, value in found if value)

    def lost_photos(self) -> int:
        """The number of photos sent with a form that was refused."""
        return lost_photos(self)

    def stops(self) -> list[questions.Asked]:
        """The questions whose answers so far show a warning."""
        return questions.stopping(self.asked, self.answers())

    def renew(self) -> None:
        """Use a new client id, so that the next submission is a new report and not a repeat."""
        self.data = self.data.copy()
        self.data[self.add_prefix("client_id")] = str(uuid.uuid4())

    def draft(self) -> Draft:
        """The cleaned data as the Draft that the action takes; fields with errors count as empty."""
        given = {**dict.fromkeys(("lat", "lng", "client_id")), **self.cleaned_data}
        names = (
            "client_id",
            "address",
            "lat",
            "lng",
            "category",
            "text",
            "private",
            "anonymous",
            "name",
            "phone",
            "despite",
        )
        staff = ("title", "tier", "matter", "said_at", "source_number", "source_due_at")
        more = {name: given[name] for name in staff if name in given}
        return Draft(
            area=given.get("spot") or given.get("area", ""),
            channel=given.get("channel") or self.channel,
            against=self.about,
            answers=self.answers(),
            notice_version=self.accepted_version(),
            **{name: given.get(name, "") for name in names},
            **more,
        )


class CounterForm(ReportForm):
    """A report typed by staff for a resident, or by a grid worker about a finding of their own."""

    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("不填则取事情经过的第一行"),
    )
    tier = forms.ChoiceField(label=gettext_lazy("紧急程度"), required=False)
    matter = forms.ChoiceField(label=gettext_lazy("诉求类型"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("来源"))
    photos = PhotosField(
        label=gettext_lazy("照片"),
        required=False,
        help_text=gettext_lazy("最多 20 张，每张不超过 15 MB，合计不超过 60 MB"),
    )
    said_at = forms.DateTimeField(
        label=gettext_lazy("受理时间"),
        required=False,
        help_text=gettext_lazy("补录时填写，时限自此起算；不填默认为当前时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    source_number = forms.CharField(
        label=gettext_lazy("来源编号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("12345 等系统转来的，填对方工单号，办结后按此编号反馈"),
    )
    source_due_at = forms.DateTimeField(
        label=gettext_lazy("来源时限"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    solved = forms.CharField(
        label=gettext_lazy("就地解决情况"),
        max_length=settings.MAX_TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("点“已就地解决”时写明怎样解决；不填则取事情经过"),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        paths = by.area_paths(Permission.TICKET_REPORT)
        own = paths[0].rstrip("/").rsplit("/", 1)[-1] if len(paths) == 1 else ""
        super().__init__(*args, paths=paths, place=kwargs.pop("place", "") or own, **kwargs)
        offered = [Channel.DESK, Channel.HOTLINE, Channel.GRID]
        if any(grant.role == Role.CLERK for grant in by.grants):
            offered = [Channel.HOTLINE, Channel.DESK, Channel.GRID]
        may_solve = bool(by.grants_with(Permission.TICKET_SELF_RESOLVE))
        self.fields["channel"].choices = [
            (c.value, c.label) for c in (reversed(offered) if may_solve else offered)
        ]
        if not source_numbers.may_give(by):
            del self.fields["source_number"], self.fields["source_due_at"]
        self.fields["tier"].choices = [("", _("按类别")), *Tier.choices]
        self.fields["matter"].choices = [("", _("按类别")), *Demand.choices]
        if may_solve:
            self.fields["photos"].widget.attrs["capture"] = "environment"  # a phone opens its camera
        else:
            del self.fields["solved"]

    def settled(self, step: str) -> str:
        """Words on how it was settled on the spot, by the pressed button; empty if it goes on to the community."""
        given = self.cleaned_data
        said = given.get("solved", "").strip()
        if step == "onward" or "solved" not in self.fields:
            return ""
        return said or (given["text"] if step == "settled" else "")
