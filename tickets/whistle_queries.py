"""Reading whistles: lists, the sheet of one, and the figures of both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONObject

from governance import events
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.clocks import queries as clock_queries
from governance.clocks.models import Clock, Outcome, Purpose
from governance.events.models import Event
from governance.tenancy.scope import current
from grids.models import Area, Level, Unit
from tickets.models import Ticket, Whistle, WhistleParty, WhistlePhoto, WhistleRating, WhistleTask
from tickets.models.whistles import BY_PLACE
from tickets.whistle_workflow import OPEN, Stage

PAGE = 50
SCOPES = ("answer", "run", "open", "all")
COLUMNS = (
    "id",
    "number",
    "kind",
    "state",
    "text",
    "address",
    "created_at",
    "ended_at",
    "area__code",
    "area__name",
    "blown_by__code",
    "blown_by__name",
    "ticket__number",
)
PHOTO = ("id", "shows", "width", "height", "created_at")
STARS = ("in_time", "together", "solved", "needed", "clear")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first, and the id after which the next ones begin."""

    rows: list[dict[str, Any]]
    next: int | None


def page(actor: Actor, scope: str = "all", *, before: int | None = None, size: int = PAGE) -> Page:
    """What the actor sees: to be answered by the own units, run by the own street, open, or all. One statement."""
    found = Whistle.objects.visible_to(actor).filter(_within(actor, scope))
    if before:
        found = found.filter(pk__lt=before)
    parties = WhistleParty.objects.filter(whistle=OuterRef("pk")).order_by("id")
    shown = parties.values(one=JSONObject(unit="unit__name", stage="stage"))
    rows = list(found.order_by("-id").annotate(who=ArraySubquery(shown)).values(*COLUMNS, "who")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Page([_with_counts(row) for row in rows], rows[-1]["id"] if more else None)


def _with_counts(row: dict[str, Any]) -> dict[str, Any]:
    stages = [one["stage"] for one in row["who"]]
    there = sum(stage in {Stage.ON_SITE, Stage.RELEASED} for stage in stages)
    return {**row, "units": [one["unit"] for one in row["who"]], "summoned": len(stages), "there": there}


def waiting(actor: Actor) -> QuerySet[Whistle]:
    """Open whistles that an own unit has not answered, or has answered and not arrived at."""
    return Whistle.objects.visible_to(actor).filter(_within(actor, "answer"))


def _within(actor: Actor, scope: str) -> Q:
    if scope == "answer":
        units = sorted(actor.unit_ids_with(Permission.TICKET_ACCEPT))
        waiting = WhistleParty.objects.filter(unit_id__in=units, stage__in=[Stage.ASKED, Stage.ANSWERED])
        return Q(state__in=sorted(OPEN), pk__in=waiting.values("whistle_id"))
    if scope == "run":
        run = below("area_path", actor.area_paths(Permission.TICKET_STREET))
        return run & (Q(state__in=sorted(OPEN)) | Q(state="ended"))
    return Q(state__in=sorted(OPEN)) if scope == "open" else Q()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of a whistle: parties with their stars, tasks, history, clocks."""

    whistle: Whistle
    parties: list[WhistleParty]
    tasks: list[WhistleTask]
    history: list[Event]
    clocks: list[clock_queries.Story]


def find(actor: Actor, number: str) -> Whistle | None:
    """One whistle with what its page names, or None where the actor may not see it; `sees_ticket` says whether the
    actor sees the ticket that it stands beside, `pictures` holds its photos."""
    rows = Whistle.objects.visible_to(actor).select_related("area", "blown_by", "member", "ticket")
    tickets = Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket_id"))
    photos = WhistlePhoto.objects.filter(whistle=OuterRef("pk")).order_by("id")
    pictures = ArraySubquery(
        photos.values(one=JSONObject(**{key: key for key in PHOTO}, unit="party__unit__name"))
    )
    return rows.filter(number=number).annotate(sees_ticket=Exists(tickets), pictures=pictures).first()


def photo(actor: Actor, number: str, pk: int) -> WhistlePhoto | None:
    """One photo of a whistle, or None where the actor may not see the whistle."""
    seen = Whistle.objects.visible_to(actor).filter(number=number)
    return WhistlePhoto.objects.filter(pk=pk, whistle__in=seen).first()


def sheet(whistle: Whistle, at: datetime) -> Sheet:
    """All that its page shows; five statements."""
    stars = WhistleRating.objects.filter(party=OuterRef("pk")).order_by("id")
    keys = {key: key for key in ("by_street", "text", *STARS)}
    parties = list(
        whistle.parties.select_related("unit", "member")
        .annotate(stars=ArraySubquery(stars.values(one=JSONObject(**keys))))
        .order_by("id")
    )
    whistle.__dict__["summoned"] = parties
    whistle.__dict__["judged"] = {(one.pk, row["by_street"]) for one in parties for row in one.stars}
    tasks = list(whistle.tasks.select_related("party__unit", "done_by").order_by("id"))
    return Sheet(whistle, parties, tasks, history(whistle), clock_queries.explain(whistle, at=at))


def history(whistle: Whistle) -> list[Event]:
    """The chain, oldest first, each with who acted (`who`, `unit_name`) and in words (`what`)."""
    units, members = Unit.objects.values("name"), Member.objects.values("name")
    rows = Event.objects.filter(subject_type="tickets.whistle", subject_id=whistle.pk).annotate(
        who=Subquery(members.filter(pk=OuterRef("actor_id"))[:1]),
        unit_name=Subquery(units.filter(pk=OuterRef("unit_id"))[:1]),
    )
    found = list(rows.order_by("seq"))
    for row in found:
        row.what = events.sentence(row.kind)
    return found


# -- figures: 吹哨情况


@dataclass(frozen=True, slots=True)
class StreetMonth:
    """How often one street whistled in one month, beside how many matters came in there."""

    street: str
    tickets: int
    whistles: int
    whistled: int  # of the month's whistles, so many different tickets

    @property
    def share(self) -> float | None:
        """Matters whistled in hundred matters reported; None where none was reported."""
        return round(100 * self.whistled / self.tickets, 1) if self.tickets else None


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """How one unit came, and what both sides said."""

    unit: str
    summoned: int
    answered: int
    answered_in_time: int
    arrived: int
    arrived_in_time: int
    stars: float | None  # what streets gave it, all three together
    gave: float | None  # what it gave the whistles


def month_of(first: date) -> tuple[datetime, datetime]:
    """The instants at which a month of the district begins and ends."""
    zone = ZoneInfo(current().zone)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return tuple(datetime(day.year, day.month, 1, tzinfo=zone) for day in (first.replace(day=1), after))


def _places(actor: Actor) -> Q:
    return below("area_path", sorted({path for p in BY_PLACE for path in actor.area_paths(p)}))


def by_street(actor: Actor, month: date) -> list[StreetMonth]:
    """The streets in the actor's places; three statements."""
    start, end = month_of(month)
    street = Func(
        F("area_path"), Value("/"), Value(2), function="split_part", output_field=TextField()
    )  # a place's path begins with the codes of district and street

    def counted(rows: QuerySet, **counts: Any) -> dict[str, dict[str, int]]:
        inside = rows.filter(_places(actor), created_at__gte=start, created_at__lt=end)
        return {
            row["street"]: row for row in inside.annotate(street=street).values("street").annotate(**counts)
        }

    tickets = counted(Ticket.objects.all(), n=Count("pk"))
    blown = counted(Whistle.objects.all(), n=Count("pk"), whistled=Count("ticket", distinct=True))
    streets = Area.objects.filter(level=Level.STREET, valid_to=None).order_by("path")
    names = dict(streets.values_list("code", "name"))
    none = {"n": 0, "whistled": 0}
    return [
        StreetMonth(
            name, tickets.get(code, none)["n"], blown.get(code, none)["n"], blown.get(code, none)["whistled"]
        )
        for code, name in names.items()
        if code in tickets or code in blown
    ]


def by_unit(actor: Actor, month: date) -> list[UnitMonth]:
    """The units summoned in the actor's places; three statements."""
    start, end = month_of(month)
    whistles = Whistle.objects.filter(_places(actor), created_at__gte=start, created_at__lt=end).values("pk")
    parties = WhistleParty.objects.filter(whistle__in=whistles).values("unit_id", "unit__name")
    rows = parties.annotate(
        summoned=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        arrived=Count("pk", filter=Q(on_site_at__isnull=False)),
    ).order_by("unit__name")
    kept = _kept(whistles)
    stars = _stars(whistles)
    return [
        UnitMonth(
            row["unit__name"],
            row["summoned"],
            row["answered"],
            kept.get((row["unit_id"], Purpose.ANSWER), 0),
            row["arrived"],
            kept.get((row["unit_id"], Purpose.ARRIVE), 0),
            stars.get((row["unit_id"], True)),
            stars.get((row["unit_id"], False)),
        )
        for row in rows
    ]


def _kept(whistles: QuerySet) -> dict[tuple[int, str], int]:
    """How many promises each unit kept, by its clocks."""
    rows = Clock.objects.filter(
        subject_type="tickets.whistle",
        subject_id__in=whistles,
        purpose__in=[Purpose.ANSWER, Purpose.ARRIVE],
        outcome=Outcome.MET,
    )
    counted = rows.values_list("unit_id", "purpose").annotate(n=Count("pk")).order_by()
    return {(unit, purpose): n for unit, purpose, n in counted}


def _stars(whistles: QuerySet) -> dict[tuple[int, bool], float]:
    """The mean of a unit's stars, given to it (True) and given by it (False)."""
    rows = WhistleRating.objects.filter(whistle__in=whistles).values_list("party__unit_id", "by_street")
    given = rows.annotate(
        got=Avg((F("in_time") + F("together") + F("solved")) / 3.0),
        gave=Avg((F("needed") + F("clear")) / 2.0),
    ).order_by()
    return {(unit, side): round(got if side else gave, 1) for unit, side, got, gave in given}


def months(at: datetime, count: int = 12) -> Iterable[date]:
    """The present month of the district and those before it, newest first."""
    day = at.astimezone(ZoneInfo(current().zone)).date().replace(day=1)
    for _ in range(count):
        yield day
        day = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
