"""The demo district's duty list, work admission and consent request."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from governance.access.actors import Actor
from governance.access.permissions import Role
from grids.models import Unit, UnitKind
from grids.people.records import add_member, appoint
from grids.units.records import add_unit
from tickets.catalog.models import Category
from tickets.demo.matters import MATTERS
from tickets.demo.territory import DEPARTMENTS, ROOT, District
from tickets.duties.actions import admissions, consents
from tickets.duties.actions import versions as duty_versions
from tickets.duties.actions.versions import ItemDraft
from tickets.duties.models import DutyKind, WorkAdmission

B, C, T, D = DutyKind.BASIC, DutyKind.COOPERATING, DutyKind.TAKEN_BACK, DutyKind.DELEGATED
STREET, COMMUNITY, TEAM = UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.ENFORCEMENT
#: leaf, list, code, item, lead (a kind, or "" for the department that usually deals with it), assistants,
#: basis.
ITEMS: tuple[tuple[str, DutyKind, str, str, str, tuple[str, ...], str], ...] = (
    ("垃圾清运", B, "JB-01", "生活垃圾收集和清运的日常管理", STREET, (), "《城市市容和环境卫生管理条例》"),
    ("邻里纠纷", B, "JB-02", "邻里矛盾纠纷的排查和调解", COMMUNITY, (), "《中华人民共和国人民调解法》"),
    ("低保救助", B, "JB-03", "最低生活保障申请的受理和初审", STREET, (COMMUNITY,), "《社会救助暂行办法》"),
    ("表扬致谢", B, "JB-04", "群众来信来访的日常接待", STREET, (COMMUNITY,), ""),
    ("停车秩序", D, "FQ-01", "占用公共场地停放车辆的处理", TEAM, (), "《城市道路管理条例》"),
    ("路灯照明", C, "PH-01", "道路照明设施的维护", "", (STREET,), "《城市道路照明管理规定》"),
    ("井盖缺损", C, "PH-02", "检查井盖的巡查和修复", "", (STREET,), ""),
    ("道路破损", C, "PH-03", "市政道路的养护和维修", "", (STREET,), "《城市道路管理条例》"),
    ("下水堵塞", C, "PH-04", "排水管网的疏通和积水点治理", "", (STREET,), "《城镇排水与污水处理条例》"),
    ("噪声扰民", C, "PH-05", "施工和社会生活噪声的监督管理", "", (TEAM,), "《中华人民共和国噪声污染防治法》"),
    (
        "消防隐患",
        C,
        "PH-06",
        "消防安全隐患的排查和督促整改",
        "",
        (STREET, COMMUNITY),
        "《中华人民共和国消防法》",
    ),
    ("物业服务", C, "PH-07", "物业服务企业的监督管理", "", (STREET, COMMUNITY), "《物业管理条例》"),
    ("树木修剪", C, "PH-08", "公共绿地树木的养护和修剪", "", (COMMUNITY,), "《城市绿化条例》"),
    ("违章搭建", T, "SH-01", "违法建设的认定和行政处罚", "", (), "《中华人民共和国城乡规划法》"),
    ("燃气异味", T, "SH-02", "燃气设施运行安全的监督检查", "", (), "《城镇燃气管理条例》"),
    ("停水漏水", T, "SH-03", "供水管网的抢修和监督管理", "", (), "《城市供水条例》"),
    ("停电", T, "SH-04", "供电设施的抢修", "", (), "《电力供应与使用条例》"),
    ("暖气不热", T, "SH-05", "供热质量的监督管理", "", (), ""),
    ("食品安全", T, "SH-06", "食品经营的日常监督检查", "", (), "《中华人民共和国食品安全法》"),
    ("养老政策", T, "SH-07", "高龄津贴的资格核定和发放", "", (), ""),
)
#: Work that is admitted for a time, although the list leaves it to the department.
ADMITTED = "下水堵塞"
WATER, MARKET = f"D{DEPARTMENTS.index('水务局') + 1:02d}", f"D{DEPARTMENTS.index('市场监督管理局') + 1:02d}"
STATION, CENTRE = f"{ROOT}001000M", f"{ROOT}000000C"


def publish(district: District, *, by: Actor, at: datetime, since: date) -> None:
    """Draft the duty list and publish it; in the open scope."""
    usual = {leaf: department for _top, leaf, _t, _m, _e, department, _s in MATTERS}
    categories = {category.name: category for category, _told in district.leaves}
    drafts = [
        ItemDraft(
            code=code,
            name=name,
            kind=kind,
            lead=(None, lead) if lead else (district.departments[usual[leaf]].pk, ""),
            assistants=tuple((None, one) for one in assistants),
            legal_basis=basis,
            category=categories[leaf],
        )
        for leaf, kind, code, name, lead, assistants, basis in ITEMS
    ]
    name = f"示范区街道履职事项清单({since.year}年版)"
    duty_versions.publish(duty_versions.draft(name, drafts, valid_from=since, by=by, at=at), by=by, at=at)


def ask_to_admit(*, by: Actor, at: datetime) -> WorkAdmission:
    """水务局 requests that streets watch places that flood, and pays for it (费随事转)."""
    wish = admissions.Wish(
        name="汛期易涝点巡查和小型疏通",
        category=Category.objects.get(name=ADMITTED, leaf=True),
        unit=Unit.objects.get(code=WATER),
        reason="汛期积水点多，专业队伍不能及时到达每个小区，请街道就近先行疏通。",
        valid_from=at.date(),
        valid_until=at.date() + timedelta(days=120),
        onto_kind=STREET,
        budget=Decimal("86000"),
        budget_source="水务局防汛专项资金",
    )
    return admissions.ask(wish, by=by, at=at)


def add_station(district: District) -> Unit:
    """The agency that 市场监督管理局 has in the first street, with its head."""
    street = district.communities[0].parent
    department = next(unit for unit in district.departments if unit.code == MARKET)
    name = f"{street.name}市场监督管理所"
    station = add_unit(kind=UnitKind.STATIONED, code=STATION, name=name, area=street, parent=department)
    head = add_member(username="demo.station", name="马建国", phone="13900002222")
    appoint(head, station, Role.UNIT_HEAD, since=district.since)
    return station


def ask_the_street(*, by: Actor, at: datetime) -> None:
    """市场监督管理局 requests the first street's consent before it appoints a new head of its agency there."""
    consents.ask(
        unit=Unit.objects.select_related("area").get(code=STATION),
        person="周志强",
        what="appoint",
        reason="原负责人到龄退休，拟任命新负责人，征求街道意见。",
        asked_unit=Unit.objects.get(code=MARKET),
        by=by,
        at=at,
    )
