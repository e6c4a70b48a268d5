"""Subscribers of privacy events: notify the county centre."""

from governance import events
from governance.access.permissions import Role
from governance.events import notices
from governance.events.models import Event
from governance.events.receivers import To
from grids import tree as territory
from grids.models import UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries


@events.subscribes("privacy.asked", "clock.breached", name="tickets.tell_who_answers_for_privacy")
def tell_who_answers_for_privacy(event: Event) -> None:
    """Notify the county centre of a personal data request (个人信息请求), once when it is made and once when it is
    late."""
    if event.subject_type != "tickets.datarequest":
        return
    county = territory.district()
    units = [unit_queries.holders_of(county.path).get(UnitKind.COUNTY_CENTER)] if county else []
    staff = people_queries.staff([unit for unit in units if unit], event.at, (Role.COUNTY_CENTER,))
    notices.tell([To(member, unit) for unit, member in staff], event, facts={}, link="desk/privacy/")
