"""Rule on a ticket and supervise it from above: 裁定, 领导牵头, 催办, 督办, 批示 and the answer to them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.models import Member
from governance.clocks import actions as clocks
from governance.clocks.models import Purpose
from governance.errors import Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids.models import Unit, UnitKind
from grids.people import records as people_records
from grids.units import queries as unit_queries
from tickets.duties import gate
from tickets.states import Ruling, State
from tickets.ticket import accused, moving, sharing, state_clocks
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.reach import reach_of


def arbitrate(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    unit: Unit,
    reason: str,
    assistants: Iterable[Unit] = (),
    expected: str = "",
) -> Ticket:
    """裁定: the county decides which unit is responsible.

    The ruling binds: the unit can neither return the ticket nor request a transfer. Raises PushRefused if the
    duty list forbids it.
    """
    ticket, move = moving.lock_for(ticket, "arbitrate", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("裁定理由"))
    helpers = [helper for helper in assistants if helper.pk != unit.pk]
    reach = reach_of(ticket, "arbitrate")
    reach.require([unit])
    reach.require(helpers, "assistants")
    passed = gate.check_dispatch(ticket, unit, helpers, verb="arbitrate", by=by, at=at)
    sharing.release(ticket)
    begin = sharing.involve(ticket, unit, helpers)
    remark = moving.add_remark(ticket, "arbitrate", reason, by=by, at=at)
    county = unit_queries.holders_of(ticket.area_path).get(UnitKind.COUNTY_CENTER)
    facts = {
        "unit": unit.pk,
        "assistants": [helper.pk for helper in helpers],
        "from": ticket.lead_unit_id,
        "remark": remark.pk,
        **passed.facts,
    }
    return moving.make_move(
        ticket,
        move,
        State.DISPATCHED,
        by=by,
        at=at,
        facts=facts,
        begin=begin,
        ruling=Ruling.GIVEN,
        duty_item_id=passed.item_id,
        lead_unit_id=unit.pk,
        lead_section_id=None,
        lead_member_id=None,
        dispatched_by_id=county,
        came_from=State.REFERRED,
    ).ticket


def lead_by_leader(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    leader: Member,
    reason: str,
    expected: str = "",
) -> Ticket:
    """领导牵头: a leader of the county takes charge over the departments; lead unit and assistants stay."""
    ticket, move = moving.lock_for(ticket, "lead_by_leader", by=by, expected=expected)
    reason = web_fields.required(reason, "reason", _("牵头事由"))
    people_records.lock(leader, "leader")
    if leader.pk not in accused.leaders(ticket, at):
        raise Invalid(
            _("%(name)s不是本地的领导") % {"name": leader.name}, code="not_a_leader", field="leader"
        )
    remark = moving.add_remark(ticket, "lead_by_leader", reason, by=by, at=at)
    changes = {"led_by_id": leader.pk}
    moving.record_move(ticket, move, by=by, at=at, changes=changes, member=leader.pk, remark=remark.pk)
    return ticket


def urge(ticket: Ticket, *, by: Actor, at: datetime, text: str, expected: str = "") -> Ticket:
    """催办: a reminder to the holder, without a clock; counted."""
    ticket, move = moving.lock_for(ticket, "urge", by=by, expected=expected)
    text = web_fields.required(text, "text", _("催办内容"))
    remark = moving.add_remark(ticket, "urge", text, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, changes={"urges": ticket.urges + 1}, remark=remark.pk)
    return ticket


def supervise(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    expected: str = "",
) -> Ticket:
    """督办: a formal order; the working unit must answer it within a time limit of its own."""
    return _ordered(ticket, "supervise", text, _("督办要求"), by=by, at=at, expected=expected)


def instruct(ticket: Ticket, *, by: Actor, at: datetime, text: str, expected: str = "") -> Ticket:
    """批示: a leader's instruction, kept on the ticket; it must be answered like an order of supervision."""
    return _ordered(ticket, "instruct", text, _("批示内容"), by=by, at=at, expected=expected)


def _ordered(
    ticket: Ticket, verb: str, text: str, label: str, *, by: Actor, at: datetime, expected: str
) -> Ticket:
    ticket, move = moving.lock_for(ticket, verb, by=by, expected=expected)
    text = web_fields.required(text, "text", label)
    remark = moving.add_remark(ticket, verb, text, by=by, at=at)
    unit_id, changes = state_clocks.answerable(ticket), {}
    if not ticket.supervised:  # else the answer that is due already answers both
        begin = state_clocks.new_clock(ticket, Purpose.SUPERVISE, unit_id)
        state_clocks.set_due(ticket, clocks.change_clocks(ticket, start=[begin], at=at).open)
        changes = {"supervised": True, "due_at": ticket.due_at}
    moving.record_move(ticket, move, by=by, at=at, changes=changes, unit=unit_id, remark=remark.pk)
    return ticket


def supervise_repeated_rework(ticket: Ticket, *, at: datetime) -> Ticket:
    """Supervise a ticket automatically one level up if it was reworked or returned too often.

    The limit is `problem_reworks` (domain.md B5, rule 7).
    """
    limit = current().setting("problem_reworks")
    if ticket.supervised or max(ticket.reworks, ticket.returns) < limit or ticket.state == State.CLOSED:
        return ticket
    by = moving.system(ticket)
    text = _("重办 %(reworks)d 次、退单 %(returns)d 次，列为疑难件提级督办")
    facts = {"reworks": ticket.reworks, "returns": ticket.returns}
    return supervise(ticket, by=by, at=at, text=text % facts)


def answer_supervision(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    expected: str = "",
) -> Ticket:
    """督办回复: what has been done, and by when it will be finished."""
    ticket, move = moving.lock_for(ticket, "answer_supervision", by=by, expected=expected)
    text = web_fields.required(text, "text", _("回复"))
    remark = moving.add_remark(ticket, "answer_supervision", text, by=by, at=at)
    state_clocks.set_due(ticket, clocks.change_clocks(ticket, stop=[Purpose.SUPERVISE], at=at).open)
    changes = {"supervised": False, "due_at": ticket.due_at}
    moving.record_move(ticket, move, by=by, at=at, changes=changes, remark=remark.pk)
    return ticket
