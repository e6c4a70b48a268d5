"""Units that a leaving member would leave without anyone, and the open tickets that rest there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min

from governance.access.actors import Actor
from governance.access.models import Member
from grids import tree as territory
from grids.models import Post, Unit
from grids.people import queries as people_queries
from tickets.ticket.models.ticket import Ticket, outside


@dataclass(frozen=True, slots=True)
class Bare:
    """A unit without anyone left, the number of its open tickets, and the day on which the next person begins."""

    unit: Unit
    tickets: int
    next_on: date | None


def left_bare(member: Member, at: datetime, by: Actor, post_id: int | None = None) -> list[Bare]:
    """The units with open tickets in which nobody else has a post today; of one post, or of all of the member.

    Four statements at most. Complaints about a unit in the line of `by` are not counted.
    """
    day = territory.local_day(at)
    held = people_queries.of_people(at)
    ending = held.filter(member=member) if post_id is None else held.filter(member=member, pk=post_id)
    staffed = held.exclude(pk__in=ending.values("pk")).values("unit")
    units = list(Unit.objects.filter(pk__in=ending.values("unit")).exclude(pk__in=staffed).order_by("code"))
    if not units:
        return []
    ids = [unit.pk for unit in units]
    resting = Ticket.objects.held_by(ids).filter(outside(by)).values("holder_unit_id").annotate(n=Count("pk"))
    counts = Counter({row["holder_unit_id"]: row["n"] for row in resting.order_by()})
    coming = Post.objects.filter(unit__in=ids, valid_from__gt=day, member__active=True).exclude(member=member)
    begins = dict(coming.order_by().values_list("unit").annotate(Min("valid_from")))
    return [Bare(unit, counts[unit.pk], begins.get(unit.pk)) for unit in units if counts[unit.pk]]
