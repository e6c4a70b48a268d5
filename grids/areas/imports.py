"""Import areas as the statistical bureau publishes them, and people as an office lists them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from governance.access.permissions import ROLE_NAMES, Role
from governance.errors import DomainError, Invalid
from governance.sheets.tables import Fault, Report, Row, require_columns
from governance.tenancy.dry_run import trial
from governance.tenancy.scope import current
from grids.models import CODE_LENGTH, Area, Level, Unit, UnitKind
from grids.people import records

CODE = ("code", "代码", "区划代码", "统计用区划代码", "编码")
NAME = ("name", "名称", "区划名称")
LEVEL = ("level", "层级", "级别")
PARENT = ("parent_code", "parent", "上级代码", "父级代码")
MOST_NAME = 100
MOST_PEOPLE = 100_000_000  # households or inhabitants of one area
LEVELS = {
    "3": Level.DISTRICT,
    "4": Level.STREET,
    "5": Level.COMMUNITY,
    "6": Level.GRID,
    "7": Level.BUILDING,
    **{value: Level(value) for value in Level.values},
    "区县": Level.DISTRICT,
    "街道": Level.STREET,
    "乡镇": Level.STREET,
    "管区": Level.SECTION,
    "社区": Level.COMMUNITY,
    "村": Level.COMMUNITY,
    "网格": Level.GRID,
    "楼栋": Level.BUILDING,
}


def import_areas(rows: list[Row], *, dry_run: bool = False) -> Report:
    """Bring the tree in line with a list, parents before children; idempotent, a faulty row changes nothing.

    New areas get their units: see `make_units`. Raises Invalid if a column is missing.
    """
    require_columns(rows, CODE, NAME)
    report = Report()
    with trial(dry_run):
        known = {area.code: area for area in Area.objects.all()}
        fresh: list[Area] = []
        for row in sorted(rows, key=lambda r: (_rank(r), r.get(*CODE))):
            try:
                area, verdict = _area(row, known)
            except DomainError as error:
                report.faults.append(Fault(row.line, str(error), row.cells))
                continue
            known[area.code] = area
            setattr(report, verdict, getattr(report, verdict) + 1)
            if verdict == "created":
                fresh.append(area)
        _store(fresh)
        make_units()
        records.settings_changed()
    report.faults.sort(key=lambda fault: fault.line)
    return report


def _rank(row: Row) -> int:
    try:
        return records.ORDER.index(_level(row))
    except Invalid:
        return len(records.ORDER)


def _level(row: Row) -> Level:
    given, code = row.get(*LEVEL), row.get(*CODE)
    if given in LEVELS:
        return LEVELS[given]
    if given:
        raise Invalid(_("不认识的层级“%(level)s”") % {"level": given})
    if len(code) == 12 and code.isascii() and code.isdigit():  # domain.md B1: padded with zeros
        if code.endswith("000000"):
            return Level.DISTRICT
        return Level.STREET if code.endswith("000") else Level.COMMUNITY
    return {15: Level.GRID, 17: Level.BUILDING}.get(len(code)) or _no_level(code)


def _no_level(code: str) -> Level:
    raise Invalid(_("代码“%(code)s”看不出层级") % {"code": code})


def _area(row: Row, known: dict[str, Area]) -> tuple[Area, str]:
    code, name, level = row.get(*CODE), row.get(*NAME), _level(row)
    if not name:
        raise Invalid(_("没有名称"))
    if len(name) > MOST_NAME:
        raise Invalid(_("名称最多 %(n)d 字，现有 %(have)d 字") % {"n": MOST_NAME, "have": len(name)})
    parent = _parent(row, level, code, known)
    records.check_area(level=level, code=code, parent=parent)
    if level in CODE_LENGTH and code[:6] != current().code[:6]:
        raise Invalid(_("代码 %(code)s 不属于本区县 %(own)s") % {"code": code, "own": current().code})
    extra = _extra(row)
    old = known.get(code)
    if old is None:
        path = (parent.path if parent else "") + code + "/"
        return Area(parent=parent, level=level, code=code, name=name, path=path, **extra), "created"
    return _update(old, name, extra)


def _update(old: Area, name: str, extra: dict[str, Any]) -> tuple[Area, str]:
    changes = {key: value for key, value in {"name": name, **extra}.items() if getattr(old, key) != value}
    if not changes:
        return old, "unchanged"
    for key, value in changes.items():
        setattr(old, key, value)
    if old.pk:
        old.save(update_fields=list(changes))
    return old, "updated"


def _parent(row: Row, level: Level, code: str, known: dict[str, Area]) -> Area | None:
    if level == Level.DISTRICT:
        return None
    given = row.get(*PARENT)
    wanted = [given] if given else _parents(level, code)
    for candidate in wanted:
        if candidate in known:
            return known[candidate]
    raise Invalid(_("上级 %(code)s 不存在") % {"code": wanted[-1]})


def _parents(level: Level, code: str) -> list[str]:
    """The possible codes of the parent, from a code's own digits; a building may belong to a community
    without a grid."""
    return {
        Level.STREET: [code[:6] + "000000"],
        Level.GRID: [code[:12]],
        Level.BUILDING: [code[:15], code[:12]],
    }.get(level, [code[:9] + "000"])


def _extra(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kind := row.get("kind", "类别", "城乡分类"):
        found["kind"] = kind[:30]
    for key, names in {"households": ("households", "户数"), "population": ("population", "人口")}.items():
        if text := row.get(*names):
            if not text.isdecimal() or len(text) > 9 or int(text) > MOST_PEOPLE:
                raise Invalid(_("“%(text)s”不是合理的户数或人口") % {"text": text[:40]})
            found[key] = int(text)
    for key, (most, *names) in {"lat": (90, "lat", "纬度"), "lng": (180, "lng", "经度")}.items():
        if text := row.get(*names):
            found[key] = degrees(text, most)
    return found


def degrees(text: str, most: int) -> Decimal:
    """A latitude or a longitude, to a tenth of a metre; raises Invalid."""
    try:
        value = round(Decimal(text), 6)
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value) > most:
        raise Invalid(_("“%(text)s”不是经纬度") % {"text": text[:40]})
    return value


def _store(fresh: list[Area]) -> None:
    """Insert level by level, so that each child knows its parent's id."""
    for level in records.ORDER:
        batch = [area for area in fresh if area.level == level]
        for area in batch:
            area.parent_id = area.parent.pk if area.parent else None
        Area.objects.bulk_create(batch, batch_size=1000)


#: The units that every area of a level has: kind, ending of the code, name.
OWN_UNITS = {
    Level.DISTRICT: [(UnitKind.COUNTY_CENTER, "C", _("%s城市运行和治理中心"))],
    Level.STREET: [
        (UnitKind.STREET, "S", _("%s")),
        (UnitKind.STREET_CENTER, "Z", _("%s基层治理指挥中心")),
    ],
    Level.COMMUNITY: [
        (UnitKind.COMMUNITY, "J", _("%s")),
        (UnitKind.GRID_TEAM, "W", _("%s网格队伍")),
    ],
}


def make_units(areas: Iterable[Area] | None = None) -> int:
    """Create the units that each of the areas must have, by default of all areas in use.

    Returns how many were missing.
    """
    have = set(Unit.objects.values_list("code", flat=True))
    if areas is None:
        areas = Area.objects.filter(level__in=list(OWN_UNITS), valid_to=None).order_by("path")
    missing = [
        Unit(kind=kind, code=area.code + ending, name=str(name) % area.name, area=area)
        for area in areas
        for kind, ending, name in OWN_UNITS.get(Level(area.level), ())
        if area.code + ending not in have
    ]
    store_units(missing)
    return len(missing)


def store_units(units: list[Unit]) -> None:
    """Insert units with their hidden groups and paths, in four statements whatever their number."""
    groups = [Group(name=f"{current().pk}:{unit.code}"[:150]) for unit in units]
    Group.objects.bulk_create(groups, batch_size=1000)
    for unit, group in zip(units, groups, strict=True):
        unit.group = group
    Unit.objects.bulk_create(units, batch_size=1000)
    parents = {u.code: u for u in Unit.objects.filter(kind=UnitKind.COMMUNITY)}
    for unit in units:
        committee = parents.get(unit.area.code + "J") if unit.kind == UnitKind.GRID_TEAM else unit.parent
        unit.parent = committee
        unit.path = (f"{committee.pk}/" if committee else "") + f"{unit.pk}/"
    Unit.objects.bulk_update(units, ["path", "parent"], batch_size=1000)


_ROLES = {**{role.value: role for role in Role}, **{str(name): role for role, name in ROLE_NAMES.items()}}


def import_people(rows: list[Row], *, since: date, dry_run: bool = False) -> Report:
    """Import members with their posts: log-in name, name, phone, unit code or name, role, codes of covered
    areas.

    One row per post; the same row again changes nothing. Passwords are set by invitation, never by a sheet.
    """
    require_columns(rows, ("登录名", "username"), ("姓名", "name"), ("单位", "unit"), ("角色", "role"))
    report = Report()
    with trial(dry_run):
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
    username, name = row.get("登录名", "username"), row.get("姓名", "name")
    if not username or not name:
        raise Invalid(_("登录名和姓名必填"))
    role = _role(row.get("角色", "role"))
    unit = _unit(row.get("单位", "unit"))
    areas = [
        _place(code)
        for code in row.get("辖区", "areas").replace("、", ",").replace(",", ",").split(",")
        if code
    ]
    member = records.add_member(username=username, name=name, phone=row.get("手机", "phone"))
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
        raise Invalid(_("没有代码为 %(code)s 的地方") % {"code": code.strip()})
    return area
