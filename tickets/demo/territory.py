"""Areas, units and people of the demo district, created through the ordinary imports."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from governance.access.models import Member, User
from governance.access.permissions import Role
from governance.sheets.tables import Row
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current
from grids.areas import imports
from grids.models import Area, Level, Post, Unit, UnitKind
from grids.people import records
from grids.units import made
from tickets.catalog.models import Category
from tickets.demo import contacts, english, outlines, questions, reply_templates
from tickets.demo.matters import DISPUTES, MATTERS, UNLISTED
from tickets.states import Tier

ROOT = "990100"
STREETS = ("临江", "东湖", "老城", "新桥", "南岭", "柳河")
FIRST = ("春风", "清泉", "和平", "明德", "桃园", "书院", "银杏", "望江", "安居", "光明")
SECOND = ("里", "苑", "坊", "湾", "庭", "岸")
DEPARTMENTS = (
    "城市管理局",
    "住房和城乡建设局",
    "水务局",
    "交通运输局",
    "公安分局",
    "市场监督管理局",
    "生态环境分局",
    "民政局",
    "人力资源和社会保障局",
    "卫生健康局",
    "教育局",
    "自然资源分局",
    "应急管理局",
    "园林绿化中心",
    "供电分公司",
    "燃气公司",
    "热力公司",
    "自来水公司",
    "农业农村局",
    "文化和旅游局",
)
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "伟",
    "芳",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
    "桂英",
)


@dataclass
class District:
    """The parts of the district that the stories use."""

    tenant: Tenant
    rng: Random
    since: date
    communities: list[Area] = field(default_factory=list)
    buildings: dict[str, list[Area]] = field(default_factory=dict)  # by community code
    departments: list[Unit] = field(default_factory=list)
    people: dict[str, dict[str, list[int]]] = field(default_factory=dict)  # unit code -> role -> user ids
    leaves: list[tuple[Category, tuple]] = field(default_factory=list)


def build(tenant: Tenant, rng: Random, since: date, password_hash: str) -> District:
    """Create six streets, sixty communities, four hundred grids and three thousand buildings; in the open
    scope."""
    district = District(tenant, rng, since)
    report = imports.import_areas(list(_area_rows(rng)))
    if report.faults:
        raise RuntimeError(report.faults[0].reason)
    outlines.draw()
    district.communities = list(Area.objects.filter(level=Level.COMMUNITY).order_by("path"))
    for building in Area.objects.filter(level=Level.BUILDING).order_by("path"):
        district.buildings.setdefault(building.code[:12], []).append(building)
    _departments(district)
    contacts.put()
    _categories(district)
    _people(district, password_hash)
    return district


def load(tenant: Tenant, rng: Random) -> District:
    """Load the district that was built before; in the open scope."""
    district = District(tenant, rng, date.min)
    district.communities = list(Area.objects.filter(level=Level.COMMUNITY).order_by("path"))
    for building in Area.objects.filter(level=Level.BUILDING).order_by("path"):
        district.buildings.setdefault(building.code[:12], []).append(building)
    district.departments = list(Unit.objects.filter(kind=UnitKind.DEPARTMENT).order_by("code"))
    matters = {(top, leaf): (department, sayings) for top, leaf, _t, _m, _e, department, sayings in MATTERS}
    for category in Category.objects.filter(leaf=True).select_related("parent").order_by("code"):
        if told := matters.get((category.parent.name if category.parent else "", category.name)):
            district.leaves.append((category, told))
    posts = (
        Post.objects.filter(valid_to=None).order_by("id").values_list("unit__code", "role", "member__user_id")
    )
    for unit, role, user in posts:
        district.people.setdefault(unit, {}).setdefault(role, []).append(user)
    return district


def _area_rows(rng: Random) -> list[Row]:
    rows: list[Row] = []

    def add(level: Level, code: str, name: str, **more: str) -> None:
        rows.append(Row(len(rows) + 2, {"code": code, "name": name, "level": level.value, **more}))

    add(Level.DISTRICT, f"{ROOT}000000", "示范区")
    grids = 0
    for s, street in enumerate(STREETS, 1):
        add(Level.STREET, f"{ROOT}{s:03d}000", f"{street}街道")
        for c in range(1, 11):
            number = (s - 1) * 10 + c
            community = f"{ROOT}{s:03d}{c:03d}"
            name = f"{FIRST[c - 1]}{SECOND[s - 1]}社区居委会"
            add(Level.COMMUNITY, community, name, households=str(rng.randrange(1800, 3600)))
            count = 7 if number % 3 else 6
            _grid_rows(add, community, min(count, 400 - grids), rng)
            grids += min(count, 400 - grids)
    return rows


def _grid_rows(add: Callable[..., None], community: str, count: int, rng: Random) -> None:
    for g in range(1, count + 1):
        households = str(rng.randrange(260, 520))
        add(Level.GRID, f"{community}{g:03d}", f"第{g}网格", households=households)
    for b in range(1, 51):
        grid = f"{community}{(b - 1) % count + 1:03d}"
        add(Level.BUILDING, f"{community}{b:05d}", f"{b}号楼", parent=grid)


def _departments(district: District) -> None:
    root = Area.objects.get(level=Level.DISTRICT)
    units = [
        Unit(kind=UnitKind.DEPARTMENT, code=f"D{n:02d}", name=name, area=root)
        for n, name in enumerate(DEPARTMENTS, 1)
    ]
    streets = Area.objects.filter(level=Level.STREET)
    units += [
        Unit(kind=UnitKind.ENFORCEMENT, code=f"{street.code}F", name=f"{street.name}综合执法队", area=street)
        for street in streets
    ]
    made.store_units(units)
    district.departments = units[: len(DEPARTMENTS)]


def _categories(district: District) -> None:
    tops: dict[str, Category] = {}
    for top, leaf, tier, matter, eyes, department, sayings in MATTERS:
        if top not in tops:
            code = f"{len(tops) + 1:02d}"
            tops[top] = Category.objects.create(
                code=code, name=top, name_en=english.CATEGORIES[top], level=1, leaf=False
            )
        siblings = sum(1 for category, _ in district.leaves if category.parent_id == tops[top].pk)
        duty = district.departments[department] if tier == Tier.EMERGENCY else None
        category = Category.objects.create(
            parent=tops[top],
            code=f"{tops[top].code}{siblings + 1:02d}",
            name=leaf,
            name_en=english.CATEGORIES[leaf],
            level=2,
            tier=tier,
            matter=matter,
            needs_eyes=eyes,
            duty_unit=duty,
            dispute=leaf in DISPUTES,
            unlisted=leaf in UNLISTED,
        )
        district.leaves.append((category, (department, sayings)))
    questions.put()
    reply_templates.put()
    config.changed(current())


def _people(district: District, password_hash: str) -> None:
    posts = _posts()
    names = [_name(district.rng) for _ in posts]
    users = [
        User(username=username, password=password_hash if keep else "!") for username, _, _, _, keep in posts
    ]
    existing = {u.username: u for u in User.objects.filter(username__in=[u.username for u in users])}
    User.objects.bulk_create([user for user in users if user.username not in existing])
    units = {unit.code: unit for unit in Unit.objects.all()}
    areas = {area.code: area for area in Area.objects.filter(level__in=[Level.GRID, Level.DISTRICT])}
    for (username, unit, role, covers, _keep), name in zip(posts, names, strict=True):
        user = User.objects.get(username=username)
        member = Member.objects.filter(user=user).first()
        member = member or Member.objects.create(user=user, name=name, phone=_phone(district.rng))
        records.appoint(
            member, units[unit], role, since=district.since, areas=[areas[code] for code in covers]
        )
        district.people.setdefault(unit, {}).setdefault(role.value, []).append(user.pk)


def _posts() -> list[tuple[str, str, Role, list[str], bool]]:
    """(log-in name, unit code, role, codes of areas, has the demo password): about two hundred people."""
    root = f"{ROOT}000000"
    found: list[tuple[str, str, Role, list[str], bool]] = [
        ("centre", f"{root}C", Role.COUNTY_CENTER, [], True),
        ("leader", f"{root}C", Role.LEADER, [], True),
        ("admin", f"{root}C", Role.TENANT_ADMIN, [], True),
        ("demo.admin2", f"{root}C", Role.TENANT_ADMIN, [], False),
        ("hotline", f"{root}C", Role.CLERK, [], True),
    ]
    for s in range(1, len(STREETS) + 1):
        street, first = f"{ROOT}{s:03d}000", s == 1
        found.append(
            (("street" if first else f"demo.street{s}"), f"{street}Z", Role.STREET_CENTER, [], first)
        )
        office = "office" if first else f"demo.office{s}"
        found.append((office, f"{street}S", Role.STREET_STAFF, [], first))
        found.append((f"demo.team{s}", f"{street}F", Role.UNIT_MEMBER, [], False))
        for c in range(1, 11):
            community = f"{ROOT}{s:03d}{c:03d}"
            own = first and c == 1
            worker = "community" if own else f"demo.community{s}{c:02d}"
            found.append((worker, f"{community}J", Role.COMMUNITY_WORKER, [], own))
            worker = "grid" if own else f"demo.grid{s}{c:02d}"
            found.append((worker, f"{community}W", Role.GRID_WORKER, [], own))
            found.append((f"demo.lead{s}{c:02d}", f"{community}W", Role.GRID_LEAD, [], False))
    for n in range(1, len(DEPARTMENTS) + 1):
        head = "department" if n == 1 else f"demo.head{n:02d}"
        found.append((head, f"D{n:02d}", Role.UNIT_HEAD, [], n == 1))
        member = "handler" if n == 1 else f"demo.member{n:02d}"
        found.append((member, f"D{n:02d}", Role.UNIT_MEMBER, [], n == 1))
    return found


def _name(rng: Random) -> str:
    return rng.choice(FAMILY) + rng.choice(GIVEN)


def _phone(rng: Random) -> str:
    return f"139{rng.randrange(10**8):08d}"
