"""Form fields for all apps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

CHOOSE = gettext_lazy("请选择")


class OneOf(forms.ModelChoiceField):
    """A choice of one row of a table; before a choice it shows words instead of dashes."""

    def __init__(self, *args: Any, empty_label: Any = CHOOSE, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=empty_label, **kwargs)
