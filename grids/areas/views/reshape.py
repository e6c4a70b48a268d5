"""Settings pages to recut grids: first a preview of what would move, then the change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.access.permissions import Permission
from governance.web import pages
from grids import followers
from grids.areas import reshaping
from grids.areas.forms import GiveForm, GridChoice, SplitForm
from grids.areas.views.areas import above, back, place_of
from grids.models import Area, Level

View = Callable[[HttpRequest, Area], HttpResponse]


def of_grid(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorate a page about recutting a grid; for a retired grid, redirect to its own page with a message."""

    @wraps(view)
    def shown(request: HttpRequest, code: str) -> HttpResponse:
        grid = place_of(code, Level.GRID)
        if grid.valid_to is not None:
            messages.error(request, _("网格已停用"))
            return back(request, grid)
        return view(request, grid)

    return pages.desk_with(Permission.SETTINGS_EDIT)(shown)


def _said(moved: list[tuple[str, int]]) -> str:
    """The numbers of moved objects as a sentence."""
    parts = [_("%(label)s %(n)d 件") % {"label": label, "n": count} for label, count in moved if count]
    return (
        _("随之移动：%(parts)s。") % {"parts": _("、").join(parts)} if parts else _("没有在办事项需要移动。")
    )


@of_grid
def merge(request: HttpRequest, grid: Area) -> HttpResponse:
    """Choose the other grid, show what would move, and merge."""
    chosen = request.POST or ({"into": request.GET["into"]} if request.GET.get("into") else None)
    form = GridChoice(chosen, grid=grid)
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and into is not None:
        with pages.catching(form):
            moved = reshaping.merge_grids(grid, into, by=request.actor, at=timezone.now())
            given = {"grid": grid.name, "into": into.name}
            return back(request, into, _("%(grid)s已并入%(into)s。") % given + _said(moved))
    plan = reshaping.plan_merge(grid, timezone.now()) if into is not None and not form.errors else None
    context = {"area": grid, "above": above(grid), "form": form, "into": into, "plan": plan}
    return pages.respond(request, "grids/areas/merge.html", context)


@of_grid
def split(request: HttpRequest, grid: Area) -> HttpResponse:
    """Make a new grid of some buildings."""
    people = [
        (post.pk, f"{post.member.name} · {post.get_role_display()}")
        for post in reshaping.posts_of(grid, timezone.now())
    ]
    buildings, loose = _buildings(grid)
    form = SplitForm(request.POST or None, buildings=buildings, people=people)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "code", "buildings", "rest")}
        with pages.catching(form):
            made, moved = reshaping.split_grid(
                grid, **given, people=form.people, by=request.actor, at=timezone.now()
            )
            said = _("已拆出%(name)s（%(code)s）。") % {"name": made.name, "code": made.code}
            return back(request, made, said + _said(moved))
    return _page(request, grid, form, loose, _("拆分网格"), _("拆分"))


@of_grid
def give(request: HttpRequest, grid: Area) -> HttpResponse:
    """Move some buildings to another grid."""
    buildings, loose = _buildings(grid)
    form = GiveForm(request.POST or None, grid=grid, buildings=buildings)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with pages.catching(form):
            moved = reshaping.move_buildings(
                grid, given["into"], buildings=given["buildings"], by=request.actor, at=timezone.now()
            )
            said = _("楼栋已划入%(into)s。") % {"into": given["into"].name}
            return back(request, given["into"], said + _said(moved))
    return _page(request, grid, form, loose, _("调整楼栋"), _("划出"))


def _page(
    request: HttpRequest, grid: Area, form: Any, loose: list[str], title: str, button: str
) -> HttpResponse:
    context = {
        "area": grid,
        "above": above(grid),
        "form": form,
        "loose": loose,
        "title": title,
        "button": button,
    }
    return pages.respond(request, "grids/areas/reshape.html", context)


def _buildings(grid: Area) -> tuple[list[tuple[str, str]], list[str]]:
    """The buildings as choices, labelled with their open work; and the open work of the grid outside any
    building."""
    rows = list(
        Area.objects.filter(parent=grid, valid_to=None).order_by("code").values_list("code", "name", "path")
    )
    work = followers.open_at([grid.path, *(path for _code, _name, path in rows)])

    def open_in(path: str) -> list[str]:
        return [f"{label} {found[path]}" for label, found in work if found[path]]

    return [(code, " · ".join([name, *open_in(path)])) for code, name, path in rows], open_in(grid.path)
