"""Complaints about a unit, for tests of who may see them."""

from tests.worlds import MONDAY, at
from tickets.intake import actions as intake
from tickets.models import Ticket

LINES = {"lane": "lane_grids", "lane_grids": "lane", "water": "pipes", "pipes": "water"}


def complaint(walk, against, **more):
    given = {"text": "推诿不办,我姓钱", "area": walk.areas["lane_building"].code, "name": "钱居民"}
    draft = intake.Draft(**{**given, "phone": "13800001234", "against": against, **more})
    return intake.report(draft, by=walk.system, at=at(23, 9)).ticket


def placed(ticket, **row):
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    ticket.refresh_from_db()
    return ticket


def cast(walk, when=MONDAY):
    return {name: walk.actor(name, when) for name in walk.members if not name.startswith("neighbour")}


def in_line(walk, ticket, when=MONDAY):
    return {name: actor for name, actor in cast(walk, when).items() if ticket.against_unit_id in actor.line}
