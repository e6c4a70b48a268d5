"""Tickets for the pictures of the manual, reported by invented people and moved on by actions.

Runs in a demo district (`make manual`) and prints the numbers and codes as one line of JSON.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance.access import actors
from governance.access.models import User
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.models import Area, Unit
from tickets.intake import actions as intake
from tickets.models import Category, Ticket
from tickets.orders import actions
from tickets.privacy import notice as privacy_notice
from tickets.privacy.actions import requests as privacy
from tickets.states import Channel, Outcome
from tickets.ticket import unmasking

DISTRICT = "990100000000"
HOME = "990100001001"  # the community of the demo accounts
GRID, OTHER_GRID = f"{HOME}001", f"{HOME}002"
CARE = "D01"  # the department of the demo account
LAMP, LID, ROAD, PARKING, QUARREL = "0101", "0102", "0103", "0403", "0404"

Step = tuple[str, str, dict[str, Any]]  # verb, log-in name, keyword arguments
UP: list[Step] = [("triage_major", "community", {"reason": "照明线路属部门管理，社区无力解决"})]
AT_COUNTY: list[Step] = [*UP, ("refer", "street", {"reason": "需区级部门更换线路"})]
SENT: list[Step] = [*AT_COUNTY, ("dispatch", "centre", {"unit": CARE, "text": "请尽快到场查看"})]
TAKEN: list[Step] = [
    *SENT,
    ("accept", "department", {}),
    ("contact", "department", {"text": "已电话联系反映人，约定今天下午到场"}),
]
DONE: list[Step] = [
    *TAKEN,
    ("note", "department", {"text": "已到现场，确认是线路老化，正在更换", "public": True}),
    (
        "resolve",
        "department",
        {
            "outcome": Outcome.FIXED,
            "answer": "线路已更换，三盏路灯恢复照明，感谢您的反映。",
            "evidence": "更换电缆 40 米，夜间复查正常",
        },
    ),
]
MINOR: list[Step] = [("triage_minor", "community", {"reason": "社区可以解决"})]
EXPLAINED: dict[str, Any] = {
    "outcome": Outcome.EXPLAINED,
    "answer": "该路段已列入明年改造计划，今年先铺设临时路面。",
    "evidence": "已与反映人说明改造计划",
}

#: name, category, building, text, name of the reporter, and the moves so far.
MATTERS: tuple[tuple[str, str, int, str, str, list[Step]], ...] = (
    ("reported", LAMP, 3, "春风里3号楼北侧路灯不亮，晚上老人出门看不清路，希望尽快修好", "王女士", []),
    ("similar", LAMP, 3, "春风里3号楼北侧路灯坏了，晚上看不清路", "李先生", []),
    ("neighbour", PARKING, 6, "春风里6号楼前消防通道常被车堵住", "张先生", []),
    ("escalated", ROAD, 8, "春风里8号楼门口路面塌了一块，有人绊倒", "陈女士", UP),
    ("referred", LAMP, 12, "春风里12号楼到小区东门一段路灯全部不亮", "刘先生", AT_COUNTY),
    ("dispatched", LID, 15, "春风里15号楼前井盖松动，过车就响", "杨女士", SENT),
    ("handling", LAMP, 18, "春风里18号楼后面两盏路灯不亮", "赵先生", TAKEN),
    (
        "extension",
        ROAD,
        21,
        "春风里21号楼旁人行道砖翘起来了",
        "黄女士",
        [*TAKEN, ("request_extension", "department", {"days": 5, "reason": "砖材需定制，预计还要五天"})],
    ),
    (
        "awaiting",
        LAMP,
        24,
        "小区里有路灯一闪一闪",
        "周先生",
        [*TAKEN, ("ask_resident", "department", {"question": "请问是哪一盏灯，大约在几号楼附近？"})],
    ),
    (
        "in_review",
        ROAD,
        27,
        "春风里27号楼前路面坑洼",
        "吴女士",
        [*TAKEN, ("resolve", "department", EXPLAINED)],
    ),
    ("resolved", LAMP, 30, "春风里30号楼门前路灯不亮", "徐先生", DONE),
    (
        "rating",
        LAMP,
        33,
        "春风里33号楼到停车场路灯不亮",
        "孙女士",
        [*DONE, ("verify", "grid", {"done": True, "text": "晚上到现场看过，三盏灯都亮"})],
    ),
    ("dispute", QUARREL, 36, "春风里36号楼楼上漏水，两家争执", "胡女士", MINOR),
)


def make() -> None:
    """Create everything and print the numbers, codes and addresses by the name of the scene."""
    tenant = Tenant.objects.get(slug="demo")
    with scope(tenant):
        now = timezone.now()
        Category.objects.filter(code=QUARREL).update(dispute=True)
        config.changed(tenant)
        print(json.dumps(dict(_told(now))))


def _told(now: datetime) -> Iterator[tuple[str, str]]:
    for n, (name, category, building, words, who, way) in enumerate(MATTERS):
        moment = now - timedelta(hours=6, minutes=3 * n)
        made = intake.report(
            intake.Draft(
                text=words,
                title=words.split("，")[0],
                category=category,
                area=f"{HOME}{building:05d}",
                channel=Channel.PORTAL,
                name=who,
                phone=f"1380000{n:04d}",
                notice_version=privacy_notice.newest(),
            ),
            by=actors.public(Tenant.objects.get(slug="demo").pk),
            at=moment,
        )
        yield name, made.ticket.number
        yield f"{name}_code", made.reporter.code
        for verb, login, given in way:
            moment += timedelta(minutes=20)
            _go(made.ticket.pk, verb, login, moment, given)
        if name == "handling":
            look = {"by": _actor("community", now), "at": now, "reason": "约定上门时间，需要电话"}
            unmasking.unmask(made.ticket, made.reporter.pk, **look)
        if name == "rating":
            privacy.ask(made.reporter, "correct", by=_actor("centre", now), at=now, phone="13800008888")
    yield from _addresses()


def _go(pk: int, verb: str, login: str, at: datetime, given: dict[str, Any]) -> None:
    named = dict(given)
    if "unit" in named:
        named["unit"] = Unit.objects.select_related("area").get(code=named["unit"])
    actions.VERBS[verb](Ticket.objects.get(pk=pk), by=_actor(login, at), at=at, **named)


def _actor(login: str, at: datetime) -> actors.Actor:
    user = User.objects.get(username=login)
    return actors.of_user(user.pk, Tenant.objects.get(slug="demo").pk, at)


def _addresses() -> Iterator[tuple[str, str]]:
    yield "community", HOME
    yield "grid", GRID
    yield "other_grid", Area.objects.get(code=OTHER_GRID).code
    yield "lamp", LAMP
