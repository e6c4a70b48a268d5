"""Settings pages for units whose working hours differ from the district's."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.clocks.actions import calendars
from governance.clocks.models import WorkCalendar
from governance.clocks.views import DayForm, WeekForm
from governance.errors import Missing
from governance.web import pages
from grids.models import Unit

DAYS = 100


class UnitForm(forms.Form):
    """The unit whose hours are shown."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="code", empty_label=gettext_lazy("请选择")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True)


@pages.desk_with(Permission.SETTINGS_EDIT)
def hours(request: HttpRequest) -> HttpResponse:
    """The units with hours of their own; `?unit=` opens one unit, even if it has none yet."""
    return _shown(request, _unit(request.GET["unit"]) if request.GET.get("unit") else None)


def _unit(code: str) -> Unit:
    found = Unit.objects.filter(code=code, active=True).first()
    if found is None:
        raise Missing(_("该单位不存在"))
    return found


def _shown(request: HttpRequest, unit: Unit | None, **given: forms.Form) -> HttpResponse:
    own = dict(WorkCalendar.objects.filter(active=True, unit_id__isnull=False).values_list("unit_id", "week"))
    calendar = WorkCalendar.objects.filter(active=True, unit_id=unit.pk).first() if unit else None
    context = {
        "units": Unit.objects.filter(pk__in=own).order_by("name"),
        "unit": unit,
        "calendar": calendar,
        "days": calendar.days.order_by("-date")[:DAYS] if calendar else [],
        "unit_form": UnitForm(initial={"unit": unit and unit.code}),
        "week_form": WeekForm(initial=calendar.week if calendar else {}),
        "day_form": DayForm(initial={"day": timezone.localdate()}),
        **given,
    }
    status = next((getattr(form, "status", 400) for form in given.values()), 200)
    return pages.respond(request, "grids/units/hours.html", context, status=status)


def _back(request: HttpRequest, unit: Unit, message: str) -> HttpResponse:
    messages.success(request, message)
    address = reverse("unit-hours:page", kwargs={"tenant": request.tenant.slug})
    return HttpResponseRedirect(f"{address}?{urlencode({'unit': unit.code})}")


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def set_week(request: HttpRequest, code: str) -> HttpResponse:
    """Set the hours of a unit's week; without any it follows the district's week, and only its own days
    differ."""
    unit, form = _unit(code), WeekForm(request.POST)
    if form.is_valid():
        week = {number: slots for number, slots in form.cleaned_data.items() if slots}
        with pages.catching(form):
            calendars.set_hours(week, unit_id=unit.pk, by=request.actor, at=timezone.now())
            return _back(
                request, unit, _("%(unit)s的作息已保存。已开始的计时不受影响。") % {"unit": unit.name}
            )
    return _shown(request, unit, week_form=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def set_day(request: HttpRequest, code: str) -> HttpResponse:
    """Set one date of a unit."""
    unit, form = _unit(code), DayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        facts = {"kind": given["kind"], "slots": given["slots"] or None, "name": given["name"]}
        with pages.catching(form):
            calendars.set_day(given["day"], **facts, unit_id=unit.pk, by=request.actor, at=timezone.now())
            return _back(request, unit, _("%(day)s 已设置。") % {"day": given["day"]})
    return _shown(request, unit, day_form=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def clear(request: HttpRequest, code: str) -> HttpResponse:
    """Make one date follow the district again, or the whole unit if no date is given."""
    unit, text = _unit(code), request.POST.get("day", "")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise Missing(_("该日期不存在")) from None
    if day is None:
        calendars.drop_unit(unit.pk, by=request.actor, at=timezone.now())
        return _back(request, unit, _("%(unit)s恢复按区县作息。") % {"unit": unit.name})
    calendars.clear_day(day, unit_id=unit.pk, by=request.actor, at=timezone.now())
    return _back(request, unit, _("%(day)s 已恢复按每周作息。") % {"day": day})
