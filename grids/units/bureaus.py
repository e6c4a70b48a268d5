"""The usual departments of a county (常用部门), as a pack that an administrator loads with one click."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.district import packs
from grids.models import Area, Level, Unit, UnitKind
from grids.units import actions

#: The name of each department, and the words by which one that the district has already is known.
BUREAUS: dict[str, tuple[str, ...]] = {
    "城市管理局": ("城市管理", "综合行政执法局", "城管"),
    "住房和城乡建设局": ("城乡建设", "住建"),
    "交通运输局": ("交通运输",),
    "水务局": ("水务", "水利"),
    "公安局": ("公安",),
    "市场监督管理局": ("市场监督", "市场监管"),
    "生态环境局": ("生态环境",),
    "民政局": ("民政",),
    "人力资源和社会保障局": ("人力资源", "人社局"),
    "卫生健康局": ("卫生健康", "卫健"),
    "医疗保障局": ("医疗保障", "医保"),
    "教育和体育局": ("教育",),
    "自然资源和规划局": ("自然资源",),
    "应急管理局": ("应急管理",),
    "消防救援大队": ("消防",),
    "农业农村局": ("农业农村",),
    "文化和旅游局": ("文化和旅游", "文旅"),
    "司法局": ("司法局",),
    "退役军人事务局": ("退役军人",),
    "行政审批服务局": ("行政审批", "政务服务"),
    "发展和改革局": ("发展和改革", "发改"),
    "供电公司": ("供电",),
    "供水公司": ("供水", "自来水"),
    "燃气公司": ("燃气",),
    "供热公司": ("供热", "热力"),
}


def known() -> dict[str, Unit]:
    """The department of the district for each usual name that one answers to; one statement."""
    units = list(Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True).order_by("code"))
    found = {}
    for name, words in BUREAUS.items():
        fitting = (unit for unit in units if any(word in unit.name for word in words))
        if unit := next(fitting, None):
            found[name] = unit
    return found


def _district() -> Area | None:
    return Area.objects.filter(level=Level.DISTRICT, valid_to=None).order_by("code").first()


def missing() -> list[str]:
    """The usual departments that the district lacks; none while it has no territory. Two statements."""
    if _district() is None:
        return []
    have = known()
    return [name for name in BUREAUS if name not in have]


def load(*, by: Actor, at: datetime) -> None:
    """Add the departments that are missing, each with a free code."""
    area, used = _district(), set(Unit.objects.values_list("code", flat=True))
    codes = (code for number in range(1, 1000) if (code := f"BM{number:02d}") not in used)
    for name in missing():
        actions.add_unit(kind=UnitKind.DEPARTMENT, code=next(codes), name=name, area=area, by=by, at=at)


packs.add(
    10,
    packs.Pack(
        slug="bureaus",
        label=_("常用部门"),
        about=_("区县常见的部门和供水、供电、燃气、供热企业。名称可在「单位」页修改，用不到的可停用。"),
        path="settings/units/",
        missing=missing,
        load=load,
    ),
)
