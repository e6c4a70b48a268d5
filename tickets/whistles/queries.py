"""Query whistles: lists, the page of one, and monthly figures of streets and units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.clocks import queries as clock_queries
from governance.clocks.models import Clock, Outcome, Purpose
from governance.events.models import Event
from governance.tenancy.scope import current
from grids.models import Area, Level, Unit, UnitKind
from tickets.ticket import accused
from tickets.ticket.models.ticket import Ticket, outside
from tickets.ticket.queries import rows_of_ticket
from tickets.whistles.models import BY_PLACE, Whistle, WhistleParty, WhistlePhoto, WhistleRating, WhistleTask
from tickets.whistles.workflow import OPEN, Stage, WhistleKind, WhistleState

#: Kinds of units that any street may summon; a unit of another kind only by its own street.
SUMMONED_ANYWHERE = (UnitKind.DEPARTMENT, UnitKind.SECTION, UnitKind.STATIONED)

WHISTLES = ("number", "kind", "state", "created_at")
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
    "ticket_number",
)
USUAL_SINCE, USUAL = timedelta(days=180), 6
PHOTO = ("id", "shows", "width", "height", "created_at")
STARS = ("in_time", "together", "solved", "needed", "clear")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, newest first, and the id after which the next page begins."""

    rows: list[dict[str, Any]]
    next: int | None


def page(actor: Actor, scope: str = "all", *, before: int | None = None, size: int = PAGE) -> Page:
    """The whistles that the actor may see. One statement.

    `scope`: answer (the actor's units must answer or arrive), run (of the actor's street), open, or all.
    """
    found = Whistle.objects.visible_to(actor).filter(_within(actor, scope))
    if before:
        found = found.filter(pk__lt=before)
    parties = WhistleParty.objects.filter(whistle=OuterRef("pk")).order_by("id")
    shown = parties.values(one=JSONObject(unit="unit__name", stage="stage"))
    number = Subquery(_tickets_seen(actor).values("number"))  # that of a ticket out of sight is not told
    found = found.order_by("-id").annotate(who=ArraySubquery(shown), ticket_number=number)
    rows = list(found.values(*COLUMNS, "who")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Page([_with_counts(row) for row in rows], rows[-1]["id"] if more else None)


def _tickets_seen(actor: Actor) -> QuerySet[Ticket]:
    """The ticket of a whistle, if the actor may see it."""
    return Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket_id"))


def _with_counts(row: dict[str, Any]) -> dict[str, Any]:
    stages = [one["stage"] for one in row["who"]]
    there = sum(stage in {Stage.ON_SITE, Stage.RELEASED} for stage in stages)
    return {**row, "units": [one["unit"] for one in row["who"]], "summoned": len(stages), "there": there}


def usual_units(callers: Iterable[int], at: datetime) -> dict[str, int]:
    """{code: place} of the units that these units have summoned most lately; one statement."""
    called = WhistleParty.objects.filter(
        whistle__blown_by__in=sorted(callers), asked_at__gte=at - USUAL_SINCE, asked_at__lte=at
    )
    counted = called.values("unit__code").annotate(n=Count("pk")).order_by("-n", "unit__code")
    return {code: place for place, code in enumerate(counted.values_list("unit__code", flat=True)[:USUAL])}


def waiting(actor: Actor) -> QuerySet[Whistle]:
    """Open whistles that a unit of the actor has not answered, or has answered without arriving yet."""
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
    """The data of a whistle's page: parties with their ratings, tasks, history, clocks."""

    whistle: Whistle
    parties: list[WhistleParty]
    tasks: list[WhistleTask]
    history: list[Event]
    clocks: list[clock_queries.Story]


def find(actor: Actor, number: str) -> Whistle | None:
    """One whistle with the related rows of its page, or None if the actor may not see it.

    `sees_ticket`: the actor may also see its ticket. `pictures`: its photos.
    """
    rows = Whistle.objects.visible_to(actor).select_related("area", "blown_by", "member", "ticket")
    photos = WhistlePhoto.objects.filter(whistle=OuterRef("pk")).order_by("id")
    pictures = ArraySubquery(
        photos.values(one=JSONObject(**{key: key for key in PHOTO}, unit="party__unit__name"))
    )
    return (
        rows.filter(number=number)
        .annotate(sees_ticket=Exists(_tickets_seen(actor)), pictures=pictures)
        .first()
    )


def photo(actor: Actor, number: str, pk: int) -> WhistlePhoto | None:
    """One photo of a whistle, or None if the actor may not see the whistle."""
    seen = Whistle.objects.visible_to(actor).filter(number=number)
    return WhistlePhoto.objects.filter(pk=pk, whistle__in=seen).first()


def sheet(whistle: Whistle, at: datetime) -> Sheet:
    """The data of the whistle's page; five statements.

    Also sets `summoned` and `ratings_given` on the whistle for the move rules.
    """
    stars = WhistleRating.objects.filter(party=OuterRef("pk")).order_by("id")
    keys = {key: key for key in ("by_street", "text", *STARS)}
    parties = list(
        whistle.parties.select_related("unit", "member")
        .annotate(stars=ArraySubquery(stars.values(one=JSONObject(**keys))))
        .order_by("id")
    )
    whistle.summoned = parties
    whistle.ratings_given = {(one.pk, row["by_street"]) for one in parties for row in one.stars}
    tasks = list(whistle.tasks.select_related("party__unit", "done_by").order_by("id"))
    names = {party.unit_id: party.unit.name for party in parties} | {
        whistle.blown_by_id: whistle.blown_by.name
    }
    clocks = clock_queries.explain(whistle, at=at)
    return Sheet(whistle, parties, tasks, history(whistle, names), clocks)


def history(whistle: Whistle, names: dict[int, str]) -> list[Event]:
    """The events, oldest first, with the names of the actor (`who`, `unit_name`), a sentence (`what`) and the unit that
    it is about (`about`), from these names.

    A warning that fired together with a later step, and so warned nobody, is left out.
    """
    units, members = Unit.objects.values("name"), Member.objects.values("name")
    rows = Event.objects.filter(subject_type="tickets.whistle", subject_id=whistle.pk).annotate(
        who=Subquery(members.filter(pk=OuterRef("actor_id"))[:1]),
        unit_name=Subquery(units.filter(pk=OuterRef("unit_id"))[:1]),
    )
    found = list(rows.order_by("seq"))
    for row in found:
        row.what = events.sentence(row.kind)
        if (purpose := row.facts.get("purpose")) in Purpose.values:
            what = _("评哨") if purpose == Purpose.RATE else Purpose(purpose).label
            row.what = _("%(what)s（%(promise)s）") % {"what": row.what, "promise": what}
        about = names.get(row.facts.get("unit"), "")
        row.about = about if about != row.unit_name else ""
    return [row for row in found if row.kind != "clock.warned" or not row.facts.get("combined")]


# -- figures: 吹哨情况


@dataclass(frozen=True, slots=True)
class StreetMonth:
    """One street in one month: its whistles, and the tickets reported there."""

    street: str
    tickets: int
    whistles: int
    whistled: int  # number of different tickets among the month's whistles

    @property
    def share(self) -> float | None:
        """Tickets with a whistle per hundred tickets reported; None if none was reported."""
        return round(100 * self.whistled / self.tickets, 1) if self.tickets else None


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """One unit in one month: its answers and arrivals, and the ratings of both sides."""

    unit: str
    summoned: int
    answered: int
    answered_in_time: int
    arrived: int
    arrived_in_time: int
    stars: float | None  # mean rating by the streets, over all three questions
    gave: float | None  # mean rating that it gave to the whistles


def month_of(first: date) -> tuple[datetime, datetime]:
    """The instants at which a month begins and ends in the district."""
    zone = ZoneInfo(current().zone)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return tuple(datetime(day.year, day.month, 1, tzinfo=zone) for day in (first.replace(day=1), after))


def _places(actor: Actor) -> Q:
    return below("area_path", sorted({path for p in BY_PLACE for path in actor.area_paths(p)}))


def by_street(actor: Actor, month: date) -> list[StreetMonth]:
    """The streets in the actor's areas with tickets or whistles in the month; three statements."""
    start, end = month_of(month)
    street = Func(
        F("area_path"), Value("/"), Value(2), function="split_part", output_field=TextField()
    )  # an area path begins with the codes of district and street

    def counted(rows: QuerySet, **counts: Any) -> dict[str, dict[str, int]]:
        inside = rows.filter(_places(actor), created_at__gte=start, created_at__lt=end)
        return {
            row["street"]: row for row in inside.annotate(street=street).values("street").annotate(**counts)
        }

    tickets = counted(Ticket.objects.filter(outside(actor)), n=Count("pk"))
    theirs = Whistle.objects.filter(outside(actor, "ticket__"))
    blown = counted(theirs, n=Count("pk"), whistled=Count("ticket", distinct=True))
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
    """The units summoned in the actor's areas; three statements."""
    start, end = month_of(month)
    within = Whistle.objects.filter(_places(actor), created_at__gte=start, created_at__lt=end)
    whistles = within.filter(outside(actor, "ticket__")).values("pk")
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
    """The number of clocks that each unit met, by purpose."""
    rows = Clock.objects.filter(
        subject_type="tickets.whistle",
        subject_id__in=whistles,
        purpose__in=[Purpose.ANSWER, Purpose.ARRIVE],
        outcome=Outcome.MET,
    )
    counted = rows.values_list("unit_id", "purpose").annotate(n=Count("pk")).order_by()
    return {(unit, purpose): n for unit, purpose, n in counted}


def _stars(whistles: QuerySet) -> dict[tuple[int, bool], float]:
    """The mean rating per unit: received (True) and given (False)."""
    rows = WhistleRating.objects.filter(whistle__in=whistles).values_list("party__unit_id", "by_street")
    given = rows.annotate(
        got=Avg((F("in_time") + F("together") + F("solved")) / 3.0),
        gave=Avg((F("needed") + F("clear")) / 2.0),
    ).order_by()
    return {(unit, side): round(got if side else gave, 1) for unit, side, got, gave in given}


def months(at: datetime, count: int = 12) -> Iterable[date]:
    """The present month of the district and the months before it, newest first."""
    day = at.astimezone(ZoneInfo(current().zone)).date().replace(day=1)
    for _month in range(count):
        yield day
        day = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def blown() -> ArraySubquery:
    """Subquery: the whistles of a ticket, for `whistles_of`."""
    return rows_of_ticket(Whistle, WHISTLES)


@dataclass(frozen=True, slots=True)
class Blown:
    """One whistle of the ticket."""

    number: str
    kind: str
    state: str
    at: datetime


def whistles_of(ticket: Ticket) -> list[Blown]:
    """The whistles blown on the ticket, oldest first."""
    return [
        Blown(
            row["number"],
            str(WhistleKind(row["kind"]).label),
            str(WhistleState(row["state"]).label),
            datetime.fromisoformat(row["created_at"]),
        )
        for row in ticket.blown
    ]


def summonable(paths: list[str], ticket: Ticket | None = None) -> QuerySet[Unit]:
    """The units that a street may summon: every active department, section and stationed agency, and the
    units in `paths` except street centres; on a complaint none in line with the unit complained about. The action
    checks again."""
    near = below("area__path", paths) | Q(kind__in=SUMMONED_ANYWHERE)
    units = Unit.objects.filter(near, active=True).exclude(kind=UnitKind.STREET_CENTER)
    units = units.select_related("area")
    return units if ticket is None else accused.outside_line(ticket, units)


def may_be_summoned(unit: Unit, path: str) -> bool:
    """Is the unit among those of `summonable` for the street at `path`, as far as its kind and area decide?"""
    near = unit.area.path.startswith(path) and unit.kind != UnitKind.STREET_CENTER
    return near or unit.kind in SUMMONED_ANYWHERE
