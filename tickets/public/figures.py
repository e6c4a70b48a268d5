"""Public figures of an area, each with the number it is a share of."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from governance.access.policy import below
from governance.clocks.models import Clock, Outcome, Purpose
from governance.tenancy.scope import current
from grids import choices
from grids.models import Level
from grids.tree import ancestors_of
from tickets.states import Outcome as Ended
from tickets.states import State
from tickets.ticket.models.ratings import Rating
from tickets.ticket.models.ticket import Ticket

KEPT_FOR = 300  # seconds
LEAST = 5  # a share of fewer tickets could reveal one of them


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`, both numbers of tickets; `rest` is what is left of `of` without the areas inside that show theirs."""

    n: int
    of: int
    rest: int = field(default=0, compare=False)

    @property
    def told(self) -> bool:
        """Is the number large enough to show the share without revealing one ticket, here or by a subtraction?"""
        return _fits(self.of, self.rest)

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
        """Are there enough tickets to show any figure, and none too few outside the areas that show theirs?"""
        return _fits(self.received, self.closed.rest)


def quarter_start(at: datetime) -> datetime:
    """The first moment of the quarter, in the district's time zone."""
    local = at.astimezone(ZoneInfo(current().zone))
    midnight = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(month=(local.month - 1) // 3 * 3 + 1)


def of_district(at: datetime) -> Figures | None:
    """The figures of the whole district, kept for some minutes; None before it has an area."""
    name = f"figures:{current().pk}"
    found = cache.get(name)
    if found is None:
        paths = [place.path for place in choices.places() if place.level == Level.DISTRICT]
        found = of_place(paths[0], at) if paths else None
        cache.set(name, found, KEPT_FOR)
    return found


def of_place(path: str, at: datetime) -> Figures:
    """The figures of an area and all below it, from the start of this quarter until now; three statements.

    Each is counted by the streets and communities inside, so that no subtraction of their published figures tells
    a small number.
    """
    since = quarter_start(at)
    found = (
        Ticket.objects.filter(
            below("area_path", [path]), parent=None, created_at__gte=since, created_at__lte=at
        )
        .filter(private=False, against_unit=None)
        .exclude(outcome__in=(Ended.VOID, Ended.DUPLICATE))
    )
    tree = _Tree(path)
    received = tree.counted(found, "area_path", n=Q(state=State.CLOSED))
    shown = tree.told(received, tree.places)
    later = Rating.objects.filter(ticket=OuterRef("ticket"), id__gt=OuterRef("id"))
    rated = Rating.objects.filter(~Exists(later), ticket__in=found.values("pk"))
    sure, yes = Q(proven=True) | Q(aloud_by__isnull=False), Q(solved=True)
    stars = tree.counted(rated, "ticket__area_path", n=sure & yes, sure=sure, other=~sure & yes)
    solved = {one: {"n": row["n"], "of": row["sure"]} for one, row in stars.items()}
    unproven = {one: {"n": row["other"], "of": row["of"] - row["sure"]} for one, row in stars.items()}
    on_time = tree.counted(_promises(found), "place", n=Q(outcome=Outcome.MET) | Q(excused_at__isnull=False))
    shares = [tree.share(rows, shown) for rows in (received, solved, unproven, on_time)]
    return Figures(since, shares[0].of, *shares)


def _promises(found: QuerySet[Ticket]) -> QuerySet[Clock]:
    """The last ended resolve clock of each ticket, with the `place` of the ticket."""
    ended = Clock.objects.filter(
        subject_type="tickets.ticket", purpose=Purpose.RESOLVE, outcome__in=(Outcome.MET, Outcome.LATE)
    )
    again = ended.filter(subject_id=OuterRef("subject_id"), id__gt=OuterRef("id"))
    place = Ticket.objects.filter(pk=OuterRef("subject_id")).values("area_path")[:1]
    return ended.filter(~Exists(again), subject_id__in=found.values("pk")).annotate(place=Subquery(place))


Rows = dict[str, dict[str, int]]


class _Tree:
    """The streets and communities inside an area, whose figures are published as well."""

    def __init__(self, path: str) -> None:
        self.path = path
        levels = (Level.STREET, Level.COMMUNITY)
        inside = [one.path for one in choices.places() if one.level in levels and one.path.startswith(path)]
        self.places = {*inside} - {path}

    def counted(self, found: QuerySet, place: str, **counts: Q) -> Rows:
        """{nearest published place around: its counts}, `of` being all of them; one statement."""
        numbers = {name: Count("pk", filter=condition) for name, condition in counts.items()}
        rows = found.order_by().values_list(place).annotate(of=Count("pk"), **numbers)
        total: Rows = {}
        for where, *given in rows:
            around = max(
                (one for one in ancestors_of(where) if one in self.places), key=len, default=self.path
            )
            sums = total.setdefault(around, dict.fromkeys(("of", *numbers), 0))
            for name, number in zip(sums, given, strict=True):
                sums[name] += number
        return total

    def told(self, rows: Rows, among: set[str]) -> set[str]:
        """The places among these whose own number may be shown."""
        return {place for place in among if _fits(self._of(rows, place), self._rest(rows, among, place))}

    def share(self, rows: Rows, shown: set[str]) -> Share:
        """The sum as a share, with the rest beside the places that show theirs."""
        told = self.told(rows, shown)
        n = sum(row["n"] for row in rows.values())
        return Share(n, self._of(rows, self.path), self._rest(rows, told, self.path))

    def _of(self, rows: Rows, place: str) -> int:
        return sum(row["of"] for one, row in rows.items() if one.startswith(place))

    def _rest(self, rows: Rows, among: set[str], place: str) -> int:
        """The rest of a place without the places inside that may show their number, the inner ones first."""
        inner = sorted(
            (one for one in among if one.startswith(place) and one != place), key=len, reverse=True
        )
        covered: set[str] = set()
        for one in inner:
            rest = self._left(rows, covered, one)
            if _fits(self._of(rows, one), rest):
                covered.add(one)
        return self._left(rows, covered, place)

    def _left(self, rows: Rows, covered: set[str], place: str) -> int:
        """The part of a place that lies in no covered place inside it."""
        inside = [one for one in covered if one.startswith(place) and one != place]
        return sum(
            row["of"]
            for one, row in rows.items()
            if one.startswith(place) and not any(one.startswith(other) for other in inside)
        )


def _fits(of: int, rest: int) -> bool:
    """May a number be shown: large enough, and none too few beside the places inside?"""
    return of >= LEAST and not 0 < rest < LEAST
