"""Telephone numbers in one normal form, so that the same number is always found again."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext as _

from governance.access.secrets import keyed_hash
from governance.errors import Invalid

LONGEST = 15  # digits, ITU-T E.164
_HOME = re.compile(r"(?:\+|00)?86(?=1\d{10}$)")  # China's own country code before a mobile number is dropped


def plain(text: str) -> str:
    """The digits of a typed number, with a leading + if it has one.

    `１３８ 0000-1234` and +86 138 0000 1234 both become 13800001234.
    """
    text = _visible(text)
    digits = re.sub(r"[^0-9]", "", text)
    sign = "+" if text.lstrip().startswith("+") and digits else ""
    return _HOME.sub("", (sign + digits)[:20])


def _visible(text: str) -> str:
    """The text in its plain form, without marks that nobody sees."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")


def valid(text: str) -> str:
    """The normal form of a number that can be called; empty stays empty. Raises Invalid."""
    phone = plain(text)
    stray = re.sub(r"[\s()\-–—+]", "", _visible(text))
    if stray and (not re.fullmatch(r"[0-9]+", stray) or not 7 <= len(phone.removeprefix("+")) <= LONGEST):
        raise Invalid(_("电话应为 7 到 15 位数字"), field="phone", code="bad_phone")
    return phone


def whole(text: str) -> str:
    """The number if the text is a telephone number and nothing else, else the empty text."""
    try:
        return valid(text)
    except Invalid:
        return ""


def mobile(text: str) -> str:
    """The eleven digits of a mobile number; text messages go to mobiles only. Raises Invalid."""
    digits = plain(text)
    if not re.fullmatch(r"1[0-9]{10}", digits):
        raise Invalid(_("验证码只能发到 11 位手机号"), code="no_mobile", field="phone")
    return digits


def shown(phone: str) -> str:
    """A number as people read it: 0543-3201234, 010-12345678, 138 0000 1234; other numbers unchanged."""
    if re.fullmatch(r"1[0-9]{10}", phone):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    home = re.fullmatch(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})", phone)
    return f"{home[1]}-{home[2]}" if home else phone


def hash_of(phone: str) -> str:
    """The hash by which a number is looked up, however it was typed; empty if there is none."""
    digits = plain(phone)
    return keyed_hash(digits, "phone") if digits else ""


TAIL = 4  # the digits by which a number is found that is not known whole
_MASKED = re.compile(r"([0-9]{3})?\*{2,}([0-9]{4})")


def tail_hash_of(phone: str) -> str:
    """The hash of the last four digits; empty for a shorter number."""
    digits = plain(phone).removeprefix("+")
    return keyed_hash(digits[-TAIL:], "phone-tail")[:32] if len(digits) > TAIL else ""


def part_of(text: str) -> tuple[str, str] | None:
    """(first digits, last digits) of a part of a number: its last four or more digits, or 138****1234; else None."""
    text = unicodedata.normalize("NFKC", text).strip()
    if masked := _MASKED.fullmatch(text):
        return masked[1] or "", masked[2]
    return ("", text) if re.fullmatch(rf"[0-9]{{{TAIL},{LONGEST}}}", text) else None


def tail_hash_of_part(last: str) -> str:
    """The hash by which the numbers are found that end in these digits."""
    return keyed_hash(last[-TAIL:], "phone-tail")[:32]


class PhoneField(forms.CharField):
    """A form field for a telephone number; its value is from `valid`."""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: object) -> None:
        attrs = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        super().__init__(widget=widget or forms.TextInput(attrs=attrs), **{"max_length": 20, **kwargs})

    def clean(self, value: object) -> str:
        phone = super().clean(value)
        try:
            return valid(phone)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
