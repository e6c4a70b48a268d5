"""Settings pages of a district: general settings and the portal."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.permissions import Permission
from governance.district import actions as configuring
from governance.tenancy.defaults import PORTAL, RANGES
from governance.web import pages

LABELS = {
    "sampling_percent": (
        gettext_lazy("自办件抽查比例（%）"),
        gettext_lazy("网格员就地解决的事项，按此比例由他人复核"),
    ),
    "rating_days": (gettext_lazy("评价期（天）"), gettext_lazy("评价链接的有效天数，过期未评的按未评价销号")),
    "rework_rating": (gettext_lazy("返工星级"), gettext_lazy("办理结果不高于该星级或未解决的，自动返工")),
    "return_limit": (gettext_lazy("退单次数上限"), gettext_lazy("超过后只能由区县裁定")),
    "extension_limit": (gettext_lazy("延期次数上限"), gettext_lazy("第二次起由上一级批复")),
    "reply_days": (gettext_lazy("居民补充期（工作日）"), gettext_lazy("到期没有补充，自动恢复办理")),
    "consent_days": (
        gettext_lazy("派驻负责人意见答复期（工作日）"),
        gettext_lazy("街道在此期限内答复；逾期不视为同意，并提醒上级"),
    ),
    "deferral_days": (gettext_lazy("挂账最长（天）"), gettext_lazy("复查日期最远可定到多少天以后")),
    "reopen_continues": (
        gettext_lazy("重办接续计时"),
        gettext_lazy("重办后接着用剩余时限；不选则重新计时"),
    ),
    "parts_inherit_start": (gettext_lazy("拆分件承接起点"), gettext_lazy("拆出的各件从原件开始的时间计时")),
    "problem_reworks": (gettext_lazy("疑难件次数"), gettext_lazy("重办或退单达到该次数，自动提级督办")),
    "retention_months": (gettext_lazy("保留期（月）"), gettext_lazy("销号后多少个月去除反映人的姓名电话")),
    "reopen_days": (gettext_lazy("重办期（天）"), gettext_lazy("销号后多少天内可以要求重办")),
    "reports_per_address": (
        gettext_lazy("每小时提交上限（同一网络地址）"),
        gettext_lazy("居民端用；手机网络下许多人共用一个地址，不宜太小"),
    ),
    "reports_per_phone": (
        gettext_lazy("每小时提交上限（同一电话）"),
        gettext_lazy("居民端用，超过后请居民稍后再试"),
    ),
    "texts_per_day": (
        gettext_lazy("每天短信上限（条）"),
        gettext_lazy("全区县合计，防止被人刷短信；超过的改到第二天发，并通知管理员"),
    ),
    "rise": (gettext_lazy("超时自动提级"), gettext_lazy("分单、派单超时后自动转到上一级")),
    "verify_by_other": (gettext_lazy("核实回避"), gettext_lazy("办理人不得核实自己办的事")),
    "brief": (gettext_lazy("早报"), gettext_lazy("工作日 8:30 向每人发送新增、今日到期和超期的工单")),
    "quiet_hours": (
        gettext_lazy("下班时间免打扰"),
        gettext_lazy("非工作时间的通知先进收件箱，上班再提醒；紧急事项除外"),
    ),
    "digest_over": (
        gettext_lazy("合并提醒条数"),
        gettext_lazy("同一人十分钟内的时限提醒多于此数，合并成一条"),
    ),
    "notice_brake": (
        gettext_lazy("时限提醒限流"),
        gettext_lazy("全区县十分钟内多于此数时只汇总，并告知管理员"),
    ),
    "whistle_radius": (
        gettext_lazy("定位签到范围（米）"),
        gettext_lazy("应哨单位在集合地点这么多米以内才能定位签到"),
    ),
    "spoken_is_contact": (
        gettext_lazy("当面或电话受理即算已联系"),
        gettext_lazy("窗口代录和热线受理的事项，不再单独计首次联系时限"),
    ),
    "phone_proof": (
        gettext_lazy("电话须经验证"),
        gettext_lazy("居民填了电话的，凭短信验证码才能提交；不填电话的不受影响"),
    ),
    "receipt_sms": (
        gettext_lazy("短信回执"),
        gettext_lazy("反映时留了电话的，发一条短信告诉编号和查进度的网址；短信不写反映的内容"),
    ),
    "codes_per_phone": (
        gettext_lazy("每小时验证码上限（同一电话）"),
        gettext_lazy("超过后请居民稍后再试"),
    ),
    "codes_per_address": (
        gettext_lazy("每小时验证码上限（同一网络地址）"),
        gettext_lazy("手机网络下许多人共用一个地址，不宜太小"),
    ),
}


class SettingsForm(forms.Form):
    """One field per setting."""

    names = tuple(name for name in RANGES if name not in PORTAL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.names:
            (label, hint), bounds = LABELS[name], RANGES[name]
            if bounds is None:
                field: forms.Field = forms.BooleanField(label=label, help_text=hint, required=False)
            else:
                field = forms.IntegerField(
                    label=label, help_text=hint, min_value=bounds[0], max_value=bounds[1]
                )
            self.fields[name] = field


class LinesField(forms.CharField):
    """One value per line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class GeneralForm(SettingsForm):
    """The general settings, and the tiles under the maps."""

    map_tiles = LinesField(
        label=gettext_lazy("地图底图地址"),
        required=False,
        help_text=gettext_lazy("一行一层，底图在前、注记在后；须为 https，含 {x}、{y}、{z}，密钥处写 {key}"),
    )
    map_key = forms.CharField(
        label=gettext_lazy("底图密钥"),
        required=False,
        help_text=gettext_lazy("浏览器可见，请在底图服务商处限定只供本平台域名使用"),
    )
    map_credit = forms.CharField(
        label=gettext_lazy("底图来源"), required=False, help_text=gettext_lazy("显示在地图右下角，如：天地图")
    )
    map_approval = forms.CharField(
        label=gettext_lazy("审图号"), required=False, help_text=gettext_lazy("使用底图必填，显示在每张地图上")
    )


@pages.desk_with(Permission.SETTINGS_EDIT, Permission.PEOPLE_EDIT, Permission.TOKEN_ISSUE)
def general(request: HttpRequest) -> HttpResponse:
    """Show and change the general settings of the district."""
    return _set(request, GeneralForm, "governance/settings/general.html")


def _set(request: HttpRequest, kind: type[SettingsForm], template: str) -> HttpResponse:
    tenant = request.tenant
    names = [*kind.base_fields, *kind.names]
    form = kind(request.POST or None, initial={name: tenant.setting(name) for name in names})
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            changed = configuring.configure(tenant, form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("设置已保存。") if changed else _("设置没有变化。"))
            return HttpResponseRedirect(request.path)
    return pages.respond(request, template, {"form": form})


class NumbersField(forms.CharField):
    """Telephone numbers as people write them: "110 119" or "110、119"."""

    def to_python(self, value: Any) -> list[str]:
        return [part for part in re.split(r"[\s,，;；、]+", super().to_python(value)) if part]

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value


class PortalForm(SettingsForm):
    """Settings of the residents' portal."""

    hotline = forms.CharField(
        label=gettext_lazy("热线电话"),
        max_length=20,
        help_text=gettext_lazy("不便上网的居民可拨打；同时作为个人信息告知中的联系方式"),
    )
    emergency_lines = NumbersField(
        label=gettext_lazy("紧急电话"), help_text=gettext_lazy("多个之间用空格分开，按填写的顺序显示")
    )
    names = tuple(name for name in PORTAL if name in RANGES)


@pages.desk_with(Permission.SETTINGS_EDIT)
def portal(request: HttpRequest) -> HttpResponse:
    """Show and change settings of the portal: numbers to call, and whether a phone must be proven."""
    return _set(request, PortalForm, "governance/settings/portal.html")
