"""Public figures of an area, each with the number it is a share of."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q

from governance.access.policy import below
from governance.clocks.models import Clock, Outcome, Purpose
from governance.tenancy.scope import current
from tickets.states import Outcome as Ended
from tickets.states import State
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.ticket import Ticket

LEAST = 5  # a share of fewer tickets could reveal one of them


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`, both numbers of tickets."""

    n: int
    of: int

    @property
    def told(self) -> bool:
        """Is the number large enough to show the share without revealing one ticket?"""
        return self.of >= LEAST

    @property
    def percent(self) -> int:
        """The rounded percentage, 0 if there are no tickets."""
        return round(100 * self.n / self.of) if self.of else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The tickets received in an area since the quarter began, without void, duplicate, private ones or those
    about a unit.

    closed: of those received. solved: the last rating says so, of those rated; `unproven` the same
    of ratings whose phone nobody proved. on_time: met, or late with an
    accepted reason, of those whose last resolve clock has ended.
    """

    since: datetime
    received: int
    closed: Share
    solved: Share
    unproven: Share
    on_time: Share

    @property
    def told(self) -> bool:
        """Are there enough tickets to show any figure?"""
        return self.received >= LEAST


def quarter_start(at: datetime) -> datetime:
    """The first moment of the quarter, in the district's time zone."""
    local = at.astimezone(ZoneInfo(current().zone))
    midnight = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(month=(local.month - 1) // 3 * 3 + 1)


def of_place(path: str, at: datetime) -> Figures:
    """The figures of an area and all below it, from the start of this quarter until now; three statements."""
    since = quarter_start(at)
    found = (
        Ticket.objects.filter(
            below("area_path", [path]), parent=None, created_at__gte=since, created_at__lte=at
        )
        .filter(private=False, against_unit=None)
        .exclude(outcome__in=(Ended.VOID, Ended.DUPLICATE))
    )
    counts = found.aggregate(received=Count("pk"), closed=Count("pk", filter=Q(state=State.CLOSED)))
    later = Rating.objects.filter(ticket=OuterRef("ticket"), id__gt=OuterRef("id"))
    rated = Rating.objects.filter(~Exists(later), ticket__in=found.values("pk"))
    sure, yes = Q(proven=True) | Q(aloud_by__isnull=False), Q(solved=True)
    stars = rated.aggregate(
        n=Count("pk", filter=sure & yes),
        of=Count("pk", filter=sure),
        other_n=Count("pk", filter=~sure & yes),
        other_of=Count("pk", filter=~sure),
    )
    solved, unproven = Share(stars["n"], stars["of"]), Share(stars["other_n"], stars["other_of"])
    ended = Clock.objects.filter(
        subject_type="tickets.ticket", purpose=Purpose.RESOLVE, outcome__in=(Outcome.MET, Outcome.LATE)
    )
    again = ended.filter(subject_id=OuterRef("subject_id"), id__gt=OuterRef("id"))
    promises = ended.filter(~Exists(again), subject_id__in=found.values("pk"))
    kept = Q(outcome=Outcome.MET) | Q(excused_at__isnull=False)
    on_time = promises.aggregate(n=Count("pk", filter=kept), of=Count("pk"))
    closed = Share(counts["closed"], counts["received"])
    return Figures(since, counts["received"], closed, solved, unproven, Share(**on_time))
