"""Telephone numbers: each is kept in one way of writing, so that it finds again what was told from it."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext as _

from governance.access.secrets import keyed_hash
from governance.errors import Invalid

LONGEST = 15  # digits, ITU-T E.164
_HOME = re.compile(r"(?:\+|00)86(?=1\d{10}$)")  # before a mobile the country's own code says nothing


def plain(text: str) -> str:
    """The digits of what somebody wrote, a leading + kept: `１３８ 0000-1234` is 13800001234, as is +86 138 0000 1234."""
    text = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[^0-9]", "", text)
    sign = "+" if text.lstrip().startswith("+") and digits else ""
    return _HOME.sub("", (sign + digits)[:20])


def valid(text: str) -> str:
    """`plain` of a number somebody can be called under, empty for none; raises Invalid."""
    phone = plain(text)
    stray = re.sub(r"[\s()\-–—+]", "", unicodedata.normalize("NFKC", text))
    if stray and (not re.fullmatch(r"[0-9]+", stray) or not 7 <= len(phone.removeprefix("+")) <= LONGEST):
        raise Invalid(_("电话应为 7 到 15 位数字"), field="phone", code="bad_phone")
    return phone


def whole(text: str) -> str:
    """The number where the words are one and nothing else; empty for other words."""
    try:
        return valid(text)
    except Invalid:
        return ""


def mobile(text: str) -> str:
    """The eleven digits of a mobile, to which alone texts go; raises Invalid."""
    digits = plain(text)
    if not re.fullmatch(r"1[0-9]{10}", digits):
        raise Invalid(_("验证码只能发到 11 位手机号"), code="no_mobile", field="phone")
    return digits


def shown(phone: str) -> str:
    """A number as people read it: 0543-3201234, 010-12345678, 138 0000 1234; others as they are kept."""
    if re.fullmatch(r"1[0-9]{10}", phone):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    home = re.fullmatch(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})", phone)
    return f"{home[1]}-{home[2]}" if home else phone


def hash_of(phone: str) -> str:
    """What a number is found by, however it was written; empty for none."""
    digits = plain(phone)
    return keyed_hash(digits, "phone") if digits else ""


class PhoneField(forms.CharField):
    """A telephone as one line of a form; its value is `valid`."""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: object) -> None:
        attrs = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        super().__init__(widget=widget or forms.TextInput(attrs=attrs), **{"max_length": 20, **kwargs})

    def clean(self, value: object) -> str:
        phone = super().clean(value)
        try:
            return valid(phone)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
