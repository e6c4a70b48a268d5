"""Import people as an office lists them, with their posts."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from governance.access.permissions import ROLE_NAMES, Role
from governance.errors import DomainError, Invalid
from governance.sheets.tables import Fault, Report, Row, require_columns
from governance.tenancy.dry_run import kept_unless
from grids.models import Area, Unit
from grids.people import records

USERNAME, NAME, PHONE = (
    ("登录名", "username"),
    ("姓名", "name"),
    ("手机", "phone", "手机号", "手机号码", "联系电话"),
)
UNIT, ROLE, AREAS = ("单位", "unit", "所在单位"), ("角色", "role", "岗位"), ("辖区", "areas")
#: The accepted headings of each field, the first one for people.
WANTED = (USERNAME, NAME, PHONE, UNIT, ROLE, AREAS)
_ROLES = {**{role.value: role for role in Role}, **{str(name): role for role, name in ROLE_NAMES.items()}}


def import_people(rows: list[Row], *, since: date, dry_run: bool = False) -> Report:
    """Import members with their posts: log-in name, name, phone, unit code or name, role, codes of covered
    areas.

    One row per post; the same row again changes nothing. Passwords are set by invitation, never by a sheet.
    """
    require_columns(rows, USERNAME, NAME, UNIT, ROLE)
    report = Report()
    with kept_unless(dry_run):
        for row in rows:
            try:
                with transaction.atomic():
                    verdict = _person(row, since)
            except DomainError as error:
                report.faults.append(Fault(row.line, str(error), row.cells))
                continue
            setattr(report, verdict, getattr(report, verdict) + 1)
    return report


def _person(row: Row, since: date) -> str:
    username, name = row.get(*USERNAME), row.get(*NAME)
    if not username or not name:
        raise Invalid(_("登录名和姓名必填"))
    role = _role(row.get(*ROLE))
    unit = _unit(row.get(*UNIT))
    areas = [_place(code) for code in row.get(*AREAS).replace("、", ",").replace(",", ",").split(",") if code]
    member = records.add_member(username=username, name=name, phone=row.get(*PHONE))
    before = member.posts.filter(unit=unit, role=role, valid_to=None).exists()
    records.appoint(member, unit, role, since=since, areas=areas)
    return "unchanged" if before else "created"


def _role(text: str) -> Role:
    if text not in _ROLES:
        raise Invalid(_("不认识的角色“%(role)s”") % {"role": text})
    return _ROLES[text]


def _unit(text: str) -> Unit:
    found = list(Unit.objects.filter(code=text)[:1]) or list(Unit.objects.filter(name=text)[:2])
    if len(found) != 1:
        reason = _("没有单位“%(unit)s”") if not found else _("有多个单位叫“%(unit)s”，请填代码")
        raise Invalid(reason % {"unit": text})
    return found[0]


def _place(code: str) -> Area:
    area = Area.objects.filter(code=code.strip()).first()
    if area is None:
        raise Invalid(_("没有代码为 %(code)s 的区域") % {"code": code.strip()})
    return area
