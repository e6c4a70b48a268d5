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
from tickets.privacy.models import DataRequest
from tickets.ticket.audience import heard_of


@events.subscribes("privacy.asked", "clock.breached", name="tickets.tell_who_answers_for_privacy")
def tell_who_answers_for_privacy(event: Event) -> None:
    """Notify the county centre of a personal data request (个人信息请求), once when it is made and once when it is
    late; a leader if it is about a complaint that the centre must not see."""
    if event.subject_type != "tickets.datarequest":
        return
    county = territory.district()
    units = [unit_queries.holders_of(county.path).get(UnitKind.COUNTY_CENTER)] if county else []
    staff = people_queries.staff([unit for unit in units if unit], event.at, (Role.COUNTY_CENTER,))
    asked = DataRequest.objects.select_related("ticket").filter(pk=event.subject_id).first()
    if asked is None:
        return
    heard = heard_of(asked.ticket, [To(member, unit) for unit, member in staff], event.at, units)
    notices.tell(heard.to, event, facts={}, link="desk/privacy/", barred=heard.barred)
