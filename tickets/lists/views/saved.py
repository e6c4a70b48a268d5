"""Saved views of the list, and its columns."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.web import pages
from tickets.lists import columns, queries
from tickets.lists.actions import saved
from tickets.lists.filters import address_of
from tickets.lists.views import ticket_list


class ViewForm(forms.Form):
    """A name for the open filters."""

    name = forms.CharField(label=gettext_lazy("视图名称"), max_length=40)
    shared = forms.BooleanField(label=gettext_lazy("本单位共享"), required=False)


class NameForm(forms.Form):
    """A new name for a view."""

    name = forms.CharField(label=gettext_lazy("视图名称"), max_length=40)


@require_POST
@pages.desk
def keep(request: HttpRequest) -> HttpResponse:
    """Save the open filters as a view; errors are shown on the list itself."""
    given, form = QueryDict(request.POST.get("query", "")[:2000]), ViewForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            views = queries.views_seen_by(request.actor)
            shown = queries.open_view(views, given.get("view", ""), request.actor)
            view = saved.keep(
                name=form.cleaned_data["name"],
                query=given.dict(),
                shown=shown.columns if shown else "",
                shared=form.cleaned_data["shared"],
                by=request.actor,
            )
            messages.success(request, _("已存为常用视图“%(name)s”。") % {"name": view.name})
            return HttpResponseRedirect(_address(request, view.query, view.pk))
    return _again(request, given, form, keep_form=form)


@require_POST
@pages.desk
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of the member's own views."""
    queries.own_view(pk, request.actor)
    given, form = QueryDict(request.POST.get("query", "")[:2000]), NameForm(request.POST)
    if form.is_valid():
        with pages.catching(form):
            view = saved.rename(pk, form.cleaned_data["name"], by=request.actor)
            return HttpResponseRedirect(_address(request, view.query, view.pk))
    return _again(request, given, form, name_form=form)


@require_POST
@pages.desk
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of the member's own views; the filters of the list stay."""
    saved.drop(pk, by=request.actor)
    messages.success(request, _("常用视图已删除。"))
    return HttpResponseRedirect(_address(request, _query(request)))


@require_POST
@pages.desk
def choose(request: HttpRequest) -> HttpResponse:
    """Store the columns to show from now on."""
    view = request.POST.get("view", "")
    pk = int(view) if view.isdecimal() and len(view) < 19 else None
    codes = columns.USUAL if request.POST.get("usual") else request.POST.getlist("column")
    in_view = saved.choose_columns(codes, by=request.actor, pk=pk)
    return HttpResponseRedirect(_address(request, _query(request), pk if in_view else None))


def _query(request: HttpRequest) -> str:
    return address_of(QueryDict(request.POST.get("query", "")[:2000]).dict())


def _address(request: HttpRequest, query: str, view: int | None = None) -> str:
    parts = [query, f"view={view}" if view else ""]
    here = reverse("desk:tickets", kwargs={"tenant": request.tenant.slug})
    return f"{here}?{'&'.join(part for part in parts if part)}".rstrip("?")


def _again(request: HttpRequest, given: QueryDict, form: forms.Form, **more: Any) -> HttpResponse:
    """The list with its filters, the form as typed, and its errors."""
    request.GET = given
    return ticket_list.render_list(request, status=getattr(form, "status", 400), **more)
