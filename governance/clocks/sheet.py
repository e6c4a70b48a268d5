"""Sheet of the dates that differ from the week."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import calendar_rows
from governance.clocks.actions import calendars
from governance.clocks.hours import CalendarError, spans
from governance.clocks.models import CalendarDay
from governance.errors import Invalid
from governance.sheets.columns import Column, day
from governance.sheets.registry import Cells, Present, Sheet, add, held

BY_WEEK = "week"  # removes the exception: the date follows the week again
KINDS = {**dict(CalendarDay.Kind.choices), BY_WEEK: gettext_lazy("按每周作息")}


def _slots(text: str) -> str:
    try:
        return _joined(spans(text))
    except CalendarError:
        raise Invalid(_("时段应写成 08:30-12:00 14:00-17:30")) from None


def _joined(pairs: Sequence[Sequence[str]]) -> str:
    return " ".join("-".join(one.strip().rjust(5, "0") for one in pair) for pair in pairs)


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = CalendarDay.objects.filter(calendar=calendar_rows.default_calendar()).order_by("date")
    return [Present(row, _cells(row)) for row in held(rows, lock)]


def _cells(row: CalendarDay) -> dict[str, str]:
    slots = _joined(row.slots or ())
    return {"date": row.date.isoformat(), "kind": row.kind, "slots": slots, "name": row.name}


def _add(cells: Cells, *, by: Actor, at: datetime) -> None:
    calendars.set_day(
        date.fromisoformat(cells["date"]),
        kind=cells["kind"],
        slots=[pair.split("-") for pair in cells["slots"].split()] or None,
        name=cells["name"],
        by=by,
        at=at,
    )


def _change(row: CalendarDay, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    if cells["kind"] == BY_WEEK:
        calendars.clear_day(row.date, by=by, at=at)
    else:
        _add(cells, by=by, at=at)


def _gone(cells: Cells, at: datetime) -> bool:
    return cells["kind"] == BY_WEEK


add(
    Sheet(
        slug="days",
        label=gettext_lazy("工作日历"),
        page="settings:calendar",
        anyone_with=(Permission.SETTINGS_EDIT,),
        identity=("date",),
        named=("date", "name"),
        present=_present,
        add=_add,
        change=_change,
        gone=_gone,
        columns=(
            Column(key="date", heading=gettext_lazy("日期"), required=True, clean=day),
            Column(
                key="kind",
                heading=gettext_lazy("安排"),
                hint=gettext_lazy("填“按每周作息”恢复为平常日子"),
                required=True,
                choices=KINDS,
            ),
            Column(
                key="slots",
                heading=gettext_lazy("当天时段"),
                hint=gettext_lazy("只在上班半天或时间不同时填写，例如 08:30-12:00"),
                clean=_slots,
            ),
            Column(key="name", heading=gettext_lazy("名称"), most=60),
        ),
        note=gettext_lazy("只列与每周作息不同的日子；已开始的计时不受影响。"),
    )
)
