"""Privacy notice (个人信息处理告知), version by version: shown to residents before they give a name or a phone.

A district without a published version shows the platform's own text, made from its settings: version 0. PIPL
art. 17 sets the content: processor, purpose, method, kinds of data, retention, rights and how to use them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance.errors import Invalid
from governance.tenancy.config import compiled
from governance.tenancy.scope import current
from tickets.privacy.models import PrivacyNotice

PLATFORMS = 0


@dataclass(frozen=True, slots=True)
class Version:
    """One version for display; the platform's own has no publication time."""

    number: int
    text: str
    published_at: datetime | None


def in_force() -> Version:
    """The newest version; its number and time are compiled, its text is read from the database."""
    number, _at = compiled(current(), "notice", _newest)
    return version(number)


def newest() -> int:
    """The number of the version in force; compiled."""
    return compiled(current(), "notice", _newest)[0]


def _newest() -> tuple[int, datetime | None]:
    found = PrivacyNotice.objects.order_by("-number").values_list("number", "published_at").first()
    return found or (PLATFORMS, None)


def version(number: int) -> Version | None:
    """One version, or None if the district has no such version."""
    if number == PLATFORMS:
        return Version(PLATFORMS, platform_text(), None)
    found = PrivacyNotice.objects.filter(number=number).first()
    return found and Version(found.number, found.text, found.published_at)


def require(number: int) -> int:
    """The number, if that version was ever in force; raises Invalid."""
    if not PLATFORMS <= number <= newest():
        raise Invalid(_("该版本的个人信息处理告知不存在"), code="unknown_notice", field="notice_version")
    return number


def platform_text() -> str:
    """The platform's own text, with the district's name, hotline and periods."""
    setting = current().setting
    given = {
        "district": current().name,
        "hotline": setting("hotline"),
        "months": setting("retention_months"),
    }
    return "\n\n".join(part % given for part in _parts())


def _parts() -> tuple[str, ...]:
    return (
        _(
            "一、谁在处理\n%(district)s基层治理平台为受理和办理居民诉求处理您的个人信息，处理者是%(district)s"
            "承担这项职责的机关。有疑问请拨打 %(hotline)s。"
        ),
        _(
            "二、为了什么\n受理、转办、办理您反映的事项，向您核实情况、答复结果、请您评价；"
            "这是履行法定职责所必需。不用于其他目的，也不用于商业推广。"
        ),
        _(
            "三、处理哪些信息、怎样处理\n您填写的姓名、电话、地点、事情经过、照片和补充问题的回答。位置只在您点按标记时"
            "取一次；网络地址只用来限制提交次数，一小时后清除。"
            "验证手机号时，在您的设备上记住这个号码 30 天，可随时退出。姓名和电话加密保存。"
            "不填姓名和电话也可以反映，只是无法与您联系。"
        ),
        _(
            "四、谁能看到\n只有办理这件事的单位和人员。姓名和电话默认隐藏，查看须写明原因并留下记录；选择匿名的，"
            "任何人不得查看；被反映的单位看不到反映人是谁。公开的事项里没有您的姓名、电话、原话和门牌。"
        ),
        _("五、保存多久\n事项销号满 %(months)s 个月后，自动去除姓名、电话和您填写的文字回答。"),
        _(
            "六、您的权利\n您可以查阅、复制、更正、删除自己的信息：凭编号和查询码打开“查进度”，进入“我的个人信息”"
            "提出，15 个工作日内答复；也可以拨打 %(hotline)s。"
        ),
    )
