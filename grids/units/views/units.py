"""Settings pages of the units that can hold work."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.district import packs
from governance.errors import Conflict, Invalid, Missing
from governance.text.telephones import PhoneField
from governance.web import edit_conflicts, pages
from grids import choices, tree
from grids.models import Area, Post, Unit, UnitKind
from grids.units import actions, initials

PAGE = 50
SAID = ("name", "area_id", "parent_id", *actions.REACHED)


class UnitForm(forms.Form):
    """The data of a unit."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    area = forms.ChoiceField(label=gettext_lazy("所辖区域"))
    parent = forms.ModelChoiceField(
        label=gettext_lazy("上级单位"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("无"),
        help_text=gettext_lazy("科室归部门、网格队伍归社区；上级单位的负责人看得到下属单位的工单"),
    )
    phone = PhoneField(
        label=gettext_lazy("电话"), required=False, help_text=gettext_lazy("座机写区号，如 0543-3201234")
    )
    address = forms.CharField(label=gettext_lazy("地址"), required=False, max_length=100)
    opening = forms.CharField(
        label=gettext_lazy("对外时间"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("如：周一至周五 8:30-17:30。居民在“我的社区”看得到居委会、街道、网格队伍的"),
    )

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {place.code: place.name for place in choices.places()}
        if unit is not None:  # its present area stays a choice, even if it is a grid or retired
            offered.setdefault(unit.area.code, unit.area.name)
        self.fields["area"].choices = [("", _("请选择")), *offered.items()]
        self.fields["parent"].queryset = Unit.objects.filter(active=True).exclude(pk=unit and unit.pk)

    def clean_area(self) -> Area:
        return Area.objects.get(code=self.cleaned_data["area"])


class NewUnitForm(UnitForm):
    """The data of a new unit."""

    field_order = ["kind", "code", "name", "area", "parent", *actions.REACHED]

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[("", gettext_lazy("请选择")), *UnitKind.choices]
    )
    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=40,
        validators=[RegexValidator(r"^[0-9A-Za-z_-]+$", gettext_lazy("代码只能用字母、数字、横线和下划线"))],
        help_text=gettext_lazy("本区县内不重复，确定后不能修改；有统一社会信用代码的可用它"),
    )


@pages.desk_with(Permission.SETTINGS_EDIT)
def units(request: HttpRequest) -> HttpResponse:
    """The units, filtered by kind, name, code or pinyin initials; a POST adds one."""
    form = NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            made = actions.add_unit(**form.cleaned_data, by=request.actor, at=timezone.now())
            return _back(request, made, _("已添加%(name)s。") % {"name": made.name})
    q, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    retired = request.GET.get("retired") == "1"
    context = {
        "form": form,
        "page": Paginator(_units(q, kind, retired), PAGE).get_page(request.GET.get("page")),
        "q": q,
        "kind": kind,
        "kinds": UnitKind.choices,
        "retired": retired,
        "offer": packs.offer("bureaus"),
    }
    return pages.respond(request, "grids/units/units.html", context)


def _units(q: str, kind: str, retired: bool) -> QuerySet[Unit]:
    found = Unit.objects.filter(active=not retired).select_related("area", "parent")
    if kind in UnitKind.values:
        found = found.filter(kind=kind)
    if q:
        named = [one.code for one in initials.find(q)["units"]]
        found = found.filter(Q(name__contains=q) | Q(code__startswith=q) | Q(code__in=named))
    held = Post.objects.filter(tree.on_duty(tree.local_day(timezone.now())), unit=OuterRef("pk")).order_by()
    people = Subquery(held.values("unit").annotate(n=Count("pk")).values("n"))
    return found.annotate(people=Coalesce(people, 0)).order_by("kind", "code")


@pages.desk_with(Permission.SETTINGS_EDIT)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit; a POST changes its data."""
    found = _unit(code)
    initial = {"area": found.area.code, "parent": found.parent and found.parent.code}
    initial |= {name: getattr(found, name) for name in ("name", *actions.REACHED)}
    form = UnitForm(request.POST or None, unit=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        with pages.catching(form):
            edit_conflicts.refuse_stale(request.POST.get("seen", ""), edit_conflicts.fingerprint(found, SAID))
            actions.change_unit(found, **form.cleaned_data, by=request.actor, at=timezone.now())
            return _back(request, found, _("已保存。"))
    today = tree.local_day(timezone.now())
    posts = found.posts.filter(tree.lasting(today), member__active=True).select_related("member")
    context = {
        "unit": found,
        "today": today,
        "staffed": found.posts.filter(tree.on_duty(today)).exists(),
        "form": form,
        "seen": edit_conflicts.fingerprint(found, SAID),
        "posts": posts.order_by("role", "id")[:PAGE],
        "parts": found.parts.filter(active=True).order_by("code"),
        "left": actions.left_with(found, timezone.now()) if found.active else [],
    }
    return pages.respond(request, "grids/units/unit.html", context)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a unit or restore it; `active` says which."""
    found, at = _unit(code), timezone.now()
    try:
        if request.POST.get("active") == "1":
            actions.restore_unit(found, by=request.actor, at=at)
            return _back(request, found, _("%(name)s已恢复。") % {"name": found.name})
        actions.retire_unit(found, by=request.actor, at=at)
    except (Conflict, Invalid) as error:
        messages.error(request, str(error))
        return _back(request, found)
    return _back(request, found, _("%(name)s已停用。") % {"name": found.name})


def _unit(code: str) -> Unit:
    found = Unit.objects.select_related("area", "parent").filter(code=code).first()
    if found is None:
        raise Missing(_("该单位不存在"))
    return found


def _back(request: HttpRequest, found: Unit, said: str = "") -> HttpResponse:
    if said:
        messages.success(request, said)
    kwargs = {"tenant": request.tenant.slug, "code": found.code}
    return HttpResponseRedirect(reverse("areas:unit", kwargs=kwargs))
