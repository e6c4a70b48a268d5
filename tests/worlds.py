"""A small world for tests, made by the ordinary actions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from governance.access import actors
from governance.access.actors import Actor
from governance.access.models import User
from governance.access.permissions import TOKEN_SCOPES, Role
from governance.accounts import actions as account_actions
from governance.tenancy.actions import create_tenant
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.areas import records as area_records
from grids.models import Area, Level, Unit, UnitKind
from grids.people import records as territory
from grids.units import records as unit_records
from tests.databases import PASSWORD
from tickets.models import Category

ZONE = ZoneInfo("Asia/Shanghai")
SINCE = date(2026, 1, 1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 in the district's zone; 23 November is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


MONDAY = at(23, 9)


def make_district() -> Tenant:
    """甲区 without a territory."""
    return make_tenant("alpha", "甲区", "990101000000")


def make_tenant(slug: str, name: str, code: str) -> Tenant:
    """A district with its calendar and service levels."""
    return create_tenant(slug=slug, name=name, code=code, opened_at=datetime(2026, 1, 1, tzinfo=ZONE))


@dataclass
class World:
    """The rows that tests use by name."""

    tenant: Tenant
    other: Tenant
    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def actor(self, name: str, when: datetime = MONDAY) -> Actor:
        """A named person with the grants of that day; needs the open scope."""
        return actors.of_user(self.members[name].user_id, self.members[name].tenant_id, when)

    @property
    def system(self) -> Actor:
        return actors.system(self.tenant.pk)


def make_world() -> World:
    """甲区 with two streets, three communities, grids and departments; 乙区 with one of each."""
    world = World(make_district(), make_tenant("beta", "乙区", "990102000000"))
    with scope(world.tenant):
        _territory(world)
        _people(world)
        _categories(world)
    with scope(world.other):
        _neighbour(world)
    return world


SCOPES = sorted(TOKEN_SCOPES)


def prepare_for_processes(world: World) -> dict[str, Any]:
    """Let real processes serve a world: passwords hashed as in production, an API token for each person.

    Returns {name: token} and under "_areas" {name: code of the area}.
    """
    User.objects.update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    found: dict[str, Any] = {"_areas": {key: area.code for key, area in world.areas.items()}}
    for name, member in world.members.items():
        user = User.objects.get(pk=member.user_id)
        found[name] = account_actions.create_token(
            user, member.tenant, name="tests", scopes=SCOPES, at=timezone.now()
        )
    return found


def _territory(world: World) -> None:
    add, areas = area_records.add_area, world.areas
    areas["district"] = add(level=Level.DISTRICT, code="990101000000", name="甲区")
    for street, code in (("east", "001"), ("west", "002")):
        name = {"east": "东街道", "west": "西街道"}[street]
        areas[street] = add(level=Level.STREET, code=f"990101{code}000", name=name, parent=areas["district"])
    for key, parent, code in (
        ("lane", "east", "001001"),
        ("pond", "east", "001002"),
        ("hill", "west", "002001"),
    ):
        name = {"lane": "里巷社区", "pond": "荷塘社区", "hill": "山坡社区"}[key]
        areas[key] = add(level=Level.COMMUNITY, code=f"990101{code}", name=name, parent=areas[parent])
        grid = add(level=Level.GRID, code=f"990101{code}001", name=f"{name}第一网格", parent=areas[key])
        areas[f"{key}_grid"] = grid
        areas[f"{key}_building"] = add(
            level=Level.BUILDING, code=f"990101{code}00001", name="1号楼", parent=grid
        )
    _units(world)


def _units(world: World) -> None:
    def unit(key: str, kind: str, name: str, area: str, parent: str = "") -> None:
        world.units[key] = unit_records.add_unit(
            kind=kind, code=key, name=name, area=world.areas[area], parent=world.units.get(parent)
        )

    unit("county_center", UnitKind.COUNTY_CENTER, "甲区运行中心", "district")
    unit("water", UnitKind.DEPARTMENT, "水务局", "district")
    unit("pipes", UnitKind.SECTION, "管网科", "district", "water")
    unit("parks", UnitKind.DEPARTMENT, "园林局", "district")
    for street in ("east", "west"):
        unit(f"{street}_center", UnitKind.STREET_CENTER, f"{world.areas[street].name}指挥中心", street)
        unit(f"{street}_office", UnitKind.STREET, f"{world.areas[street].name}办事处", street)
        unit(f"{street}_team", UnitKind.ENFORCEMENT, f"{world.areas[street].name}综合执法队", street)
    for community in ("lane", "pond", "hill"):
        unit(community, UnitKind.COMMUNITY, f"{world.areas[community].name}居委会", community)
        unit(
            f"{community}_grids",
            UnitKind.GRID_TEAM,
            f"{world.areas[community].name}网格",
            community,
            community,
        )


PEOPLE = {
    "worker": ("王网格", [("lane_grids", Role.GRID_WORKER, "lane_grid")]),
    "colleague": ("李网格", [("lane_grids", Role.GRID_WORKER, "lane_grid")]),
    "lead": ("赵网格长", [("lane_grids", Role.GRID_LEAD, "lane")]),
    "community": ("孙社区", [("lane", Role.COMMUNITY_WORKER, "lane")]),
    "pond_community": ("周社区", [("pond", Role.COMMUNITY_WORKER, "pond")]),
    "street": ("吴街道", [("east_office", Role.STREET_STAFF, "east")]),
    "center": ("郑指挥", [("east_center", Role.STREET_CENTER, "east")]),
    "west_center": ("冯指挥", [("west_center", Role.STREET_CENTER, "west")]),
    "county": ("陈区县", [("county_center", Role.COUNTY_CENTER, "district")]),
    "head": ("褚局长", [("water", Role.UNIT_HEAD, "")]),
    "member": ("卫经办", [("water", Role.UNIT_MEMBER, "")]),
    "pipes_member": ("蒋经办", [("pipes", Role.UNIT_MEMBER, "")]),
    "parks_head": ("沈局长", [("parks", Role.UNIT_HEAD, "")]),
    "team": ("韩队员", [("east_team", Role.UNIT_MEMBER, "")]),
    "clerk": ("杨话务", [("county_center", Role.CLERK, "district")]),
    "leader": ("朱领导", [("county_center", Role.LEADER, "district")]),
    "admin": ("秦管理", [("county_center", Role.TENANT_ADMIN, "district")]),
    "nobody": ("许无岗", []),
}


def _people(world: World) -> None:
    for key, (name, posts) in PEOPLE.items():
        member = territory.add_member(username=f"alpha-{key}", name=name, password=PASSWORD)
        world.members[key] = member
        for unit, role, area in posts:
            covered = [world.areas[area]] if area else []
            territory.appoint(member, world.units[unit], role, since=SINCE, areas=covered)


def _categories(world: World) -> None:
    top = Category.objects.create(code="01", name="城乡建设", level=1, leaf=False)
    make = Category.objects.create
    world.categories = {
        "top": top,
        "lamp": make(code="0101", name="路灯", level=2, parent=top),
        "leak": make(code="0102", name="供水管道", level=2, parent=top, tier="urgent"),
        "gas": make(
            code="0103",
            name="燃气泄漏",
            level=2,
            parent=top,
            tier="emergency",
            duty_unit=world.units["water"],
        ),
        "pension": make(
            code="0104", name="养老政策", level=2, parent=top, matter="inquiry", needs_eyes=False
        ),
    }


def _neighbour(world: World) -> None:
    root = area_records.add_area(level=Level.DISTRICT, code="990102000000", name="乙区")
    street = area_records.add_area(level=Level.STREET, code="990102001000", name="北街道", parent=root)
    community = area_records.add_area(
        level=Level.COMMUNITY, code="990102001001", name="桥头社区", parent=street
    )
    centre = unit_records.add_unit(kind=UnitKind.COUNTY_CENTER, code="county", name="乙区运行中心", area=root)
    unit_records.add_unit(kind=UnitKind.STREET_CENTER, code="street", name="北街道指挥中心", area=street)
    unit_records.add_unit(kind=UnitKind.COMMUNITY, code="committee", name="桥头社区居委会", area=community)
    member = territory.add_member(username="beta-county", name="尤区县", password=PASSWORD)
    territory.appoint(member, centre, Role.COUNTY_CENTER, since=SINCE, areas=[root])
    admin = territory.add_member(username="beta-admin", name="何管理", password=PASSWORD)
    territory.appoint(admin, centre, Role.TENANT_ADMIN, since=SINCE, areas=[root])
    world.areas["other_district"], world.areas["other_community"] = root, community
    world.members["neighbour"], world.members["neighbour_admin"] = member, admin
