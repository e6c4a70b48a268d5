"""Triage by the community: 分单, and reports that are settled on the spot."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from governance.access import policy, secrets
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Area, Unit
from tickets.catalog import tree as catalog
from tickets.catalog.models import Category
from tickets.intake import actions as intake
from tickets.orders.actions import dispatching, summarizing
from tickets.states import Outcome, Size, State, Tier
from tickets.ticket import danger, moving
from tickets.ticket import queries as ticket_queries
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of


def self_resolve(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    evidence: str = "",
    expected: str = "",
) -> Ticket:
    """就地解决: the grid worker has settled it.

    The text is public, the evidence internal. A sample and every serious matter are verified by somebody else, the
    rest is closed; a resident always rates.
    """
    ticket, move = moving.lock_for(ticket, "self_resolve", by=by, expected=expected)
    text = web_fields.required(text, "text", _("就地解决情况"))
    resident = ticket_queries.residents(ticket).exists()
    sample = not resident and not serious(ticket) and sampled(ticket)
    looked_at = resident or serious(ticket) or sample
    remark, inside = moving.add_remarks(ticket, "self_resolve", by=by, at=at, public=text, internal=evidence)
    changes: dict[str, Any] = {
        "handled_by_id": by.member_id,
        "lead_unit_id": by.unit_id,
        "dispatched_by_id": ticket.holder_unit_id,
        "came_from": State.REPORTED,
        "size": Size.MINOR,
        "outcome": Outcome.FIXED,
    }
    target = State.RESOLVED if looked_at else State.CLOSED
    facts = {"remark": remark.pk, "evidence": inside and inside.pk, "sampled": sample}
    return moving.make_move(ticket, move, target, by=by, at=at, facts=facts, **changes).ticket


def report_solved(draft: intake.Draft, *, by: Actor, at: datetime, text: str) -> intake.Receipt:
    """Report a finding and settle it in one step. A repeat returns the same receipt."""
    policy.require(by, Permission.TICKET_SELF_RESOLVE)
    receipt = intake.report(draft, by=by, at=at)
    if not receipt.created:
        return receipt
    if receipt.ticket.state != State.REPORTED:
        raise Invalid(
            _("该事项为特急，已直接派给责任单位，不能只报就地解决，请点“上报”"),
            code="emergency",
            field="solved",
        )
    ticket = self_resolve(receipt.ticket, by=by, at=at, text=text)
    return intake.Receipt(ticket, receipt.reporter, created=True)


def serious(ticket: Ticket) -> bool:
    """Is the matter an emergency or urgent: by its own tier, by its category, or by its words under any category?

    A lower tier than that of the category does not spare the second look.
    """
    words = f"{ticket.title} {ticket.text}"
    nodes = (catalog.tree().nodes.get(ticket.category_id), catalog.proposed(words, ticket.matter))
    tiers = {ticket.tier, *(node.tier for node in nodes if node)}
    return bool(tiers & {Tier.EMERGENCY, Tier.URGENT}) or danger.told_of(words)


def sampled(ticket: Ticket) -> bool:
    """Is this finding in the sample that another member verifies?

    The ticket's number decides, so the choice can be explained.
    """
    share = current().setting("sampling_percent")
    return int(secrets.digest(ticket.number)[:8], 16) % 100 < share


def triage_minor(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    unit: Unit | None = None,
    category: Category | None = None,
    summary: str = "",
    expected: str = "",
) -> Ticket:
    """小事: the community keeps the ticket, or gives it to a unit nearby. The category can be corrected."""
    ticket, move = moving.lock_for(ticket, "triage_minor", by=by, expected=expected)
    if unit is not None:
        reach_of(ticket, "triage_minor").require([unit])
    summarizing.beside(ticket, summary, by=by, at=at)
    lead = unit.pk if unit else ticket.holder_unit_id
    remark = moving.add_remark(ticket, "triage_minor", reason, by=by, at=at)
    changes = moving.correct(ticket, None, category)
    facts = {"remark": remark and remark.pk, "unit": lead, **moving.corrected(changes)}
    return moving.make_move(
        ticket,
        move,
        State.HANDLING,
        by=by,
        at=at,
        facts=facts,
        **changes,
        size=Size.MINOR,
        lead_unit_id=lead,
        dispatched_by_id=ticket.holder_unit_id,
        came_from=State.REPORTED,
    ).ticket


def triage_major(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    category: Category | None = None,
    summary: str = "",
    expected: str = "",
) -> Ticket:
    """大事: the ticket goes up to the street's command centre. The category can be corrected."""
    ticket, move = moving.lock_for(ticket, "triage_major", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("分单理由"))
    summarizing.beside(ticket, summary, by=by, at=at)
    remark = moving.add_remark(ticket, "triage_major", reason, by=by, at=at)
    changes = moving.correct(ticket, None, category)
    facts = {"remark": remark.pk, **moving.corrected(changes)}
    return moving.make_move(
        ticket, move, State.ESCALATED, by=by, at=at, facts=facts, **changes, size=Size.MAJOR
    ).ticket


def send_back(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    area: Area | None = None,
    expected: str = "",
) -> Ticket:
    """退回重分: down one level, because it is minor or the street's. An area can be set in the same move."""
    ticket, move = moving.lock_for(ticket, "send_back", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("退回理由"))
    target = State.REPORTED if ticket.state == State.ESCALATED else State.ESCALATED
    changes = moving.correct(ticket, area, None)
    remark = moving.add_remark(ticket, "send_back", reason, by=by, at=at)
    facts = {"remark": remark.pk, **moving.corrected(changes)}
    return moving.make_move(ticket, move, target, by=by, at=at, facts=facts, **changes).ticket


def upgrade(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    expected: str = "",
) -> Ticket:
    """转大事: a minor ticket has turned out major; only the community that leads may decide this."""
    ticket, move = moving.lock_for(ticket, "upgrade", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("转办理由"))
    remark = moving.add_remark(ticket, "upgrade", reason, by=by, at=at)
    return moving.make_move(
        ticket,
        move,
        State.ESCALATED,
        by=by,
        at=at,
        facts={"remark": remark.pk},
        clock_outcome=moving.CANCELLED,
        size=Size.MAJOR,
        **dispatching.WITHOUT_LEAD,
    ).ticket


def rise(ticket: Ticket | moving.Locked, *, by: Actor, at: datetime) -> Ticket:
    """自动提级: the level has not acted in time; the ticket goes up one level, if the district wants that."""
    ticket, move = moving.lock_for(ticket, "rise", by=by)
    target = State.ESCALATED if ticket.state == State.REPORTED else State.REFERRED
    return moving.make_move(ticket, move, target, by=by, at=at).ticket
