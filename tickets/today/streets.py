"""Figures of each street for those who supervise several: backlog, punctuality and answers of residents."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.clocks.models import Clock, Outcome, Purpose
from grids import choices
from grids.models import CODE_LENGTH, Level
from tickets.states import State
from tickets.ticket import worklist
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.ticket import Ticket

#: The period of the rates.
PERIOD = timedelta(days=30)
#: Characters of the path of a street: the codes of district and street, each with a slash.
_PATH = CODE_LENGTH[Level.DISTRICT] + CODE_LENGTH[Level.STREET] + 2


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a whole, None in percent where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share, rounded."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(slots=True)
class Street:
    """One street: open and late tickets now; of the last 30 days the share of closed tickets that were resolved in
    time, and the share of ratings that say solved."""

    name: str
    code: str
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def late(self) -> Share:
        """Late among the open tickets."""
        return Share(self.counts["late"], self.counts["open"])

    @property
    def in_time(self) -> Share:
        """Resolved in time among the tickets closed in the period."""
        return Share(self.counts["in_time"], self.counts["closed"])

    @property
    def solved(self) -> Share:
        """Said to be solved among the ratings of the period."""
        return Share(self.counts["solved"], self.counts["rated"])


def by_street(actor: Actor, at: datetime) -> list[Street]:
    """The streets in the areas that the actor supervises, the largest share of late tickets first; empty for fewer
    than two. A last row counts what no street has yet, so that the rows add up. Three statements."""
    paths = actor.area_paths(Permission.TICKET_SUPERVISE)
    streets = {
        one.path: Street(one.name, one.code)
        for one in choices.places()
        if one.level == Level.STREET and any(one.path.startswith(path) for path in paths)
    }
    if len(streets) < 2:
        return []
    nowhere = Street(_("未定街道（乡镇）"), "")
    for row in (*_backlog(actor, paths, at), *_closed(actor, paths, at), *_rated(actor, paths, at)):
        street = streets.get(row.pop("street"), nowhere)
        for name, count in row.items():
            street.counts[name] += count
    found = sorted(streets.values(), key=lambda one: (-(one.late.percent or 0), one.code))
    return [*found, nowhere] if nowhere.counts["open"] else found


def _per_street(found: QuerySet, field_name: str, **counts: Any) -> QuerySet:
    named = found.order_by().annotate(street=Substr(field_name, 1, _PATH))
    return named.values("street").annotate(**counts)


def _backlog(actor: Actor, paths: list[str], at: datetime) -> QuerySet:
    found = Ticket.objects.visible_to(actor).open().filter(below("area_path", paths))
    late = Count("pk", filter=worklist.late(at))
    return _per_street(found, "area_path", open=Count("pk"), late=late)


def _closed(actor: Actor, paths: list[str], at: datetime) -> QuerySet:
    """Closed tickets with a resolve clock that was judged."""
    clocks = Clock.objects.filter(
        subject_type="tickets.ticket", subject_id=OuterRef("pk"), purpose=Purpose.RESOLVE
    )
    judged, late = clocks.filter(outcome__in=[Outcome.MET, Outcome.LATE]), clocks.filter(outcome=Outcome.LATE)
    found = Ticket.objects.visible_to(actor).filter(
        Exists(judged), below("area_path", paths), state=State.CLOSED, closed_at__gte=at - PERIOD
    )
    found = found.annotate(was_late=Exists(late))
    return _per_street(found, "area_path", closed=Count("pk"), in_time=Count("pk", filter=Q(was_late=False)))


def _rated(actor: Actor, paths: list[str], at: datetime) -> QuerySet:
    seen = Ticket.objects.visible_to(actor).filter(below("area_path", paths))
    found = Rating.objects.filter(ticket__in=seen.values("pk"), at__gte=at - PERIOD)
    solved = Count("pk", filter=Q(solved=True))
    return _per_street(found, "ticket__area_path", rated=Count("pk"), solved=solved)
