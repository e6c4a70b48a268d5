"""Reasons why a message was not sent, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "late": gettext_lazy("过时未发"),
    "Refused": gettext_lazy("平台拒收"),
    "Invalid": gettext_lazy("地址不在允许的范围"),
    "JSONDecodeError": gettext_lazy("平台返回的内容无法识别"),
}
UNREACHED = ("URLError", "OSError", "TimeoutError", "gaierror", "SSLError", "RemoteDisconnected")


def why(error: str) -> str:
    """The content of Message.error in words: the name of the error and, after a space, the provider's code.

    An unknown name becomes "not sent"; empty stays empty.
    """
    if not error:
        return ""
    name, _space, code = error.partition(" ")
    if name in UNREACHED or name.startswith("Connection"):
        return _("无法连接平台")
    said = str(WORDS.get(name, _("发送失败")))
    return _("%(reason)s（%(code)s）") % {"reason": said, "code": code} if code else said
