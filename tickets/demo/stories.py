"""Next step of a ticket by its state, with plausible chances and delays."""

from collections.abc import Callable
from typing import Any

from grids.models import UnitKind
from grids.tree import community_path
from tickets.demo import side_steps
from tickets.demo.duties import ADMITTED
from tickets.demo.matters import DISPUTES, NEXT_DOOR
from tickets.demo.steps import Step, delay
from tickets.demo.territory import District
from tickets.orders.actions.judging import Stars
from tickets.orders.actions.summarizing import LONGEST
from tickets.public import queries as public
from tickets.states import Outcome, State
from tickets.ticket import rights
from tickets.ticket.models.ticket import Ticket

#: Classes of matters that a street's enforcement team deals with; its office deals with the others.
ENFORCED = {"环境卫生", "小区管理", "市政设施", "公共安全", "市场监管"}
#: Leaves that a community settles itself: thanks are passed on.
SETTLED_NEARBY = {"表扬致谢"}
PUSHED = 0.04  # share of the county's dispatches that it first tries to send down to a street


def next_step(ticket: Ticket, district: District) -> Step | None:
    """The next step of a ticket in its present state; None if only the platform continues."""
    chooser = CHOOSERS.get(State(ticket.state))
    return chooser(ticket, district) if chooser else None


def _community(ticket: Ticket) -> str:
    return community_path(ticket.area_path).rstrip("/").split("/")[-1]


def _street(ticket: Ticket) -> str:
    return ticket.area_path.split("/")[1]


def _leaf(ticket: Ticket) -> str:
    return ticket.category.name if ticket.category else ""


def _class(ticket: Ticket) -> str:
    return ticket.category.parent.name if ticket.category and ticket.category.parent else ""


def _summary(ticket: Ticket) -> dict[str, str]:
    """The title as the line for the public, if the ticket may be shown and the title tells nothing personal."""
    told = rights.tellable(ticket) and not public.reveals(ticket, ticket.title)
    return {"summary": ticket.title[:LONGEST]} if told else {}


def _reported(ticket: Ticket, district: District) -> Step:
    if aside := side_steps.before_sorting(ticket, district):
        return aside
    roll, community = district.rng.random(), _community(ticket)
    after = delay(district, 120)
    nearby = _leaf(ticket) in SETTLED_NEARBY
    if roll < 0.42 or nearby:
        given: dict[str, Any] = {"reason": "属社区职责，社区力量可以解决", **_summary(ticket)}
        if roll < 0.15 and not nearby:
            given["unit"] = f"{community}W"
        return Step("triage_minor", f"{community}J", ("community_worker",), after, given)
    return Step(
        "triage_major",
        f"{community}J",
        ("community_worker",),
        after,
        {"reason": "涉及部门职责，社区无力解决", **_summary(ticket)},
    )


def _escalated(ticket: Ticket, district: District) -> Step:
    if aside := side_steps.ruling(ticket, district):
        return aside
    roll, street, after = district.rng.random(), _street(ticket), delay(district, 120)
    centre = f"{street}Z"
    if roll < 0.06:
        return Step("send_back", centre, ("street_center",), after, {"reason": "属社区日常工作，请社区先办"})
    enforced = _class(ticket) in ENFORCED
    if roll < 0.3:
        unit = f"{street}F" if enforced and roll < 0.2 else f"{street}S"
        return Step("take_up", centre, ("street_center",), after, {"unit": unit})
    if roll < 0.42 and enforced:
        return Step(
            "dispatch", centre, ("street_center",), after, {"unit": f"{street}F", "text": "请尽快到场"}
        )
    return Step("refer", centre, ("street_center",), after, {"reason": "需要区级部门办理"})


def _referred(ticket: Ticket, district: District) -> Step:
    if aside := side_steps.ruling(ticket, district):
        return aside
    leaf, usual = next(((c.name, d) for c, (d, _) in district.leaves if c.pk == ticket.category_id), ("", 0))
    beside = NEXT_DOOR[usual]
    wrong = not ticket.returns and ticket.tier != "emergency" and district.rng.random() < 0.12
    chosen = district.rng.choice(beside) if wrong else usual
    given: dict[str, Any] = {"unit": f"D{chosen + 1:02d}"}
    if district.rng.random() < (0.5 if leaf == ADMITTED else PUSHED):
        given["unit"] = f"{_street(ticket)}S"
    elif not wrong and district.rng.random() < 0.12:
        given["assistants"] = [f"D{district.rng.choice(beside) + 1:02d}"]
    return Step(
        "dispatch", f"{ticket.area_path.split('/')[0]}C", ("county_center",), delay(district, 120), given
    )


def _dispatched(ticket: Ticket, district: District) -> Step:
    lead, after = ticket.lead_unit.code, delay(district, 240)
    if ticket.lead_unit.kind == UnitKind.DEPARTMENT and ticket.returns < 2 and district.rng.random() < 0.09:
        return Step(
            "return_ticket", lead, ("unit_head",), after, {"reason": "经核对履职清单，不属本单位职责"}
        )
    return Step("accept", lead, (), after)


def _handling(ticket: Ticket, district: District) -> Step | None:
    aside = side_steps.first_of_all(ticket, district) or side_steps.while_handling(ticket, district)
    if aside is not None:
        return aside
    lead, usual = (
        ticket.lead_unit.code,
        {"emergency": 60, "urgent": 300, "complex": 4500}.get(ticket.tier, 2100),
    )
    if ticket.lead_unit.kind == UnitKind.COMMUNITY or ticket.lead_unit.kind == UnitKind.GRID_TEAM:
        usual = min(usual, 900)
    talked = ticket.remarks.filter(verb="contact").exists()
    if not talked and district.rng.random() < 0.7:
        text = "已电话联系反映人，约定上门时间"
        return Step("contact", lead, (), delay(district, min(usual // 3, 400)), {"text": text})
    if district.rng.random() < 0.25 and ticket.remarks.count() < 8:
        return Step(
            "note",
            lead,
            (),
            delay(district, usual // 3),
            {"text": "已到现场查看，正在安排处理", "public": True},
        )
    return Step("resolve", lead, (), delay(district, usual, late=0.1, very=3), _ending(ticket, district))


def _ending(ticket: Ticket, district: District) -> dict[str, Any]:
    roll, leaf = district.rng.random(), _leaf(ticket)
    if leaf in SETTLED_NEARBY:
        return {"outcome": Outcome.EXPLAINED, "answer": "感谢您的肯定，已转告本人"}
    if leaf in DISPUTES:
        answer, evidence = "双方已当面协商，问题已处理", "社区与双方当面调解"
        return {
            "outcome": Outcome.FIXED,
            "answer": answer,
            "evidence": evidence,
            "no_agreement": "双方口头和解",
        }
    if roll < 0.82:
        return {
            "outcome": Outcome.FIXED,
            "answer": "问题已处理完毕，感谢您的反映",
            "evidence": "现场处理并复查",
        }
    if roll < 0.93:
        return {"outcome": Outcome.EXPLAINED, "answer": "已向您说明相关政策和办理途径"}
    if roll < 0.97:
        return {"outcome": Outcome.CANNOT, "answer": "因规划和资金原因暂时无法解决，已向您说明"}
    return {"outcome": Outcome.NOT_OURS, "answer": "经核实不属本区职责，已告知受理单位"}


def _in_review(ticket: Ticket, district: District) -> Step:
    unit = ticket.dispatched_by.code
    if district.rng.random() < 0.15:
        return Step("refuse_closing", unit, (), delay(district, 400), {"reason": "答复依据不足，请补充办理"})
    return Step("approve_closing", unit, (), delay(district, 400))


def _resolved(ticket: Ticket, district: District) -> Step:
    community = _community(ticket)
    unit = f"{community}W" if ticket.handled_by_id is None or district.rng.random() < 0.8 else f"{community}J"
    done = ticket.reworks > 0 or district.rng.random() < 0.95
    text = "现场核实，已办好" if done else "现场核实，问题还在"
    return Step(
        "verify", unit, ("grid_lead", "community_worker"), delay(district, 500), {"done": done, "text": text}
    )


def _rating(ticket: Ticket, district: District) -> Step | None:
    if int(ticket.number[-2:]) % 10 < 3:  # three in ten never rate: the platform closes them without a rating
        return None
    return Step("rate_by_link", "", (), delay(district, 700, late=0.0), {"stars": _stars(ticket, district)})


def _stars(ticket: Ticket, district: District) -> Stars:
    rng, solved = district.rng, ticket.reworks > 0 or district.rng.random() < 0.93
    best = (5, 5, 5, 4, 4, 3) if solved else (3, 2, 2, 1)
    comment = (
        rng.choice(("", "", "办得快，谢谢", "态度好", "希望以后不再发生")) if solved else "问题还没有解决"
    )
    return Stars(
        speed=rng.choice(best),
        attitude=rng.choice(best),
        result=rng.choice(best),
        solved=solved,
        comment=comment,
    )


CHOOSERS: dict[State, Callable[[Ticket, District], Step | None]] = {
    State.REPORTED: _reported,
    State.ESCALATED: _escalated,
    State.REFERRED: _referred,
    State.DISPATCHED: _dispatched,
    State.HANDLING: _handling,
    State.AWAITING_RESIDENT: side_steps.waiting,
    State.IN_REVIEW: _in_review,
    State.RESOLVED: _resolved,
    State.RATING: _rating,
}
