"""Forms of the portal: number and code, a rating, and following a ticket."""

from django import forms
from django.utils.translation import gettext_lazy

from governance.text.telephones import PhoneField
from governance.web.fields import STARS, CodeField
from tickets.intake.forms import NoticeForm
from tickets.ticket import numbers


class FollowForm(forms.Form):
    """Ticket number and code: with both, a reporter opens their ticket."""

    number = forms.CharField(
        label=gettext_lazy("工单编号"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
    )
    code = CodeField(
        label=gettext_lazy("查询码"),
        help_text=gettext_lazy("回执上的 8 位字母和数字，不分大小写"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        return numbers.number_in(self.cleaned_data["number"])


class RateForm(forms.Form):
    """A reporter's rating."""

    solved = forms.TypedChoiceField(
        label=gettext_lazy("问题解决了吗"),
        coerce=lambda value: value == "true",
        choices=[("true", gettext_lazy("解决了")), ("false", gettext_lazy("没有解决"))],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    result = forms.TypedChoiceField(
        label=gettext_lazy("办理结果"), coerce=int, choices=STARS, widget=forms.RadioSelect
    )
    speed, attitude = (
        forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=STARS,
            widget=forms.RadioSelect,
            required=False,
            empty_value=None,
        )
        for label in (gettext_lazy("办理速度"), gettext_lazy("服务态度"))
    )
    comment = forms.CharField(
        label=gettext_lazy("意见建议"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FollowMatterForm(NoticeForm):
    """Name and phone of a resident who wants to follow a ticket."""

    number = forms.CharField(max_length=32, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    phone = PhoneField(label=gettext_lazy("联系电话"), required=False)
