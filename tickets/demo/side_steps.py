"""Side steps of the demo: assistants, requests and their answers, questions, deferrals, rulings."""

from typing import Any

from grids.models import UnitKind
from tickets.demo.matters import NEXT_DOOR
from tickets.demo.steps import Step, delay
from tickets.demo.territory import District
from tickets.orders.actions.splitting import Part
from tickets.states import Asking, Ruling
from tickets.ticket.models.ticket import Ticket

#: The roles that decide for a unit.
DECIDERS = ("county_center", "street_center", "community_worker")


def first_of_all(ticket: Ticket, district: District) -> Step | None:
    """The step that must come before the work goes on: answer a request, or let an assistant accept or
    finish."""
    if ticket.pending:
        return _answer(ticket, district)
    for part in ticket.assistants.select_related("unit").order_by("id"):
        if part.is_open and part.accepted_at is None:
            return Step("assist_accept", part.unit.code, (), delay(district, 200))
        if part.is_open:
            given = {"text": "已按职责配合到位"}
            return Step("assist_finish", part.unit.code, (), delay(district, 900), given)
    return None


def _answer(ticket: Ticket, district: District) -> Step | None:
    if ticket.pending_unit is None:
        return None
    unit, after, yes = ticket.pending_unit.code, delay(district, 400), district.rng.random() < 0.8
    answers: dict[str, tuple[str, dict[str, Any]]] = {
        Asking.EXTENSION: ("approve_extension", {}),
        Asking.DEFERRAL: ("defer", {"answer": "需列入下一批项目，届时恢复办理并告知您"}),
        Asking.TRANSFER: ("reassign", {"unit": another(ticket, district), "reason": "经核对，属该单位职责"}),
    }
    verb, given = answers[Asking(ticket.pending)]
    if not yes:
        verb, given = f"refuse_{ticket.pending}", {"reason": "理由不充分，请按期办理"}
    return Step(verb, unit, DECIDERS, after, given)


def another(ticket: Ticket, district: District) -> str:
    """The code of a department other than the lead."""
    usual = next((d for c, (d, _) in district.leaves if c.pk == ticket.category_id), 0)
    codes = [f"D{n + 1:02d}" for n in (usual, *NEXT_DOOR[usual])]
    return next(code for code in codes if code != ticket.lead_unit.code)


def while_handling(ticket: Ticket, district: District) -> Step | None:
    """A request or a question that the lead makes now and then; None: the work goes on."""
    lead, roll, after = ticket.lead_unit.code, district.rng.random(), delay(district, 500)
    if ticket.tier == "emergency":
        return None
    by_another = ticket.dispatched_by_id not in {None, ticket.lead_unit_id}
    asked = ticket.approvals.exists()
    if by_another and not asked and roll < 0.05:
        return Step("request_extension", lead, (), after, {"days": 5, "reason": "材料定制，需要时间"})
    if by_another and not asked and roll < 0.08 and ticket.lead_unit.kind == UnitKind.DEPARTMENT:
        return Step("request_transfer", lead, ("unit_head",), after, {"reason": "现场查看后不属本单位职责"})
    if by_another and not asked and roll < 0.12:
        given = {"in_days": district.rng.randrange(20, 90), "reason": "需列入下一批改造项目"}
        return Step("request_deferral", lead, (), after, given)
    if roll < 0.16 and not ticket.remarks.filter(verb="ask_resident").exists():
        return Step("ask_resident", lead, (), after, {"question": "请问具体在哪个位置、什么时间段出现?"})
    return None


def waiting(ticket: Ticket, district: District) -> Step | None:
    """Most residents answer, through the hotline; for the others the limit of the wait expires."""
    if district.rng.random() < 0.2:
        return None
    root = ticket.area_path.split("/")[0]
    return Step("reply", f"{root}C", ("clerk",), delay(district, 600), {"text": "在小区东门，晚上八点以后"})


def before_sorting(ticket: Ticket, district: District) -> Step | None:
    """Rarely, split a report with two demands, or decline one that does not belong to the platform."""
    roll, root = district.rng.random(), ticket.area_path.rstrip("/").split("/")
    community, after = f"{root[2]}J" if len(root) > 2 else "", delay(district, 90)
    if not community or ticket.parent_id:
        return None
    if roll < 0.02:
        parts = [Part(text=ticket.title), Part(text="同时反映：楼道堆放杂物")]
        given = {"parts": parts, "reason": "一张单子两件事"}
        return Step("split", community, ("community_worker",), after, given)
    if roll < 0.035:
        given = {"refusal": "judicial", "answer": "该事项已由法院受理，请按诉讼程序办理"}
        return Step("decline", community, ("community_worker",), after, given)
    return None


def ruling(ticket: Ticket, district: District) -> Step | None:
    """After too many returns, the county rules which unit must do the work."""
    if ticket.ruling != Ruling.DUE:
        return None
    usual = next((d for c, (d, _) in district.leaves if c.pk == ticket.category_id), 0)
    given = {"unit": f"D{usual + 1:02d}", "reason": "依据履职清单裁定由贵单位承办"}
    return Step(
        "arbitrate", f"{ticket.area_path.split('/')[0]}C", ("county_center",), delay(district, 400), given
    )
