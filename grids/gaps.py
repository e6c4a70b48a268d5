"""Setup checks of the territory: does every area have its units, and every unit its people?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.access.models import Member
from governance.access.permissions import Role
from governance.tenancy.gaps import NAMED, Gap, gap_of_one, gap_of_rows, registers_check
from grids import tree
from grids.models import Area, AreaShape, DutyShift, Level, Post, Unit, UnitKind
from grids.units.serving import WORKERS

AREAS, UNITS, PEOPLE = "settings/areas/", "settings/units/", "settings/people/"
ROSTER_DAYS = 7
#: The unit that each level must have (design 5.1), and what cannot be done without it.
HOLDERS = (
    (
        Level.COMMUNITY,
        UnitKind.COMMUNITY,
        _("没有居委会的社区"),
        _("每个社区都有居委会"),
        _("该处事项无人分单"),
    ),
    (
        Level.STREET,
        UnitKind.STREET_CENTER,
        _("没有指挥中心的街道"),
        _("每个街道都有指挥中心"),
        _("上报的大事无人派单"),
    ),
    (
        Level.DISTRICT,
        UnitKind.COUNTY_CENTER,
        _("没有运行中心的区县"),
        _("区县有运行中心"),
        _("上报区县的事项无人派单"),
    ),
)


@registers_check(10)
def territory(at: datetime) -> Iterator[Gap]:
    """Check the areas; eight statements."""
    areas = Area.objects.filter(valid_to=None)
    yield gap_of_one(
        areas.filter(level=Level.COMMUNITY).exists(),
        title=_("未导入社区"),
        well=_("有社区"),
        why=_("未导入社区，无法受理有地点的事项"),
        path=AREAS,
        grave=True,
    )
    for level, kind, title, well, why in HOLDERS:
        held = Unit.objects.filter(kind=kind, active=True, area=OuterRef("pk"))
        bare = areas.filter(~Exists(held), level=level)
        yield gap_of_rows(bare, title=title, well=well, why=why, path=UNITS, grave=True)
    grids = Area.objects.filter(level=Level.GRID, valid_to=None, parent=OuterRef("pk"))
    yield gap_of_rows(
        areas.filter(~Exists(grids), level=Level.COMMUNITY),
        title=_("没有网格的社区"),
        well=_("每个社区都有网格"),
        why=_("就地解决和核实要靠网格"),
        path=AREAS,
    )
    yield from _unserved(at)
    outlines = AreaShape.objects.filter(area=OuterRef("pk"))
    yield gap_of_rows(
        areas.filter(~Exists(outlines), level=Level.COMMUNITY),
        title=_("地图上没有轮廓的社区"),
        well=_("每个社区在地图上都有轮廓"),
        why=_("居民在地图上标注位置后，凭轮廓判断所属社区；请联系平台运维导入轮廓"),
        path=AREAS,
    )


@registers_check(20)
def people(at: datetime) -> Iterator[Gap]:
    """Check the units and the people; seven statements."""
    day = tree.local_day(at)
    sitting = Post.objects.filter(tree.on_duty(day), member__user__is_service=False)
    inside = sitting.filter(Q(unit=OuterRef("pk")) | Q(unit__parent=OuterRef("pk")))
    yield gap_of_one(
        Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True).exists(),
        title=_("没有部门"),
        well=_("有部门"),
        why=_("没有部门，社区和街道办不了的事项无法派出；可载入常用部门"),
        path=UNITS,
        grave=True,
    )
    bare = Unit.objects.filter(~Exists(inside), active=True)
    yield gap_of_rows(
        bare,
        title=_("无人在岗的单位"),
        well=_("每个单位都有人在岗"),
        why=_("派至该单位的工单无人接收"),
        path=PEOPLE,
        grave=True,
        progress=_staffed(bare),
    )
    posted = Member.objects.filter(Exists(sitting.filter(member=OuterRef("pk"))), active=True)
    yield gap_of_rows(
        posted.filter(user__last_login=None),
        title=_("从未登录的人"),
        well=_("在岗的人都登录过"),
        why=_("有岗位但从未登录，收不到通知"),
        path=PEOPLE,
    )
    yield gap_of_rows(
        posted.filter(phone=""),
        title=_("没有手机号的人"),
        well=_("在岗的人都有手机号"),
        why=_("紧急事项发不到他们手机上"),
        path=PEOPLE,
    )
    yield from _kept(at, posted, sitting)


def _kept(at: datetime, posted: QuerySet[Member], sitting: QuerySet[Post]) -> Iterator[Gap]:
    """Check that the settings and the nights are in somebody's hands; two statements."""
    keepers = posted.filter(Exists(sitting.filter(member=OuterRef("pk"), role=Role.TENANT_ADMIN)))
    yield gap_of_one(
        keepers.count() > 1,
        title=_("管理员只有一个"),
        well=_("管理员不止一个"),
        why=_("该管理员离岗后无人可维护设置"),
        path=PEOPLE,
    )
    soon = DutyShift.objects.filter(unit__kind=UnitKind.COUNTY_CENTER, ends_at__gt=at)
    yield gap_of_one(
        soon.filter(starts_at__lt=at + timedelta(days=ROSTER_DAYS)).exists(),
        title=_("运行中心今后七天没有排班"),
        well=_("运行中心今后七天有排班"),
        why=_("夜间和节假日紧急事项无人值守"),
        path="roster/",
    )


def _staffed(bare: QuerySet[Unit]) -> str:
    """The number of streets in which no unit lacks people, of all streets; one statement."""
    lacking = Exists(bare.filter(area__path__startswith=OuterRef("path")))
    streets = Area.objects.filter(level=Level.STREET, valid_to=None).annotate(lacking=lacking)
    found = list(streets.values_list("lacking", flat=True))
    return gettext("%(all)d 个街道（乡镇）已配 %(done)d 个") % {"all": len(found), "done": found.count(False)}


def _unserved(at: datetime) -> Iterator[Gap]:
    """Check for grids that no worker's post covers, by areas of its own or by that of its unit; none without grids.

    Two statements.
    """
    grids = Area.objects.filter(level=Level.GRID, valid_to=None).order_by("path").values_list("path", "name")
    if not grids:
        return
    posts = Post.objects.filter(
        tree.on_duty(tree.local_day(at)), role__in=WORKERS, unit__active=True
    ).values_list("covers__area__path", "unit__area__path")
    covered = {own or home for own, home in posts}
    bare = [name for path, name in grids if covered.isdisjoint(tree.ancestors_of(path))]
    yield Gap(
        title=_("没有网格员的网格"),
        well=_("每个网格都有网格员"),
        why=_("该处事项无人上报、无人核实"),
        count=len(bare),
        names=tuple(bare[:NAMED]),
        path=PEOPLE,
    )
