"""Form fields of the duty list."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from tickets.duties import queries as duty
from tickets.ticket.models.ticket import Ticket


class Suggestions(forms.TextInput):
    """A text field that suggests options while the user types: the code and label of each."""

    def __init__(self, options: list[tuple[str, str]]) -> None:
        super().__init__()
        self.options = options

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> str:
        attrs = dict(attrs or {})
        attrs["list"] = f"{attrs.get('id', name)}-options"
        listed = format_html_join(
            "", '<option value="{}">{} {}</option>', ((c, c, w) for c, w in self.options)
        )
        drawn = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', drawn, attrs["list"], listed)


class DutyItemField(forms.CharField):
    """The code of an item of the duty list in force; items for the ticket's category are suggested first."""

    def __init__(self, ticket: Ticket, at: datetime, **given: Any) -> None:
        version = duty.in_force(at)
        near = duty.entries_for(ticket.category_id, at)
        rest = [entry for entry in version.entries if entry not in near] if version else []
        options = [(entry.code, f"{entry.name}（{entry.lead}）") for entry in (*near, *rest)]
        hint = _("填事项编号，可输入编号或名称查找；没有依据可不填")
        super().__init__(max_length=30, widget=Suggestions(options), help_text=hint, **given)
