"""Settings pages of the territory: the tree, and each area with its data and the areas below it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.errors import Conflict, Invalid, Missing
from governance.web import edit_conflicts, pages
from grids import tree
from grids.areas import actions
from grids.areas.forms import AreaForm, JointForm, NewAreaForm, levels_below
from grids.models import Area, GridCommunity, Level, Unit
from grids.units import initials

PAGE = 100
MAX_SEARCH_HITS = 50


@pages.desk_with(Permission.SETTINGS_EDIT)
def areas(request: HttpRequest) -> HttpResponse:
    """The district and its streets; `?q=` finds any area by name, code or pinyin initials."""
    q = request.GET.get("q", "").strip()[:60]
    if q:
        return pages.respond(request, "grids/areas/found.html", {"q": q, "found": _found(q)})
    root = tree.district()
    if root is None:
        return pages.respond(request, "grids/areas/found.html", {"q": "", "found": None})
    return _shown(request, root)


def _found(q: str) -> list[dict[str, Any]]:
    named = [place.code for place in initials.find(q)["areas"]]
    rows = Area.objects.filter(Q(name__contains=q) | Q(code__startswith=q) | Q(code__in=named))
    rows = list(rows.order_by("path")[:MAX_SEARCH_HITS])
    wanted = {code for row in rows for code in row.codes}
    names = dict(Area.objects.filter(code__in=wanted).values_list("code", "name"))
    return [{"area": row, "in": [names[code] for code in row.codes[:-1] if code in names]} for row in rows]


@pages.desk_with(Permission.SETTINGS_EDIT)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area; a POST changes its data."""
    place = place_of(code)
    if request.method != "POST":
        return _shown(request, place)
    form = AreaForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            edit_conflicts.refuse_stale(
                request.POST.get("seen", ""), edit_conflicts.fingerprint(place, actions.AREA_FIELDS)
            )
            actions.change_area(place, **form.cleaned_data, by=request.actor, at=timezone.now())
            return back(request, place, _("已保存。"))
    return _shown(request, place, form=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add an area below this one."""
    parent = place_of(code)
    form = NewAreaForm(request.POST, parent=parent, auto_id="new_%s")
    if form.is_valid():
        with pages.catching(form):
            made = actions.add_area(parent=parent, **form.cleaned_data, by=request.actor, at=timezone.now())
            return back(
                request, parent, _("已添加%(name)s（%(code)s）。") % {"name": made.name, "code": made.code}
            )
    return _shown(request, parent, new=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Retire an area or restore it; `active` says which."""
    place, at = place_of(code), timezone.now()
    try:
        if request.POST.get("active") == "1":
            actions.restore_area(place, by=request.actor, at=at)
            return back(request, place, _("%(name)s已恢复。") % {"name": place.name})
        actions.retire_area(place, by=request.actor, at=at)
    except (Conflict, Invalid) as error:
        messages.error(request, str(error))
        return back(request, place)
    return back(request, place, _("%(name)s已停用，代码不再使用。") % {"name": place.name})


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def serve(request: HttpRequest, code: str) -> HttpResponse:
    """Set the further communities that a joint grid serves."""
    grid = place_of(code, Level.GRID)
    form = JointForm(request.POST, grid=grid, auto_id="joint_%s")
    if form.is_valid():
        with pages.catching(form):
            given = list(form.cleaned_data["communities"])
            actions.serve_communities(grid, given, by=request.actor, at=timezone.now())
            return back(request, grid, _("联建社区已保存。"))
    return _shown(request, grid, joint=form)


def place_of(code: str, *levels: Level) -> Area:
    """The area with this code, of one of the levels if any are given; raises Missing."""
    found = Area.objects.select_related("parent", "merged_into").filter(code=code).first()
    if found is None or (levels and found.level not in levels):
        raise Missing(_("该区域不存在"))
    return found


def back(request: HttpRequest, place: Area, said: str = "") -> HttpResponse:
    """Redirect to the page of an area, with a message if one is given."""
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(
        reverse("areas:area", kwargs={"tenant": request.tenant.slug, "code": place.code})
    )


def _shown(request: HttpRequest, place: Area, **forms: Any) -> HttpResponse:
    """The page of an area; `forms` are submitted forms with errors, shown instead of the empty ones."""
    retired = request.GET.get("retired") == "1"
    offered = levels_below(place.level) if place.valid_to is None else []
    context = {
        "area": place,
        "above": above(place),
        "page": Paginator(_below(place, retired), PAGE).get_page(request.GET.get("page")),
        "retired": retired,
        "units": Unit.objects.filter(area=place, active=True).order_by("kind", "code")[:PAGE],
        "seen": edit_conflicts.fingerprint(place, actions.AREA_FIELDS),
        "edit": forms.get("form")
        or AreaForm(initial={name: getattr(place, name) for name in actions.AREA_FIELDS}),
        "new": forms.get("new") or (NewAreaForm(parent=place, auto_id="new_%s") if offered else None),
        "left": actions.left_in(place, timezone.now()) if place.parent_id and place.valid_to is None else [],
        "joint": forms.get("joint") or _joint(place),
    }
    status = max((getattr(form, "status", 400) for form in forms.values()), default=200)
    return pages.respond(request, "grids/areas/area.html", context, status=status)


def above(place: Area) -> list[Area]:
    """The areas above one, the district first; one statement."""
    found = {row.code: row for row in Area.objects.filter(code__in=place.codes[:-1])}
    return [found[code] for code in place.codes[:-1] if code in found]


def _below(place: Area, retired: bool) -> QuerySet[Area]:
    rows = Area.objects.filter(parent=place).select_related("merged_into").order_by("level", "code")
    return rows if retired else rows.filter(valid_to=None)


def _joint(place: Area) -> JointForm | None:
    if place.level != Level.GRID or place.valid_to is not None or place.parent is None:
        return None
    served = GridCommunity.objects.filter(grid=place, valid_to=None)
    initial = {"communities": list(served.values_list("community__code", flat=True))}
    form = JointForm(grid=place, initial=initial, auto_id="joint_%s")
    return form if form.fields["communities"].queryset.exists() else None
