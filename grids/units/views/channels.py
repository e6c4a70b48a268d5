"""Settings page of the notice channels (通知渠道): text messages to members, and group chats of units."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.models import Member
from governance.access.permissions import Permission
from governance.district import actions as configuring
from governance.events import channels
from governance.events.models import Robot
from governance.messages import failure_reasons
from governance.messages.robots import Platform
from governance.web import pages
from grids.models import Unit


class ChannelsForm(forms.Form):
    """The sorts of notices that are sent by text message and to group chats."""

    notice_sms = forms.MultipleChoiceField(
        label=gettext_lazy("短信"),
        choices=channels.LABELS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("发到登记的手机；只说是什么事和编号，不写内容和姓名"),
    )
    notice_robot = forms.MultipleChoiceField(
        label=gettext_lazy("单位群"),
        choices=channels.LABELS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("发到下面接通的群；每件事每个群只发一条"),
    )


class RobotForm(forms.Form):
    """A group chat of a unit."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="code", empty_label=gettext_lazy("请选择")
    )
    platform = forms.ChoiceField(label=gettext_lazy("平台"), choices=Platform.choices)
    address = forms.URLField(
        label=gettext_lazy("机器人地址"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("在群里添加自定义机器人后复制的 Webhook 地址；保存后不再显示"),
    )
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("钉钉、飞书选了“加签”的填写"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)


@pages.desk_with(Permission.SETTINGS_EDIT)
def show(request: HttpRequest) -> HttpResponse:
    """The channels; a POST sets them."""
    if request.method != "POST":
        return _shown(request, ChannelsForm(initial=_initial(request)), RobotForm())
    form = ChannelsForm(request.POST)  # a form with nothing ticked is valid too
    if form.is_valid():
        with pages.catching(form):
            configuring.configure(request.tenant, form.cleaned_data, by=request.actor, at=timezone.now())
            return _back(request, _("通知渠道已保存。"))
    return _shown(request, form, RobotForm())


def _initial(request: HttpRequest) -> dict[str, Any]:
    return {name: request.tenant.setting(name) for name in ("notice_sms", "notice_robot")}


def _shown(request: HttpRequest, form: ChannelsForm, robot: RobotForm) -> HttpResponse:
    rows = list(Robot.objects.filter(active=True).order_by("pk"))
    names = dict(Unit.objects.filter(pk__in=[row.unit_id for row in rows]).values_list("pk", "name"))
    last = channels.last_lines() if rows else {}
    people = list(Member.objects.filter(active=True).only("phone"))
    context = {
        "form": form,
        "robot_form": robot,
        "robots": [
            {
                "pk": row.pk,
                "unit": names.get(row.unit_id, ""),
                "platform": row.get_platform_display(),
                "last": last.get(row.pk),
                "trouble": failure_reasons.why(last[row.pk].error) if row.pk in last else "",
            }
            for row in rows
        ],
        "without": sum(not member.phone for member in people),
        "people": len(people),
    }
    bound = next((one for one in (form, robot) if one.is_bound and one.errors), None)
    status = getattr(bound, "status", 400) if bound else 200
    return pages.respond(request, "grids/units/channels.html", context, status=status)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def add(request: HttpRequest) -> HttpResponse:
    """Connect the group chat of a unit and send a trial message."""
    form = RobotForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with pages.catching(form):
            made = channels.add_robot(
                unit_id=given.pop("unit").pk, **given, by=request.actor, at=timezone.now()
            )
            channels.try_robot(made.pk, by=request.actor, at=timezone.now())
            return _back(request, _("已接通，试发了一条，请在群里查看。"))
    return _shown(request, ChannelsForm(initial=_initial(request)), form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a trial message to a group chat, or disconnect it; `do` says which."""
    if request.POST.get("do") == "try":
        channels.try_robot(pk, by=request.actor, at=timezone.now())
        return _back(request, _("已试发一条，请在群里查看；未收到的，一分钟后在此查看结果。"))
    channels.drop_robot(pk, by=request.actor, at=timezone.now())
    return _back(request, _("已停用，地址已删除。"))


def _back(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("areas:notices", kwargs={"tenant": request.tenant.slug}))
