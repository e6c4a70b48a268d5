"""Extra questions (补充问题): the settings page of a category."""

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
from governance.errors import Missing
from governance.web import pages
from tickets.catalog.models import Category
from tickets.questions import actions, queries, rules
from tickets.questions.models import Question


class LinesField(forms.CharField):
    """A list of options, one per line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> list[str]:
        """The lines without empty ones, stripped."""
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """A list as lines; typed text as it is."""
        return "\n".join(value) if isinstance(value, list) else value


class QuestionForm(forms.Form):
    """One question. The action checks how its parts must fit."""

    text = forms.CharField(
        label=gettext_lazy("问题"), max_length=120, help_text=gettext_lazy("例如：现在还在漏水吗？")
    )
    text_en = forms.CharField(
        label=gettext_lazy("英文问题"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("用于英文页面；不填则显示中文名称"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("答案类型"), choices=Question.Kind.choices)
    options = LinesField(
        label=gettext_lazy("选项"), required=False, help_text=gettext_lazy("只用于单选，每行一个")
    )
    options_en = LinesField(
        label=gettext_lazy("英文选项"),
        required=False,
        help_text=gettext_lazy("每行一个，与选项一一对应；可以都不填"),
    )
    required = forms.BooleanField(label=gettext_lazy("必答"), required=False)
    stop_on = forms.CharField(
        label=gettext_lazy("选择该答案时提醒"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("填“是”“否”或一个选项；不填则不提醒"),
    )
    stop_text = forms.CharField(
        label=gettext_lazy("提醒内容"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("请居民先做什么，文中的电话可以直接拨打"),
    )
    stop_text_en = forms.CharField(
        label=gettext_lazy("英文提醒内容"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    danger = forms.BooleanField(
        label=gettext_lazy("有人身危险"),
        required=False,
        help_text=gettext_lazy("先显示紧急电话；居民仍要提交的，按特急件办理"),
    )
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)


@pages.desk_with(Permission.SETTINGS_EDIT)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of one category, and those it inherits.

    The form adds a question or, with `?edit=`, changes one.
    """
    category = Category.objects.select_related("parent").filter(code=code).first()
    if category is None:
        raise Missing(_("该分类不存在"))
    own = list(Question.objects.filter(category=category))
    wanted = request.GET.get("edit", "")
    chosen = next((one for one in own if str(one.pk) == wanted), None)
    if wanted and chosen is None:
        raise Missing(_("该分类没有该问题"))
    form = QuestionForm(request.POST or None, initial=_initial(chosen))
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            pk = chosen.pk if chosen else None
            actions.keep(category, **form.cleaned_data, by=request.actor, at=timezone.now(), pk=pk)
            messages.success(request, _("问题已保存。"))
            return _back(request, code)
    ids = {one.pk for one in own}
    above = [one for one in queries.questions_of(code) if one.id not in ids]
    context = {"form": form, "category": category, "own": own, "above": above, "chosen": chosen}
    return pages.respond(request, "tickets/questions/settings.html", context)


def _initial(chosen: Question | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    given = {name: getattr(chosen, name) for name in actions.FIELDS}
    if chosen.kind == Question.Kind.YES_NO:
        given["stop_on"] = rules.words(chosen.kind, chosen.stop_on)
    return given


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Move a question one place up or down."""
    category = Category.objects.filter(code=code).first()
    if category is None:
        raise Missing(_("该分类不存在"))
    actions.move(category, pk, up=request.POST.get("to") == "up", by=request.actor, at=timezone.now())
    return _back(request, code)


def _back(request: HttpRequest, code: str) -> HttpResponse:
    kwargs = {"tenant": request.tenant.slug, "code": code}
    return HttpResponseRedirect(reverse("ticket-settings:questions", kwargs=kwargs))
