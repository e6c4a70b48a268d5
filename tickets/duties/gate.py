"""Check dispatches to streets and communities against their duty list.

Work that the list does not carry is refused, unless it is admitted or an emergency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.errors import Invalid
from grids.models import Unit
from tickets.catalog.models import Category
from tickets.duties import queries as duty
from tickets.duties.models import DutyKind, Push
from tickets.states import State, Tier
from tickets.ticket.models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of the check: facts for the event, and the id of the duty item that the ticket falls under."""

    facts: dict[str, Any] = field(default_factory=dict)
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedPush:
    """One refused push, with what is needed to count it after the rollback."""

    ticket_id: int
    category_id: int | None
    department_id: int | None
    onto_id: int
    verb: str
    by: Actor
    at: datetime


class PushRefused(Invalid):
    """The unit's duty list does not carry the work; `push` is counted after the rollback."""

    code = "push_refused"

    def __init__(self, message: Any, push: RefusedPush) -> None:
        super().__init__(message, field="unit")
        self.push = push


def check_dispatch(
    ticket: Ticket,
    unit: Unit,
    helpers: Iterable[Unit] = (),
    *,
    verb: str,
    by: Actor,
    at: datetime,
    category: Category | None = None,
) -> Verdict:
    """Check a dispatch, a reassignment or a ruling against the duty list; raises PushRefused.

    Without a published list everything passes. A push that is admitted or an emergency passes and is counted,
    with one more statement. Otherwise the check makes no database query.
    """
    category_id = category.pk if category else ticket.category_id
    entries = duty.entries_for(category_id, at)
    facts, item = _followed(ticket, unit, entries)
    if not _from_county(ticket, verb) or duty.in_force(at) is None:
        return Verdict(facts, item)
    counted: list[Push] = []
    for party, leads in ((unit, True), *((helper, False) for helper in helpers)):
        place = duty.below_county(party)
        if place is None or duty.carries(entries, place, leads=leads):
            continue
        admission = duty.admission_for(category_id, place, at)
        if admission is None and ticket.tier != Tier.EMERGENCY:
            department = duty.department_of(ticket, entries, category_id)
            push = RefusedPush(ticket.pk, category_id, department, party.pk, verb, by, at)
            raise PushRefused(_words(party, entries), push)
        counted.append(_push(ticket, party, admission, category_id, entries, verb, by, at))
    if counted:
        Push.objects.bulk_create(counted)
        facts["gate"] = str(counted[0].verdict)
        facts["admission"] = counted[0].admission_id
    return Verdict(facts, item)


def check_emergency(ticket: Ticket, *, by: Actor, at: datetime) -> tuple[Verdict, Push | None]:
    """Check an unsaved emergency that goes directly to the unit on duty; it is never refused. One statement.

    Returns the facts and, if that unit's list does not carry the work, the push to be counted.
    """
    onto = Unit.objects.get(pk=ticket.lead_unit_id)
    entries = duty.entries_for(ticket.category_id, at)
    facts, item = _followed(ticket, onto, entries)
    place = duty.below_county(onto)
    if duty.in_force(at) is None or place is None or duty.carries(entries, place, leads=True):
        return Verdict(facts, item), None
    admission = duty.admission_for(ticket.category_id, place, at)
    push = _push(ticket, onto, admission, ticket.category_id, entries, "report", by, at)
    return Verdict({**facts, "gate": str(push.verdict), "admission": push.admission_id}, item), push


def _from_county(ticket: Ticket, verb: str) -> bool:
    """Does the county send it down? A ruling always comes from there, a reassignment if the dispatch did."""
    if verb == "arbitrate":
        return True
    return State.REFERRED in {ticket.state, ticket.came_from if verb == "reassign" else ""}


def _followed(
    ticket: Ticket, unit: Unit, entries: tuple[duty.Entry, ...]
) -> tuple[dict[str, Any], int | None]:
    """Facts on whether the list's lead was chosen, and the id of the item that the ticket falls under."""
    if not entries:
        return {}, None
    meant = next((entry for entry in entries if _is_lead(entry, unit)), None)
    entry = meant or entries[0]
    proposed = duty.unit_of(entry.lead, ticket)
    return {"item": entry.code, "proposed": proposed, "followed": meant is not None}, entry.pk


def _is_lead(entry: duty.Entry, unit: Unit) -> bool:
    place = duty.below_county(unit)
    if place is not None:
        return duty.names(entry.lead, place)
    return str(entry.lead.unit_id) in unit.path.split("/")


def _push(
    ticket: Ticket,
    onto: Unit,
    admission: duty.Admitted | None,
    category_id: int | None,
    entries: tuple[duty.Entry, ...],
    verb: str,
    by: Actor,
    at: datetime,
) -> Push:
    verdict = Push.Verdict.ADMITTED if admission else Push.Verdict.EMERGENCY
    department = admission.asked_unit_id if admission else duty.department_of(ticket, entries, category_id)
    return Push(
        ticket=ticket,
        category_id=category_id,
        department_id=department,
        onto=onto,
        verb=verb,
        verdict=verdict,
        admission_id=admission and admission.pk,
        member_id=by.member_id,
        unit_id=by.unit_id,
        at=at,
    )


def _words(unit: Unit, entries: tuple[duty.Entry, ...]) -> str:
    if not entries:
        return _("履职清单没有把这类事项列给%(unit)s，不能下派；确需下派的，请先办理工作准入") % {
            "unit": unit.name
        }
    entry = entries[0]
    return _(
        "履职清单第 %(code)s 项“%(name)s”(%(kind)s)由%(lead)s负责，不能派给%(unit)s；确需下派的，请先办理工作准入"
    ) % {
        "code": entry.code,
        "name": entry.name,
        "kind": DutyKind(entry.kind).label,
        "lead": entry.lead,
        "unit": unit.name,
    }


def count_refused(push: RefusedPush) -> None:
    """Store a refused push and record it in the ticket's history. Runs after the rollback."""
    Push.objects.create(
        ticket_id=push.ticket_id,
        category_id=push.category_id,
        department_id=push.department_id,
        onto_id=push.onto_id,
        verb=push.verb,
        verdict=Push.Verdict.REFUSED,
        member_id=push.by.member_id,
        unit_id=push.by.unit_id,
        at=push.at,
    )
    ticket = Ticket.objects.get(pk=push.ticket_id)
    facts = {"verb": push.verb, "unit": push.onto_id, "department": push.department_id}
    events.record("ticket.push_refused", ticket, by=push.by, at=push.at, **facts)
