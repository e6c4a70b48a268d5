"""The standard categories as data: two levels, with the urgency, the kind of request, and the usual department."""

from dataclasses import dataclass

from governance.clocks.calendar import Unit
from governance.clocks.models import Purpose
from tickets.states import Demand, Tier

DAYS, MINUTES = Unit.WORKDAYS, Unit.NATURAL_MINUTES
Limit = tuple[Purpose, int, Unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A category for tickets: its names, its marks, the department by its usual name, and limits of its own."""

    name: str
    name_en: str
    bureau: str
    tier: Tier = Tier.ORDINARY
    matter: Demand = Demand.HELP
    needs_eyes: bool = True
    dispute: bool = False
    unlisted: bool = False
    limits: tuple[Limit, ...] = ()


def _of(name: str, name_en: str, bureau: str, tier: Tier = Tier.ORDINARY, **more: object) -> Standard:
    return Standard(name=name, name_en=name_en, bureau=bureau, tier=tier, **more)


def _days(count: int) -> dict[str, tuple[Limit, ...]]:
    return {"limits": ((Purpose.RESOLVE, count, DAYS),)}


EMERGENCY, URGENT, COMPLEX = Tier.EMERGENCY, Tier.URGENT, Tier.COMPLEX
COMPLAINT = {"matter": Demand.COMPLAINT}
ASKED = {"matter": Demand.INQUIRY, "needs_eyes": False}
PERSONAL = {"needs_eyes": False, "unlisted": True}
CITY, HOUSING, POLICE, MARKET = "城市管理局", "住房和城乡建设局", "公安局", "市场监督管理局"
NATURE, WELFARE, FARMS, FIRE = "生态环境局", "民政局", "农业农村局", "消防救援大队"
HEALTH, SCHOOLS, SAFETY = "卫生健康局", "教育和体育局", "应急管理局"

#: (name, English name) of each category of the first level: the categories below it.
STANDARD: dict[tuple[str, str], tuple[Standard, ...]] = {
    ("市政设施", "Public works"): (
        _of("路灯不亮", "Street lights", CITY, **_days(3)),
        _of("道路破损", "Damaged roads", HOUSING),
        _of("井盖缺损", "Manhole covers", CITY, URGENT),
        _of("路面塌陷", "Collapsed road", HOUSING, EMERGENCY),
        _of("排水不畅", "Blocked drains", HOUSING, URGENT),
    ),
    ("公用事业", "Utilities"): (
        _of("停水漏水", "Water supply and leaks", "供水公司", URGENT),
        _of("停电断线", "Power cuts and fallen lines", "供电公司", URGENT),
        _of("燃气泄漏", "Gas leaks", "燃气公司", EMERGENCY),
        _of("供暖不热", "Heating", "供热公司", **COMPLAINT, **_days(2)),
    ),
    ("环境卫生", "Cleanliness"): (
        _of("垃圾清运", "Refuse collection", CITY, **_days(2)),
        _of("道路保洁", "Street cleaning", CITY, **_days(2)),
        _of("乱倒建筑垃圾", "Dumped rubble", CITY, **COMPLAINT),
    ),
    ("生态环境", "Environment"): (
        _of("噪声扰民", "Noise", NATURE, **COMPLAINT),
        _of("油烟异味", "Fumes and smells", NATURE, **COMPLAINT),
        _of("污水直排", "Untreated sewage", NATURE, URGENT, **COMPLAINT),
        _of("露天焚烧", "Open burning", NATURE, URGENT, **COMPLAINT),
    ),
    ("城市秩序", "Public order"): (
        _of("占道经营", "Street trading", CITY, **COMPLAINT),
        _of("违法建设", "Illegal building", CITY, COMPLEX, matter=Demand.ACCUSATION),
        _of("车辆乱停", "Parking", POLICE, **COMPLAINT),
        _of("犬只管理", "Dogs", POLICE, **COMPLAINT),
    ),
    ("住房物业", "Housing"): (
        _of("物业服务", "Property management", HOUSING, **COMPLAINT),
        _of("电梯故障", "Lifts", MARKET, URGENT),
        _of("房屋安全", "Unsafe buildings", HOUSING, URGENT),
        _of("楼上漏水", "Leaks between neighbours", HOUSING, dispute=True),
    ),
    ("公共安全", "Safety"): (
        _of("消防通道堵塞", "Blocked fire lanes", FIRE, URGENT),
        _of("电动车违规充电", "Unsafe charging", FIRE, URGENT),
        _of("安全生产隐患", "Safety at work", SAFETY, URGENT, matter=Demand.ACCUSATION),
    ),
    ("民生保障", "Social security"): (
        _of("社会救助", "Social assistance", WELFARE, **PERSONAL),
        _of("养老服务", "Care of the elderly", WELFARE, needs_eyes=False),
        _of("医保报销", "Medical insurance", "医疗保障局", **ASKED),
        _of("拖欠工资", "Unpaid wages", "人力资源和社会保障局", **COMPLAINT, **PERSONAL),
        _of("退役军人优抚", "Veterans", "退役军人事务局", **PERSONAL),
    ),
    ("教育医疗", "Schools and health"): (
        _of("入学转学", "School places", SCHOOLS, **ASKED),
        _of("看病就医", "Medical treatment", HEALTH, **COMPLAINT, **PERSONAL),
    ),
    ("市场消费", "Shops and consumers"): (
        _of("食品安全", "Food safety", MARKET, URGENT, matter=Demand.ACCUSATION),
        _of("消费纠纷", "Consumer disputes", MARKET, dispute=True, **COMPLAINT),
    ),
    ("农业农村", "Farming and villages"): (
        _of("农田水利", "Irrigation", "水务局"),
        _of("土地承包", "Land contracts", FARMS, COMPLEX, dispute=True),
    ),
    ("矛盾调处", "Disputes"): (
        _of("邻里纠纷", "Quarrels between neighbours", "司法局", dispute=True, unlisted=True),
        _of("家庭纠纷", "Family quarrels", "司法局", dispute=True, needs_eyes=False, unlisted=True),
    ),
    ("政务服务", "Public services"): (
        _of("办事咨询", "Questions about procedures", "行政审批服务局", **ASKED, **_days(1)),
        _of("意见建议", "Suggestions", "发展和改革局", matter=Demand.SUGGESTION, needs_eyes=False),
    ),
}
