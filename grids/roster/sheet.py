"""The duty roster as an Excel sheet."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.sheets.columns import Column, instant, local, moment, yes_or_no
from governance.sheets.registry import Cells, Present, Sheet, add, held
from grids.models import DutyShift
from grids.roster import actions, queries
from grids.units import cells as unit_cells
from grids.units.queries import unit_of


def _member_of(username: str) -> Member:
    found = Member.objects.filter(user__username=username, active=True).first()
    if found is None:
        raise Invalid(_("没有登录名为 %(login)s 的人员") % {"login": username[:40]})
    return found


def _present(*, by: Actor, at: datetime, lock: bool) -> list[Present]:
    rows = queries.shifts_of(by, at).select_related("unit", "member__user")
    if not by.grants_with(Permission.PEOPLE_EDIT):
        rows = rows.filter(unit_id__in=sorted(by.unit_ids_with(Permission.ROSTER_EDIT)))
    return [Present(row, _cells(row)) for row in held(rows, lock)]


def _cells(row: DutyShift) -> dict[str, str]:
    return {
        "unit": row.unit.code,
        "username": row.member.user.username,
        "name": row.member.name,
        "starts": local(row.starts_at),
        "ends": local(row.ends_at),
        "active": "yes",
    }


def _add(cells: Cells, *, by: Actor, at: datetime) -> DutyShift:
    return actions.plan_shift(
        unit_of(cells["unit"]),
        _member_of(cells["username"]),
        starts_at=instant(cells["starts"]),
        ends_at=instant(cells["ends"]),
        by=by,
        at=at,
    )


def _change(row: DutyShift, cells: Cells, *, changed: set[str], by: Actor, at: datetime) -> None:
    unit, member, starts_at = row.unit, row.member, row.starts_at
    actions.drop_shift(row, by=by, at=at)
    if cells["active"] == "yes":
        span = {"starts_at": starts_at, "ends_at": instant(cells["ends"])}
        actions.plan_shift(unit, member, **span, by=by, at=at)


def _gone(cells: Cells, at: datetime) -> bool:
    return cells["active"] == "no" or instant(cells["ends"]) <= at


COLUMNS = (
    unit_cells.unit_column(),
    Column(key="username", heading=gettext_lazy("登录名"), required=True, example="li.na"),
    Column(key="name", heading=gettext_lazy("姓名"), note=True),
    Column(
        key="starts",
        heading=gettext_lazy("开始"),
        hint=gettext_lazy("例如 2026-01-31 18:00"),
        example="2026-01-31 18:00",
        required=True,
        clean=moment,
    ),
    Column(
        key="ends",
        heading=gettext_lazy("结束"),
        hint=gettext_lazy("例如 2026-02-01 08:30；已结束的班次不导入"),
        example="2026-02-01 08:30",
        required=True,
        clean=moment,
    ),
    Column(
        key="active",
        heading=gettext_lazy("状态"),
        hint=gettext_lazy("填“取消”即取消该班次"),
        choices=yes_or_no(gettext_lazy("有效"), gettext_lazy("取消")),
        keeps=True,
        default="yes",
    ),
)

add(
    Sheet(
        slug="roster",
        label=gettext_lazy("值班表"),
        page="roster:page",
        anyone_with=(Permission.ROSTER_EDIT, Permission.PEOPLE_EDIT),
        identity=("unit", "username", "starts"),
        named=("unit", "username", "starts"),
        present=_present,
        add=_add,
        change=_change,
        gone=_gone,
        columns=COLUMNS,
        template="governance/sheets/desk.html",
    )
)
