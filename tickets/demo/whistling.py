"""Whistles of the demo: when a street blows, the parties it summons, and the next steps of both sides."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from grids.models import Area, Post, Unit
from tickets.demo.steps import Step, delay
from tickets.demo.territory import District
from tickets.states import State
from tickets.ticket.models.ticket import Ticket
from tickets.whistles.actions.blowing import Called, Summons
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.workflow import Part, Stage, WhistleKind, WhistleState

SHARE = 0.07  # share of the tickets that a street holds
WORDS = {
    WhistleKind.PRESSING: "居民反映强烈，请各单位到现场会商，当场定下办法。",
    WhistleKind.ENFORCEMENT: "占道和违建并存，单靠街道劝不动，请到场联合执法。",
    WhistleKind.EMERGENCY: "现场有安全隐患，请立即到场处置。",
    WhistleKind.JOINT: "路口秩序混乱，请六员到场联动整治。",
}
TASKS = ("现场警戒和劝离", "清理堆物并拍照留证", "向居民说明情况并登记联系方式")
RADIUS = Decimal("0.001")  # degrees, well within the distance of a check-in


def is_asked_for(ticket: Ticket, district: District) -> bool:
    """Should the street blow a whistle on the ticket it holds? Now and then, at most once per ticket."""
    if ticket.state != State.ESCALATED or ticket.against_unit_id or ticket.area_path.count("/") < 3:
        return False
    return district.rng.random() < SHARE and not ticket.whistles.exists()


def summons(kind: str, community: Area, district: District, usual: int) -> Summons:
    """The summons: the department that usually deals with the ticket, the street's team, and more for some
    kinds."""
    street = community.path.split("/")[1]
    codes = [f"D{usual + 1:02d}", f"{street}F"]
    if kind == WhistleKind.ENFORCEMENT:
        codes.append("D01" if usual else "D05")
    units = {unit.code: unit for unit in Unit.objects.select_related("area").filter(code__in=codes)}
    parties = [Called(units[code]) for code in codes]
    if kind == WhistleKind.JOINT:
        parties = list(_persons(street, community.code, district))
    return Summons(
        kind=kind,
        text=WORDS[WhistleKind(kind)],
        parties=tuple(parties),
        area=community,
        address=f"{community.name.removesuffix('居委会')}北门",
        lat=community.lat,
        lng=community.lng,
    )


def _persons(street: str, community: str, district: District) -> Iterable[Called]:
    """One member of the police, of the street's team and of the grid team, each in a role."""
    for code, role in (("D05", Part.POLICE), (f"{street}F", Part.URBAN), (f"{community}W", Part.GRID)):
        posts = Post.objects.select_related("unit", "member").filter(unit__code=code, valid_to=None)
        post = posts.order_by("id").first()
        yield Called(post.unit, post.member, role)


def centre_of(whistle: Whistle) -> str:
    """The code of the street centre that commands the whistle."""
    return commanding(whistle.area_path).unit


def commanding(path: str) -> Step:
    """The step by which the street centre of an area path blows."""
    return Step("blow", f"{path.split('/')[1]}Z", ("street_center",), 0)


def next_step(whistle: Whistle, district: District) -> Step | None:
    """The next step of a whistle; None if there is none."""
    parties = list(whistle.parties.select_related("unit").order_by("id"))
    if whistle.state == WhistleState.ENDED:
        return _rating(whistle, parties, district)
    if not whistle.is_open:
        return None
    for party in parties:
        if step := COMING.get(Stage(party.stage), _nothing)(whistle, party, district):
            return step
    return _work(whistle, parties, district)


def _nothing(whistle: Whistle, party: WhistleParty, district: District) -> Step | None:
    return None


def _asked(whistle: Whistle, party: WhistleParty, district: District) -> Step:
    given: dict[str, Any] = {"party": party.pk}
    last = whistle.parties.order_by("-id").values_list("pk", flat=True).first()
    if whistle.kind == WhistleKind.ENFORCEMENT and party.pk == last:
        given["reason"] = "人员均在外执行任务，且不属本单位主责"
        return Step("refuse", party.unit.code, (), delay(district, 40), given)
    return Step("answer", party.unit.code, (), delay(district, 40), given)


def _refused(whistle: Whistle, party: WhistleParty, district: District) -> Step:
    county, given = f"{whistle.area_path.split('/')[0]}C", {"party": party.pk}
    if district.rng.random() < 0.6:
        given["reason"] = "依据履职清单应当配合，请抽调人员到场"
        return Step("overrule", county, ("county_center",), delay(district, 30), given)
    given["reason"] = "确不属其职责，由牵头单位处置"
    return Step("uphold", county, ("county_center",), delay(district, 30), given)


def _answered(whistle: Whistle, party: WhistleParty, district: District) -> Step:
    given: dict[str, Any] = {"party": party.pk}
    if district.rng.random() < 0.3:
        return Step("confirm", centre_of(whistle), ("street_center",), delay(district, 50), given)
    given |= {"lat": whistle.lat + RADIUS, "lng": whistle.lng - RADIUS}
    return Step("arrive", party.unit.code, (), delay(district, 50), given)


COMING = {Stage.ASKED: _asked, Stage.REFUSED: _refused, Stage.ANSWERED: _answered}


def _work(whistle: Whistle, parties: list[WhistleParty], district: District) -> Step:
    street, roles = centre_of(whistle), ("street_center",)
    tasks, there = list(whistle.tasks.order_by("id")), [one for one in parties if one.stage == Stage.ON_SITE]
    if there and len(tasks) < min(len(there), len(TASKS)):
        given: dict[str, Any] = {"text": TASKS[len(tasks)], "party": there[len(tasks)].pk}
        return Step("assign_task", street, roles, delay(district, 10), given)
    for task in (task for task in tasks if task.done_at is None):
        return Step("tick", street, roles, delay(district, 60), {"task": task.pk, "done": True})
    text = "现场问题已处置，后续由社区回访。" if there else "到场单位已撤离，转为日常办理。"
    return Step("end", street, roles, delay(district, 40), {"text": text})


def _rating(whistle: Whistle, parties: list[WhistleParty], district: District) -> Step | None:
    rng, judged = district.rng, set(whistle.ratings.values_list("party_id", "by_street"))
    street = centre_of(whistle)
    for party in (one for one in parties if one.stage in {Stage.RELEASED, Stage.MISSED}):
        if (party.pk, True) not in judged:
            best = (5, 5, 4, 4, 3) if party.on_site_at else (1, 2)
            names = ("in_time", "together", "solved")
            given = {"party": party.pk, **{name: rng.choice(best) for name in names}}
            return Step("rate_unit", street, ("street_center",), delay(district, 200, late=0), given)
        if party.on_site_at and (party.pk, False) not in judged:
            given = {"party": party.pk, "needed": rng.choice((5, 4, 4, 3)), "clear": rng.choice((5, 5, 4, 2))}
            return Step("rate_whistle", party.unit.code, (), delay(district, 200, late=0), given)
    return None


def last_ones(end: datetime) -> list[tuple[datetime, str, tuple[str, ...]]]:
    """Two whistles that are still going on at the end: time, kind, and what each party did in turn.

    In the first, an emergency, the second unit has promised to come and is late; in the other, one unit is on
    site.
    """
    return [
        (end - timedelta(hours=3), WhistleKind.EMERGENCY, ("arrive", "answer")),
        (end - timedelta(minutes=40), WhistleKind.PRESSING, ("confirm", "answer")),
    ]
