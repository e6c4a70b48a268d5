"""Form fields for all apps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import Invalid

CHOOSE = gettext_lazy("请选择")


class OneOf(forms.ModelChoiceField):
    """A choice of one row of a table; before a choice it shows words instead of dashes."""

    def __init__(self, *args: Any, empty_label: Any = CHOOSE, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=empty_label, **kwargs)


def required(text: str, field: str, label: str) -> str:
    """The stripped text; raises Invalid naming the field if it is empty."""
    text = (text or "").strip()
    if not text:
        raise Invalid(_("请填写%(label)s") % {"label": label}, code="required", field=field)
    return text
