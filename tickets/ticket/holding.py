"""The unit that must act on a ticket now."""

from django.utils.translation import gettext as _

from governance.errors import Invalid
from grids.models import UnitKind
from grids.units import queries as unit_queries
from tickets.states import Ruling, State
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket

#: The kinds of unit that must act, by state; the first one that serves the area is the holder.
_BY_PLACE = {
    State.REPORTED: (UnitKind.COMMUNITY,),
    State.ESCALATED: (UnitKind.STREET_CENTER,),
    State.REFERRED: (UnitKind.COUNTY_CENTER,),
    State.RESOLVED: unit_queries.LADDER,
}


def holder_of(ticket: Ticket) -> int | None:
    """The id of the unit that must act now: by area before dispatch and for verification, else the lead unit.

    None for a ticket that is rated, divided or closed. No unit holds a complaint about itself, one above it or
    one below it, but the county centre in name: there a leader decides in its place. Raises Invalid if no unit
    of the area fits the state.
    """
    state = State(ticket.state)
    if state in {State.RATING, State.CLOSED, State.DIVIDED}:
        return None
    if state == State.IN_REVIEW:
        return ticket.dispatched_by_id or ticket.lead_unit_id
    if state == State.AWAITING_RESIDENT and ticket.lead_unit_id is None:  # asked before it was sorted
        state = State.REPORTED
    if state not in _BY_PLACE:
        return ticket.lead_section_id or ticket.lead_unit_id
    kinds = (UnitKind.COUNTY_CENTER,) if ticket.ruling == Ruling.DUE else _BY_PLACE[state]
    serving = unit_queries.holders_of(ticket.area_path)
    fitting = [serving[kind] for kind in kinds if kind in serving]
    kept_out = accused.those_in_line(ticket, fitting)
    found = next((unit for unit in fitting if unit not in kept_out), None)
    if found is None and UnitKind.COUNTY_CENTER in kinds:
        found = serving.get(UnitKind.COUNTY_CENTER)
    if found is None:
        raise Invalid(_no_holder(ticket, bool(fitting)), code="no_holder", field="area")
    return found


def _no_holder(ticket: Ticket, is_about_it: bool) -> str:
    if is_about_it:
        return _("该事项反映的是“%(state)s”环节的单位，不能交其办理") % {"state": ticket.get_state_display()}
    return _("该地点没有可以“%(state)s”的单位，请选择所在社区") % {"state": ticket.get_state_display()}
