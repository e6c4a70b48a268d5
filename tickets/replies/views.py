"""Reply templates (答复模板) on the settings pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.district import packs
from governance.errors import Missing
from governance.web import pages
from governance.web.fields import CHOOSE
from tickets.catalog.models import Category
from tickets.replies import actions, queries
from tickets.replies.models import ReplyTemplate


class ReplyForm(forms.ModelForm):
    """One template."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("类别"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("不分"),
    )

    class Meta:
        model = ReplyTemplate
        fields = ("verb", "category", "title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(active=True)
        offered = [choice for choice in self.fields["verb"].choices if choice[0]]
        self.fields["verb"].choices = [("", CHOOSE), *offered]


@pages.desk_with(Permission.SETTINGS_EDIT)
def index(request: HttpRequest) -> HttpResponse:
    """All templates, and the form for a new one; `?edit=` opens one."""
    wanted = request.GET.get("edit", "")
    chosen = (
        ReplyTemplate.objects.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
    )
    if wanted and chosen is None:
        raise Missing(_("该模板不存在"))
    initial = {"category": chosen.category and chosen.category.code} if chosen else None
    form = ReplyForm(request.POST or None, instance=chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            pk = chosen.pk if chosen else None
            actions.keep(**form.cleaned_data, by=request.actor, at=timezone.now(), pk=pk)
            messages.success(request, _("模板已保存。"))
            return _back(request)
    rows = ReplyTemplate.objects.select_related("category")
    context = {"form": form, "rows": rows, "chosen": chosen, "marks": queries.MARKS}
    context["offer"] = packs.offer("replies")
    return pages.respond(request, "tickets/replies/settings.html", context)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a template."""
    actions.drop(pk, by=request.actor, at=timezone.now())
    messages.success(request, _("模板已删除。"))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("ticket-settings:replies", kwargs={"tenant": request.tenant.slug}))
