"""Page of the duty roster and leave (值班与请假): shifts, absences, and forms for both."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Forbidden, Missing
from governance.web import pages
from governance.web.fields import OneOf, PersonChoice
from grids.models import DutyShift, Unit
from grids.roster import actions, queries

SHOWN = 200


def moment(label: Any) -> forms.DateTimeField:
    """A form field for an instant, in the district's own time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M"])


class ShiftForm(forms.Form):
    """One shift."""

    unit = OneOf(label=gettext_lazy("单位"), queryset=None, to_field_name="code")
    member = PersonChoice(label=gettext_lazy("值班人员"), queryset=None)
    starts_at = moment(gettext_lazy("开始"))
    ends_at = moment(gettext_lazy("结束"))

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(by)
        self.fields["member"].queryset = people_of(by)


class LeaveForm(forms.Form):
    """One leave."""

    member = PersonChoice(label=gettext_lazy("请假人"), queryset=None)
    starts_at = moment(gettext_lazy("开始"))
    ends_at = moment(gettext_lazy("结束"))
    deputy = PersonChoice(
        label=gettext_lazy("代理人"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("不填则发给本单位当班的人"),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people_of(by) | Member.objects.filter(pk=by.member_id).distinct()
        self.fields["deputy"].queryset = colleagues_of(by)


def units_of(by: Actor) -> Any:
    """The units whose roster the actor edits."""
    found = Unit.objects.filter(active=True)
    if not by.grants_with(Permission.PEOPLE_EDIT):
        found = found.filter(pk__in=sorted(by.unit_ids_with(Permission.ROSTER_EDIT)))
    return found.order_by("kind", "code")


def people_of(by: Actor) -> Any:
    """The active members in those units."""
    inside = units_of(by).order_by().values("pk")
    return Member.objects.filter(active=True, posts__unit_id__in=inside, posts__valid_to=None).distinct()


def colleagues_of(by: Actor) -> Any:
    """The possible deputies: the people of the actor's own units and of those whose roster they edit."""
    inside = sorted(by.unit_ids)
    own = Member.objects.filter(active=True, posts__unit_id__in=inside, posts__valid_to=None).distinct()
    return people_of(by) | own


@pages.desk
def page(request: HttpRequest) -> HttpResponse:
    """The roster from today on, with a form for shifts and one for leave."""
    return _page(request, timezone.now())


def _page(request: HttpRequest, at: datetime, **forms_: Any) -> HttpResponse:
    by = request.actor
    keeps = bool(by.grants_with(Permission.ROSTER_EDIT) or by.grants_with(Permission.PEOPLE_EDIT))
    context = {
        "shifts": queries.shifts_of(by, at)[:SHOWN],
        "leaves": queries.leaves_of(by, at)[:SHOWN],
        "keeps": keeps,
        "now": at,
        "shift_form": forms_.get("shift") or ShiftForm(by=by, prefix="shift"),
        "leave_form": forms_.get("leave")
        or LeaveForm(by=by, prefix="leave", initial={"member": by.member_id}),
        "form": next(iter(forms_.values()), None),
    }
    return pages.respond(request, "grids/roster/page.html", context)


@require_POST
@pages.desk
def plan(request: HttpRequest) -> HttpResponse:
    """Put a member on duty."""
    at, form = timezone.now(), ShiftForm(request.POST, by=request.actor, prefix="shift")
    if form.is_valid():
        with pages.catching(form, Forbidden):
            actions.plan_shift(by=request.actor, at=at, **form.cleaned_data)
            messages.success(request, _("已安排值班。"))
            return _back(request)
    return _page(request, at, shift=form)


@require_POST
@pages.desk
def away(request: HttpRequest) -> HttpResponse:
    """Record a leave."""
    at, form = timezone.now(), LeaveForm(request.POST, by=request.actor, prefix="leave")
    if form.is_valid():
        with pages.catching(form, Forbidden):
            actions.take_leave(by=request.actor, at=at, **form.cleaned_data)
            messages.success(request, _("已登记请假。"))
            return _back(request)
    return _page(request, at, leave=form)


@require_POST
@pages.desk
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a shift from the roster."""
    shift = queries.shifts_of(request.actor, timezone.now()).filter(pk=pk).first()
    if shift is None:
        raise Missing(_("该值班安排不存在"))
    actions.drop_shift(
        DutyShift.objects.select_related("unit").get(pk=pk), by=request.actor, at=timezone.now()
    )
    messages.success(request, _("已取消值班。"))
    return _back(request)


@require_POST
@pages.desk
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """End a leave."""
    if not queries.leaves_of(request.actor, timezone.now()).filter(pk=pk).exists():
        raise Missing(_("没有进行中的请假"))
    actions.end_leave(pk, by=request.actor, at=timezone.now())
    messages.success(request, _("已销假。"))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("roster:page", kwargs={"tenant": request.tenant.slug}))
