"""Form fields for all apps."""

import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.db.models import Count, Window
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.secrets import CLEAR, CODE_LENGTH
from governance.errors import Invalid

STARS = [(n, n) for n in range(5, 0, -1)]
YES_NO = [("true", gettext_lazy("是")), ("false", gettext_lazy("否"))]

CHOOSE = gettext_lazy("请选择")


class OneOf(forms.ModelChoiceField):
    """A choice of one row of a table; before a choice it shows words instead of dashes."""

    def __init__(self, *args: Any, empty_label: Any = CHOOSE, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=empty_label, **kwargs)


class PersonChoice(OneOf):
    """A choice of one person; of persons with the same name each shows the log-in name too. No further statement."""

    def _set_queryset(self, queryset: Any) -> None:
        if queryset is not None:
            people = queryset.model.objects.filter(pk__in=queryset.order_by().values("pk"))
            same = Window(Count("pk"), partition_by="name")
            queryset = people.select_related("user").annotate(namesakes=same).order_by("name", "pk")
        super()._set_queryset(queryset)

    queryset = property(forms.ModelChoiceField._get_queryset, _set_queryset)

    def label_from_instance(self, person: Any) -> str:
        """The name, and the log-in name if another person has the same name."""
        return f"{person.name} ({person.user.username})" if person.namesakes > 1 else person.name


#: Categories of characters that show nothing: spaces, controls, zero-width and direction marks.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # fillers that are letters or symbols by category


#: Marks that show nothing by themselves: joiners, variation selectors, tags (Unicode's default-ignorable ones).
_IGNORABLE = ((0x034F, 0x034F), (0x17B4, 0x17B5), (0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))


def _is_ignorable(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _IGNORABLE)


def _shows(char: str) -> bool:
    return not (char in _BLANK or _is_ignorable(char) or unicodedata.category(char) in _UNSEEN)


def trimmed(text: str | None) -> str:
    """The text without what shows nothing at its ends: spaces, zero-width characters; empty if there is nothing else.

    A mark that changes how the last character looks stays with it.
    """
    text = text or ""
    seen = [place for place, char in enumerate(text) if _shows(char)]
    if not seen:
        return ""
    end = seen[-1] + 1
    while end < len(text) and _is_ignorable(text[end]):
        end += 1
    return text[seen[0] : end]


def visible(text: str) -> str:
    """The text in normal width, without characters that show nothing; gaps stay as one space each."""
    shown = (
        char if _shows(char) else " " if char.isspace() or char in _BLANK else "" for char in plain(text)
    )
    return " ".join("".join(shown).split())


def required(text: str, field: str, label: str) -> str:
    """The trimmed text; raises Invalid naming the field if it is empty."""
    text = trimmed(text)
    if not text:
        raise Invalid(_("请填写%(label)s") % {"label": label}, code="required", field=field)
    return text


def plain(text: str) -> str:
    """The text with full-width letters and digits, as a Chinese keyboard writes them, replaced by normal
    ones."""
    return unicodedata.normalize("NFKC", text)


class DigitsField(forms.CharField):
    """A code of digits; it may be typed in full width, or with the spaces of the message it came in."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"\s", "", plain(super().to_python(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Set no length limits in the browser, so that spaces fit in."""
        attrs = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name not in {"maxlength", "minlength"}}


class CodeField(forms.CharField):
    """A code of clear characters, typed in any case, in full width, or with spaces and hyphens between them."""

    default_error_messages = {"wrong": gettext_lazy("请填写 8 位字母和数字，不含 0、1、I、L、O")}

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s-]", "", plain(super().to_python(value))).upper()

    def validate(self, value: str) -> None:
        """Refuse a text that can be no code, so that it is not counted as a guess."""
        super().validate(value)
        if value and (len(value) != CODE_LENGTH or set(value) - set(CLEAR)):
            raise forms.ValidationError(self.error_messages["wrong"], code="wrong")


def storable(text: str) -> None:
    """Reject text with a lone surrogate: it cannot be encoded. Only programs send it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise forms.ValidationError(gettext_lazy("含有无法保存的字符"), code="half_a_character") from None


def as_form_data(body: dict[str, Any]) -> dict[str, Any]:
    """JSON values as form data: booleans as words, numbers as text, lists item by item."""

    def text(value: Any) -> Any:
        if isinstance(value, dict):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list):
            return [text(item) for item in value]
        return value if value is None or isinstance(value, str) else str(value)

    return {name: text(value) for name, value in body.items()}


def client_id_of(given: Any) -> uuid.UUID | None:
    """The id that a program gave what it sends, None without one. Raises Invalid."""
    try:
        return uuid.UUID(str(given)) if given else None
    except ValueError as error:
        raise Invalid(_("client_id 应为 UUID"), code="invalid", field="client_id") from error
