"""The line of the unit that a complaint is about (grids.units.queries): nobody in it handles or sees the ticket."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor, Grant
from governance.access.permissions import Role
from governance.errors import Invalid
from grids.models import Unit, UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries
from tickets.states import State
from tickets.ticket.models.ticket import Ticket

#: The levels that sort and dispatch, from the place upwards; the county comes last and is never passed over.
_LEVELS = ((State.REPORTED, UnitKind.COMMUNITY), (State.ESCALATED, UnitKind.STREET_CENTER))


def in_line(ticket: Ticket, unit: Unit) -> bool:
    """Is the ticket a complaint in whose line the unit is?"""
    return ticket.against_unit_id is not None and unit_queries.in_line_of(unit.path, _path(ticket))


def those_in_line(ticket: Ticket, unit_ids: Iterable[int | None]) -> set[int]:
    """The units among these that are in the line of the unit complained about; no statement."""
    if ticket.against_unit_id is None:
        return set()
    wanted, path = {unit for unit in unit_ids if unit}, _path(ticket)
    return {unit for unit in wanted if unit_queries.in_line_of(unit_queries.path_of(unit), path)}


def _path(ticket: Ticket) -> str:
    return unit_queries.path_of(ticket.against_unit_id)


def not_about(ticket: Ticket, unit: Unit, field: str = "unit") -> None:
    """Raise Invalid if the ticket is a complaint in whose line the unit is."""
    if in_line(ticket, unit):
        raise Invalid(_("不能交由被反映的单位或其上下级单位办理"), code="against_it", field=field)


def outside_line(ticket: Ticket, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units that may have something to do with the ticket."""
    if ticket.against_unit_id is None:
        return units
    return units.exclude(unit_queries.line_of(_path(ticket)))


def people_in_line(ticket: Ticket, at: datetime) -> frozenset[int]:
    """The members who must not see the ticket; empty and without a statement unless it is a complaint about a unit."""
    if ticket.against_unit_id is None:
        return frozenset()
    return frozenset(people_queries.members_in_line(_path(ticket), at))


def is_the_leaders(ticket: Ticket) -> bool:
    """Does a leader over the district decide in place of the county centre, because it is in the line?"""
    return leaders_decide(ticket.against_unit_id)


def leaders_decide(against: int | None) -> bool:
    """The same by the id of the unit that a ticket is about, None for any other ticket."""
    return against is not None and against in unit_queries.line_of_the_county()


def acting(against: int | None, unit: int | None, name: str) -> str:
    """The name of a unit on a ticket's pages; "the leaders" for a county centre in whose place they decide."""
    if unit is None or not leaders_decide(against) or unit_queries.kind_of(unit) != UnitKind.COUNTY_CENTER:
        return name
    return _("区县领导")


def in_the_centres_place(ticket: Ticket, by: Actor) -> Actor:
    """The actor with the rights on this ticket: a leader over the district decides for an accused county centre."""
    leading = [grant for grant in by.grants if grant.role == Role.LEADER and not grant.line]
    if not leading or not is_the_leaders(ticket):
        return by
    centre = unit_queries.holders_of(ticket.area_path).get(UnitKind.COUNTY_CENTER)
    if centre is None:
        return by
    seat = Grant(Role.COUNTY_CENTER, centre, frozenset({centre}), None, leading[0].area_paths)
    return replace(by, grants=(*by.grants, seat))


def leaders(ticket: Ticket, at: datetime) -> set[int]:
    """The leaders over the ticket's area who are outside the line."""
    return people_queries.posted_over(ticket.area_path, Role.LEADER, at) - people_in_line(ticket, at)


def passed_over(ticket: Ticket, state: State) -> State:
    """The state, or the next one further up whose level is outside the line of the unit complained about."""
    if ticket.against_unit_id is None:
        return state
    serving = unit_queries.holders_of(ticket.area_path)
    kept_out = those_in_line(ticket, serving.values())
    for level, kind in _LEVELS:
        if state == level and serving.get(kind) in kept_out:
            state = State.ESCALATED if level == State.REPORTED else State.REFERRED
    return state
