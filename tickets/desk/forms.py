"""Forms of the ticket's page: moves, photos, and reasons to see names."""

from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.catalog import tree as catalog
from tickets.duties import proposals
from tickets.orders.forms import MoveForm
from tickets.ticket import queries as ticket_queries
from tickets.ticket.forms import PhotosField
from tickets.ticket.models.ticket import Ticket

#: Verbs whose form takes photos as evidence.
WITH_PHOTOS = {"resolve", "self_resolve", "verify"}
#: Verbs whose form proposes a category or a unit.
WITH_PROPOSALS = {"triage_minor", "triage_major", "take_up", "dispatch", "arbitrate"}
#: Where a duty of another level goes, by state.
UPWARDS = {
    "reported": gettext_lazy("清单属%(unit)s，请按大事上报"),
    "escalated": gettext_lazy("清单属%(unit)s，请上报区县"),
}
#: Verbs of which the residents get a text message, and the field below which the page says so.
TEXTED = {"ask_resident": "question", "defer": "answer", "decline": "answer", "approve_extension": "text"}


class PageMoveForm(MoveForm):
    """A move on the page: the same fields with useful defaults, and photos for some verbs."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files=files, **kwargs)
        ticket = self.ticket
        self.initial["expected"] = ticket.state
        self.hint = ""
        if "summary" in self.fields:
            self.initial["summary"] = ticket.summary
        if self.verb == "rate":
            self.hint = _("居民不便自行评价的，上门读给居民听，按居民本人意见如实填写，记录为代评。")
        if self.verb in WITH_PROPOSALS:
            self._propose()
        if self.verb in TEXTED:
            known = ticket_queries.can_be_called(ticket)
            told = _("将发短信通知居民。") if known else _("居民未留电话，不发短信，由居民自行查询。")
            self.fields[TEXTED[self.verb]].help_text = told
        if self.verb in WITH_PHOTOS:
            self.fields["photos"] = PhotosField(
                label=_("现场照片"),
                required=False,
                help_text=_("核实后给反映人看，请勿拍到他人面部和隐私"),
            )
        self._choices()

    def _propose(self) -> None:
        """Fill in the category that the words suggest, and the unit proposed by the duty list and earlier
        tickets, with the reason. Both can be changed. `hint` names another level's unit that has the duty.
        """
        ticket = self._with_category()
        if "unit" not in self.fields:
            return
        offered = self.fields["unit"].queryset
        found = proposals.propose(ticket, self.at, offered)
        if found:
            self.initial |= {"unit": found[0].unit.code, "assistants": [u.code for u in found[0].assistants]}
        self.fields["unit"].help_text = "；".join(f"{one.unit.name}：{one.why}" for one in found)
        if ticket.state in UPWARDS and (owner := proposals.duty_of_another(ticket, self.at, offered)):
            self.hint = UPWARDS[ticket.state] % {"unit": owner.name}

    def _with_category(self) -> Ticket:
        """The ticket, with the category that its words suggest if it has none; that becomes the form's value."""
        ticket = self.ticket
        if ticket.category_id is not None or "category" not in self.fields:
            return ticket
        node = catalog.proposed(f"{ticket.title} {ticket.text}", ticket.matter)
        if node is None:
            return ticket
        self.initial["category"] = node.code
        self.fields["category"].help_text = _("按反映内容建议，请核对。")
        ticket = copy(ticket)
        ticket.category_id = node.id
        return ticket

    def _choices(self) -> None:
        """Set widgets and labels for the page: several units as checkboxes, a label for the empty choice."""
        fields = self.fields
        if "assistants" in fields:
            likely = self.initial.get("assistants", ())
            fields["assistants"].widget = forms.CheckboxSelectMultiple()
            fields["assistants"].widget.choices = sorted(
                fields["assistants"].choices, key=lambda one: str(one[0]) not in likely
            )
        for name in {"unit", "person"} & set(fields):
            fields[name].empty_label = _("本社区自办") if self.verb == "triage_minor" else _("请选择")
        if "units" in fields:
            fields["units"].widget = forms.CheckboxSelectMultiple()
            fields["units"].widget.choices = fields["units"].choices
        for name in {"assistants", "units", "kept", "done", "solved", "speed", "attitude", "result"} & set(
            fields
        ):
            fields[name].widget.attrs["class"] = "form-check-input"

    def typed(self) -> list[tuple[str, str]]:
        """The typed texts as (label, text): worth keeping when the move is no longer possible."""
        written = [bound for bound in self if isinstance(bound.field.widget, forms.Textarea)]
        return [(str(bound.label), text) for bound in written if (text := (bound.value() or "").strip())]

    def given(self) -> dict[str, Any]:
        """The arguments for the action; photos are stored separately."""
        return {name: value for name, value in super().given().items() if name != "photos"}


class PhotoForm(forms.Form):
    """Photos that are added later."""

    photos = PhotosField(label=gettext_lazy("照片"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"),
        help_text=gettext_lazy("“办理结果”照片在核实后给反映人看，请勿拍到他人面部和隐私"),
        choices=[("report", gettext_lazy("反映情况")), ("evidence", gettext_lazy("办理结果"))],
    )


class UnmaskForm(forms.Form):
    """The reason to see a reporter in clear."""

    reporter = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)
    reason = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)


class ReasonForm(forms.Form):
    """The reason to see the names of the parties."""

    reason = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)
