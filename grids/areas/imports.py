"""Import areas as the statistical bureau publishes them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from governance.errors import DomainError, Invalid
from governance.sheets.tables import Fault, Report, Row, number, require_columns
from governance.tenancy import config
from governance.tenancy.dry_run import kept_unless
from governance.tenancy.scope import current
from grids.areas import records
from grids.models import CODE_LENGTH, Area, Level
from grids.units.made import make_units

CODE = ("代码", "code", "区划代码", "统计用区划代码", "编码")
NAME = ("名称", "name", "区划名称")
LEVEL = ("层级", "level", "级别")
PARENT = ("上级代码", "parent_code", "parent", "父级代码")
KIND = ("类别", "kind", "城乡分类")
HOUSEHOLDS, POPULATION = ("户数", "households"), ("人口", "population")
LAT, LNG = ("纬度", "lat"), ("经度", "lng")
#: The accepted headings of each field, the first one for people.
WANTED = (CODE, NAME, LEVEL, PARENT, KIND, HOUSEHOLDS, POPULATION, LAT, LNG)
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
    with kept_unless(dry_run):
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
        config.changed(current())
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
    raise Invalid(_("无法识别代码“%(code)s”的层级") % {"code": code})


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
    if kind := row.get(*KIND):
        found["kind"] = kind[:30]
    for key, names in {"households": HOUSEHOLDS, "population": POPULATION}.items():
        if text := number(row.get(*names)):
            if not text.isdecimal() or len(text) > 9 or int(text) > MOST_PEOPLE:
                raise Invalid(_("“%(text)s”不是合理的户数或人口") % {"text": text[:40]})
            found[key] = int(text)
    for key, (most, *names) in {"lat": (90, *LAT), "lng": (180, *LNG)}.items():
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
