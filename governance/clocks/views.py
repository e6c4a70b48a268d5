"""Settings pages of the work calendar."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.access.permissions import Permission
from governance.clocks import calendar_rows, holidays
from governance.clocks import year as years
from governance.clocks.actions import calendars
from governance.clocks.hours import CalendarError, spans
from governance.clocks.models import CalendarDay, CalendarYear
from governance.errors import Missing
from governance.web import pages

WEEKDAYS = [
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
]
FIRST_YEAR, LAST_YEAR = 2015, 2099


class SlotsField(forms.CharField):
    """Hours as people write them: "08:30-12:00 14:00-17:30"."""

    def to_python(self, value: Any) -> list[list[str]]:
        try:
            return spans(super().to_python(value))
        except CalendarError:
            raise forms.ValidationError(_("时段应写成 08:30-12:00 14:00-17:30")) from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return " ".join("-".join(pair) for pair in value)
        return value


class WeekForm(forms.Form):
    """The hours of each weekday; an empty day is a day off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, label in enumerate(WEEKDAYS, 1):
            self.fields[str(number)] = SlotsField(label=label, required=False, max_length=120)


class DayForm(forms.Form):
    """One date that differs from its week."""

    day = forms.DateField(
        label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=gettext_lazy("安排"), choices=CalendarDay.Kind.choices)
    slots = SlotsField(
        label=gettext_lazy("当天时段"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("只在上班半天或时间不同时填写，例如 08:30-12:00"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), required=False, max_length=60)


@pages.desk_with(Permission.SETTINGS_EDIT)
def year(request: HttpRequest) -> HttpResponse:
    """Show a year with its holidays and make-up days, and the weekly hours."""
    return _shown(request)


def _shown(request: HttpRequest, **forms_given: forms.Form) -> HttpResponse:
    number = _year_of(request)
    calendar = calendar_rows.default_calendar()
    days = CalendarDay.objects.filter(calendar=calendar, date__year=number).order_by("date")
    context = {
        "year": number,
        "days": days,
        "months": years.months(number, calendar.week, {day.date: day for day in days}),
        "weekdays": WEEKDAYS,
        "published": CalendarYear.objects.filter(year=number, published=True).exists(),
        "carried": number in holidays.covered_years(),
        "week_form": WeekForm(initial=calendar.week),
        "day_form": DayForm(initial={"day": date(number, timezone.localdate().month, 1)}),
        **forms_given,
    }
    status = next((getattr(form, "status", 400) for form in forms_given.values()), 200)
    return pages.respond(request, "governance/settings/calendar.html", context, status=status)


def _year_of(request: HttpRequest) -> int:
    text = request.POST.get("year") or request.GET.get("year", "")
    if not text:
        return timezone.localdate().year
    if not text.isdecimal() or not FIRST_YEAR <= int(text[:6]) <= LAST_YEAR:
        raise Missing(_("未设置该年度日历"))
    return int(text)


def _back(request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(f"/{request.tenant.slug}/desk/settings/calendar/?year={_year_of(request)}")


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def set_week(request: HttpRequest) -> HttpResponse:
    """Set the weekly hours."""
    form = WeekForm(request.POST)
    if form.is_valid():
        week = {number: slots for number, slots in form.cleaned_data.items() if slots}
        with pages.catching(form):
            calendars.set_hours(week, by=request.actor, at=timezone.now())
            return _back(request, _("每周作息已保存。已开始的计时不受影响。"))
    return _shown(request, week_form=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def set_day(request: HttpRequest) -> HttpResponse:
    """Set one date."""
    form = DayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with pages.catching(form):
            calendars.set_day(
                given["day"],
                kind=given["kind"],
                slots=given["slots"] or None,
                name=given["name"],
                by=request.actor,
                at=timezone.now(),
            )
            return _back(request, _("%(day)s 已设置。") % {"day": given["day"]})
    return _shown(request, day_form=form)


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def turn_day(request: HttpRequest) -> HttpResponse:
    """Change a day off into a workday, or the reverse."""
    given, _dot, wanted = request.POST.get("day", "").partition(
        "."
    )  # the date, and the result that the button promised
    to_work = {"work": True, "off": False}.get(wanted)
    day = _day_of(given)
    works = calendars.turn_day(day, to_work=to_work, by=request.actor, at=timezone.now())
    said = _("%(day)s 改为上班。") if works else _("%(day)s 改为休息。")
    return _back(request, said % {"day": day})


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing(_("该日期不存在")) from None


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def clear_day(request: HttpRequest) -> HttpResponse:
    """Remove the exception of a date, so that it follows its week again."""
    day = _day_of(request.POST.get("day", ""))
    calendars.clear_day(day, by=request.actor, at=timezone.now())
    return _back(request, _("%(day)s 已恢复按每周作息。") % {"day": day})


@require_POST
@pages.desk_with(Permission.SETTINGS_EDIT)
def load_year(request: HttpRequest) -> HttpResponse:
    """Load the published holidays of the shown year."""
    found = calendars.load_year(_year_of(request), by=request.actor, at=timezone.now())
    changed = len(found.added) + len(found.changed) + len(found.removed)
    return _back(request, _("已载入公布的放假安排，变动 %(n)d 天。") % {"n": changed})
