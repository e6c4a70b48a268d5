"""Service levels and categories on the settings pages."""

import re
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
from governance.clocks import words
from governance.district import packs
from governance.errors import Missing
from governance.web import pages
from grids.models import Unit, UnitKind
from tickets.catalog import actions
from tickets.catalog.models import Category, ServiceLevel
from tickets.catalog.service_levels import MEASURES, USED, measured, stored
from tickets.catalog.tree import named, tree
from tickets.states import Demand, Tier
from tickets.workflow import Purpose


class NumbersField(forms.CharField):
    """Whole numbers as people write them: "50 80" or "50、80"; empty is an empty list."""

    def to_python(self, value: Any) -> list[int]:
        """The numbers as a list; raises ValidationError."""
        found = [part for part in re.split(r"[\s,，;；、%]+", super().to_python(value)) if part]
        if not all(part.isdecimal() and len(part) < 8 for part in found):
            raise forms.ValidationError(_("请填整数，两个之间用空格分开"))
        return [int(part) for part in found]


class LevelForm(forms.Form):
    """A step, the tier and category it holds for, and its time limit."""

    purpose = forms.ChoiceField(label=gettext_lazy("环节"), choices=[(p.value, p.label) for p in USED])
    tier = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), required=False, choices=[("", gettext_lazy("不分")), *Tier.choices]
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("类别"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("不分"),
    )
    budget = forms.IntegerField(label=gettext_lazy("时限"), min_value=1)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=MEASURES)
    warn = NumbersField(
        label=gettext_lazy("预警（已用时限的百分比）"),
        required=False,
        help_text=gettext_lazy("例如 50 80；不填按平台默认"),
    )
    rise = NumbersField(
        label=gettext_lazy("超时后逐级升级"),
        required=False,
        help_text=gettext_lazy("例如 1 5：按工作时间的以工作日计，不分昼夜的以分钟计；不填按平台默认"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(active=True)

    def stored(self) -> dict[str, Any]:
        """The fields with the time limit in the unit in which it is stored."""
        budget, unit = stored(self.cleaned_data["budget"], self.cleaned_data["unit"])
        return self.cleaned_data | {"budget": budget, "unit": unit}


@pages.desk_with(Permission.SETTINGS_EDIT)
def levels(request: HttpRequest) -> HttpResponse:
    """The service levels, most general first; saving an existing one changes it."""
    form = LevelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            given = {name: value for name, value in form.stored().items() if name in request.POST or value}
            given = {"tier": "", "category": None} | given
            actions.set_level(**given, by=request.actor, at=timezone.now())
            messages.success(request, _("时限已保存，对以后开始的计时生效。"))
            return HttpResponseRedirect(request.path)
    rows = ServiceLevel.objects.select_related("category").order_by("purpose", "tier", "category__code")
    order = {purpose.value: place for place, purpose in enumerate(USED)}
    shown = sorted(rows, key=lambda row: (order.get(row.purpose, 99), row.tier != "", row.category_id or 0))
    listed = [(row, Purpose(row.purpose).label, measured(row.budget, row.unit), _steps(row)) for row in shown]
    context = {"form": form, "rows": listed, "measures": MEASURES}
    return pages.respond(request, "tickets/catalog/levels.html", context)


def _steps(row: ServiceLevel) -> str:
    """The district's own warnings and escalations in words; empty if it uses the platform's."""
    said = []
    if row.warn_shares:
        said.append(_("用到 %(shares)s 时预警") % {"shares": "、".join(f"{one}%" for one in row.warn_shares)})
    if row.escalate_after:
        spans = "、".join(words.amount(amount, unit) for amount, unit in row.escalate_after)
        said.append(_("超时 %(spans)s后升级") % {"spans": spans})
    return "；".join(said)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def drop_level(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a level, so that the more general one holds again."""
    actions.drop_level(pk, by=request.actor, at=timezone.now())
    messages.success(request, _("已删除，改按更一般的时限。"))
    return HttpResponseRedirect(reverse("ticket-settings:levels", kwargs={"tenant": request.tenant.slug}))


class CategoryForm(forms.Form):
    """The fields of a category."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(
        label=gettext_lazy("英文名称"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("用于英文页面；不填则显示中文名称"),
    )
    tier = forms.ChoiceField(label=gettext_lazy("紧急程度"), choices=Tier.choices, initial=Tier.ORDINARY)
    matter = forms.ChoiceField(label=gettext_lazy("诉求类型"), choices=Demand.choices, initial=Demand.HELP)
    duty_unit = forms.ModelChoiceField(
        label=gettext_lazy("首办单位"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("未定"),
        help_text=gettext_lazy("特急事项直接派给它，其他事项派单时优先推荐"),
    )
    needs_eyes = forms.BooleanField(label=gettext_lazy("需要现场核实"), required=False, initial=True)
    dispute = forms.BooleanField(
        label=gettext_lazy("纠纷类"),
        required=False,
        help_text=gettext_lazy("这类事项（含下级分类）可以登记调解和协议"),
    )
    unlisted = forms.BooleanField(
        label=gettext_lazy("不上公开栏"),
        required=False,
        help_text=gettext_lazy("户数少、容易识别到户的事项：此类事项（含下级分类）不在身边事和地图上显示"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty_unit"].queryset = Unit.objects.filter(active=True).exclude(kind=UnitKind.GRID_TEAM)


class NewCategoryForm(CategoryForm):
    """A new category, with its code and parent."""

    code = forms.RegexField(
        r"^[0-9A-Za-z.-]{1,20}$",
        label=gettext_lazy("代码"),
        error_messages={"invalid": gettext_lazy("代码只能用字母、数字、点和连字符，最多 20 位")},
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("上级"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("无（一级分类）"),
    )
    field_order = ("parent", "code", "name", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Category.objects.filter(active=True, level__lt=3)


class ChangedCategoryForm(CategoryForm):
    """An existing category; it can be deactivated."""

    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)


@pages.desk_with(Permission.SETTINGS_EDIT)
def categories(request: HttpRequest) -> HttpResponse:
    """The category tree, and a form for a new category."""
    form = NewCategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            made = actions.add_category(**form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("已添加分类“%(name)s”。") % {"name": made.name})
            return HttpResponseRedirect(request.path)
    q = request.GET.get("q", "").strip()
    context = {"form": form, "q": q, "groups": _grouped(q), "offer": packs.offer("categories")}
    return pages.respond(request, "tickets/catalog/categories.html", context)


def _grouped(q: str) -> list[tuple[Category, list[Category]]]:
    """Each top category with itself and the rows below it; with `q`, only rows whose name, code or letters fit."""
    known, fitting = tree(), set(named(q)) if q else set()
    groups: dict[int, tuple[Category, list[Category]]] = {}
    rows = {row.pk: row for row in Category.objects.select_related("duty_unit").order_by("code")}
    for row in rows.values():
        top = rows[known.upwards(row.pk)[-1].id] if known.upwards(row.pk) else row
        if not q or row.pk in fitting or q.lower() in row.code.lower():
            groups.setdefault(top.pk, (top, []))[1].append(row)
    return list(groups.values())


@pages.desk_with(Permission.SETTINGS_EDIT)
def category(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one category."""
    found = Category.objects.select_related("parent", "duty_unit").filter(code=code).first()
    if found is None:
        raise Missing(_("该分类不存在"))
    kept = ("name", "name_en", "tier", "matter", "needs_eyes", "dispute", "unlisted", "active")
    initial = {name: getattr(found, name) for name in kept}
    initial["duty_unit"] = found.duty_unit and found.duty_unit.code
    form = ChangedCategoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            actions.change_category(found, **form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("分类已保存。"))
            kwargs = {"tenant": request.tenant.slug}
            return HttpResponseRedirect(reverse("ticket-settings:categories", kwargs=kwargs))
    return pages.respond(request, "tickets/catalog/category.html", {"form": form, "category": found})
