"""Morning brief (早报): new, due and overdue tickets, of a member's work and of supervised areas."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.clocks import compiled_calendars
from governance.tenancy.scope import current
from tickets.states import State
from tickets.ticket import timing, worklist
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import COLUMNS

AT = time(8, 30)
ROWS = 50
UNITS = 30
PARTS = ("new", "due", "late")


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a brief: from about the last brief until now."""

    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """One set of tickets: the count, and the first rows."""

    count: int
    rows: list[dict[str, Any]]

    @property
    def more(self) -> int:
        """The number of tickets that are not among `rows`."""
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Brief:
    """The brief of one member: `own` is {new, due, late}; `places` holds the same counts over the supervised
    areas (None: no such area), `area` is the code of that area if there is only one, `units` the backlog per
    unit there."""

    span: Span
    own: dict[str, Section]
    places: dict[str, int] | None
    area: str
    units: list[dict[str, Any]]


def span(at: datetime) -> Span:
    """The period of the brief at a moment: since 08:30 of the previous working day, in the district's time
    zone."""
    zone = ZoneInfo(current().zone)
    today = at.astimezone(zone).date()
    calendar, day = compiled_calendars.calendar_for(current(), None, at), today - timedelta(days=1)
    for _back in range(15):
        if calendar.is_workday(day):
            break
        day -= timedelta(days=1)
    return Span(datetime.combine(day, AT, tzinfo=zone), at)


def parts(when: Span, since_field: str) -> dict[str, Q]:
    """The condition of each part of a brief."""
    return {
        "new": Q(**{f"{since_field}__gte": when.since}),
        "due": worklist.today(when.at),
        "late": worklist.late(when.at),
    }


def brief(actor: Actor, at: datetime) -> Brief:
    """The brief of an actor; at most five statements, however many tickets there are."""
    when = span(at)
    own, wanted = own_work(actor), parts(when, "state_since")
    counts = count_parts(own, wanted)
    sections = {name: Section(counts[name], _rows(own, wanted[name], at, counts[name])) for name in PARTS}
    overseen = overseen_work(actor)
    if overseen is None:
        return Brief(when, sections, None, "", [])
    paths = actor.area_paths(Permission.TICKET_SUPERVISE)
    area = paths[0].rstrip("/").split("/")[-1] if len(paths) == 1 else ""
    return Brief(
        when, sections, count_parts(overseen, parts(when, "created_at")), area, _behind(overseen, when)
    )


def own_work(actor: Actor) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(actor).filter(worklist.todo(actor))


def overseen_work(actor: Actor) -> QuerySet[Ticket] | None:
    """The open tickets of the areas that the actor supervises."""
    paths = actor.area_paths(Permission.TICKET_SUPERVISE)
    return Ticket.objects.visible_to(actor).open().filter(below("area_path", paths)) if paths else None


def count_parts(found: QuerySet[Ticket], wanted: dict[str, Q]) -> dict[str, int]:
    return found.aggregate(open=Count("pk"), **{name: Count("pk", filter=q) for name, q in wanted.items()})


def _rows(found: QuerySet[Ticket], wanted: Q, at: datetime, count: int) -> list[dict[str, Any]]:
    if not count:
        return []
    found = found.filter(wanted).annotate(nearest=timing.nearest_clock()).order_by("due_at", "-id")
    return timing.with_left(found.values(*COLUMNS, "nearest")[:ROWS], at)


def _behind(found: QuerySet[Ticket], when: Span) -> list[dict[str, Any]]:
    """The counts of each holding unit, the most overdue first."""
    wanted = parts(when, "state_since")
    counts = {name: Count("pk", filter=q) for name, q in wanted.items()}
    held = found.exclude(holder_unit=None).exclude(state=State.RATING)
    rows = held.values("holder_unit__name", "holder_unit__code").annotate(open=Count("pk"), **counts)
    return list(rows.order_by("-late", "-due", "-open", "holder_unit__code")[:UNITS])
