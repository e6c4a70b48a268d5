"""Morning brief (早报): new, due and overdue tickets, of a member's work and of supervised areas."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from governance import events
from governance.access import actors
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.access.policy import below
from governance.clocks import compiled_calendars
from governance.events import notices
from governance.events.models import Event, Notice
from governance.events.notice_lines import words_of
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope
from tickets.states import State
from tickets.ticket import timing, worklist
from tickets.ticket.models.ticket import Ticket
from tickets.ticket.queries import COLUMNS

AT = time(8, 30)
UNTIL = time(12, 0)  # a brief that could not be sent by noon is dropped
ROWS = 50
UNITS = 30
BATCH = 200
BEGUN, SENT = "desk.brief", "desk.briefed"
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
    own, wanted = _own(actor), parts(when, "state_since")
    counts = _counted(own, wanted)
    sections = {name: Section(counts[name], _rows(own, wanted[name], at, counts[name])) for name in PARTS}
    overseen = _overseen(actor)
    if overseen is None:
        return Brief(when, sections, None, "", [])
    paths = actor.area_paths(Permission.TICKET_SUPERVISE)
    area = paths[0].rstrip("/").split("/")[-1] if len(paths) == 1 else ""
    return Brief(when, sections, _counted(overseen, parts(when, "created_at")), area, _behind(overseen, when))


def _own(actor: Actor) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(actor).filter(worklist.todo(actor))


def _overseen(actor: Actor) -> QuerySet[Ticket] | None:
    """The open tickets of the areas that the actor supervises."""
    paths = actor.area_paths(Permission.TICKET_SUPERVISE)
    return Ticket.objects.visible_to(actor).open().filter(below("area_path", paths)) if paths else None


def _counted(found: QuerySet[Ticket], wanted: dict[str, Q]) -> dict[str, int]:
    return found.aggregate(open=Count("pk"), **{name: Count("pk", filter=q) for name, q in wanted.items()})


def _rows(found: QuerySet[Ticket], wanted: Q, at: datetime, count: int) -> list[dict[str, Any]]:
    if not count:
        return []
    return timing.with_left(found.filter(wanted).order_by("due_at", "-id").values(*COLUMNS)[:ROWS], at)


def _behind(found: QuerySet[Ticket], when: Span) -> list[dict[str, Any]]:
    """The counts of each holding unit, the most overdue first."""
    wanted = parts(when, "state_since")
    counts = {name: Count("pk", filter=q) for name, q in wanted.items()}
    held = found.exclude(holder_unit=None).exclude(state=State.RATING)
    rows = held.values("holder_unit__name", "holder_unit__code").annotate(open=Count("pk"), **counts)
    return list(rows.order_by("-late", "-due", "-open", "holder_unit__code")[:UNITS])


# -- sending


def send(tenant: Tenant, at: datetime) -> int:
    """Put today's brief into the inbox of each member with something new, due or overdue, and return how many
    got one.

    Sent once per working day, from 08:30 on; an interrupted run continues where it stopped. Opens its own
    scopes.
    """
    event = _begin(tenant, at)
    if event is None:
        return 0
    told, after = 0, 0
    while people := _people(tenant, event, after):
        with scope(tenant):
            told += sum(_tell(user, event, at) for _pk, user in people)
        after = people[-1][0]
    with scope(tenant):
        events.record(SENT, tenant, by=actors.system(tenant.pk), at=at, told=told)
    return told


def _begin(tenant: Tenant, at: datetime) -> Event | None:
    """Today's brief event, recorded now if there is none; None if it is not time yet or the brief has been
    sent."""
    with scope(tenant):
        local = at.astimezone(ZoneInfo(tenant.zone))
        if not tenant.setting("brief") or not AT <= local.time() < UNTIL:
            return None
        if not compiled_calendars.calendar_for(tenant, None, at).is_workday(local.date()):
            return None
        with connection.cursor() as sql:  # two workers must not begin it twice
            sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [BEGUN, tenant.pk])
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        today = Event.objects.filter(subject_type="governance.tenant", subject_id=tenant.pk, at__gte=midnight)
        done = {event.kind: event for event in today.filter(kind__in=[BEGUN, SENT])}
        if BEGUN not in done:
            events.record(BEGUN, tenant, by=actors.system(tenant.pk), at=at)
            return today.get(kind=BEGUN)
        return None if SENT in done else done[BEGUN]


def _people(tenant: Tenant, event: Event, after: int) -> list[tuple[int, int]]:
    """The next members without a notice of this brief, as (member id, user id)."""
    with scope(tenant):
        told = Notice.objects.filter(event=event).values("member_id")
        found = Member.objects.filter(active=True, pk__gt=after).exclude(pk__in=told).order_by("pk")
        return list(found.values_list("pk", "user_id")[:BATCH])


def _tell(user_id: int, event: Event, at: datetime) -> int:
    actor = actors.of_user(user_id, event.tenant_id, at)
    if not actor.grants:
        return 0
    when, found = span(at), _overseen(actor)
    facts = _counted(_own(actor), parts(when, "state_since"))
    if found is not None and not any(facts[name] for name in PARTS):
        facts = _counted(found, parts(when, "created_at"))
    if not any(facts[name] for name in PARTS):
        return 0
    return notices.tell([actor.member_id], event, facts=facts, link="desk/brief/", now=True, in_person=True)


@words_of(BEGUN)
def _words(facts: dict[str, Any]) -> str:
    given = {name: facts.get(name, 0) for name in PARTS}
    return _("早报：新到 %(new)d 件，今日到期 %(due)d 件，超期 %(late)d 件") % given
