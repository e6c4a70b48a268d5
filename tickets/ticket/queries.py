"""Query tickets: lists, counts, search, one ticket, its history. Lists read values, not instances."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import queries as clock_queries
from governance.errors import Invalid
from governance.events.models import Event
from grids.units import initials
from tickets.catalog import tree as catalog
from tickets.states import Channel, State
from tickets.ticket import synonyms, timing, worklist
from tickets.ticket.models.reporters import Reporter
from tickets.ticket.models.ticket import Ticket, branches_for, is_whole_district

PAGE = 50
MAX_SEARCH_HITS = 500
MOST_WORDS, MAX_WORD = 8, 50
COLUMNS = (
    "id",
    "number",
    "title",
    "state",
    "state_since",
    "tier",
    "channel",
    "due_at",
    "promised_at",
    "created_at",
    "closed_at",
    "outcome",
    "private",
    "returns",
    "reworks",
    "category__code",
    "category__name",
    "category__name_en",
    "area__code",
    "area__name",
    "area_path",
    "against_unit_id",
    "holder_unit_id",
    "holder_unit__code",
    "holder_unit__name",
    "lead_unit__code",
    "lead_unit__name",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of a list; each is a parameter of the address."""

    state: tuple[str, ...] = ()
    category: str = ""
    area_path: str = ""
    holder: str = ""
    mine: bool = False
    overdue: bool = False
    near: bool = False  # warned of by its clock
    today: bool = False  # due before the day is over
    returned: bool = False  # returned, waiting to be dispatched again
    assigned: bool = False  # to the actor in person
    touched: bool = False  # the actor has written on it or handled it
    open: bool = False
    todo: bool = False  # the next step is the actor's
    approving: bool = False  # a request waits for the actor's unit
    verifying: bool = False  # resolved, waiting to be verified on site
    tier: str = ""
    channel: str = ""
    q: str = ""
    phones: tuple[
        tuple[str, tuple[int, ...]], ...
    ] = ()  # words that are parts of a phone, each with its tickets
    created_after: datetime | None = None
    created_before: datetime | None = None
    since: datetime | None = None  # in its present state since this moment or later
    box: Q | None = None  # in the visible part of the map
    by_due: bool = False

    def condition(self, actor: Actor, at: datetime) -> Q:
        """All filters as one condition, except the search words."""
        found = Q()
        if self.state:
            found &= Q(state__in=self.state)
        if self.category:
            found &= Q(category__code=self.category) | Q(category__parent__code=self.category)
        if self.area_path:
            found &= Q(area_path__gte=self.area_path, area_path__lt=self.area_path[:-1] + "0")
        if self.holder:
            found &= Q(holder_unit__code=self.holder)
        if self.mine:
            found &= Q(holder_unit_id__in=sorted(actor.unit_ids)) & ~Q(state=State.CLOSED)
        for name in ("tier", "channel"):
            if value := getattr(self, name):
                found &= Q(**{name: value})
        found &= self._waiting(actor, at)
        if self.box is not None:
            found &= self.box
        return found & self._reported()

    def _reported(self) -> Q:
        """The filters on the time of the report and on the time of the present state."""
        found = Q()
        if self.created_after:
            found &= Q(created_at__gte=self.created_after)
        if self.created_before:
            found &= Q(created_at__lt=self.created_before)
        if self.since:
            found &= Q(state_since__gte=self.since)
        return found

    def _waiting(self, actor: Actor, at: datetime) -> Q:
        """The filters on what a ticket waits for: late, nearly late, returned, open, or waiting for the
        actor."""
        found = Q()
        if self.overdue:
            found &= worklist.late(at)
        if self.near:
            found &= worklist.due_soon(at)
        if self.today:
            found &= worklist.today(at)
        if self.returned:
            found &= worklist.returned()
        if self.open:
            found &= ~Q(state=State.CLOSED)
        for name in ("assigned", "touched", "todo", "approving", "verifying"):
            if getattr(self, name):
                found &= getattr(worklist, name)(actor)
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and the cursor of the next page."""

    rows: list[dict[str, Any]]
    next: str | None


def page(
    actor: Actor,
    filters: Filters,
    *,
    at: datetime,
    cursor: str | None = None,
    size: int = PAGE,
    columns: tuple[str, ...] = COLUMNS,
) -> Page:
    """One page of the tickets that the actor may see, newest first or nearest due time first; keyset, so it
    never slows.

    Each branch of the actor's visibility reads its first rows from its own index; their union gives the page.
    Two statements at most: the rows, and before them the search if words are given. `columns` must have id,
    created_at and due_at.
    """
    branches = branches_for(actor)
    if not branches:
        return Page([], None)
    condition = filters.condition(actor, at) & after(filters, cursor)
    if filters.q:
        condition &= words(filters, actor)
    if filters.by_due:
        condition &= Q(due_at__isnull=False)
    order = ("due_at", "-id") if filters.by_due else ("-created_at", "-id")
    found = [Ticket.objects.filter(branch & condition).order_by(*order) for branch in branches]
    if len(found) > 1:
        first, *others = [one.values("pk")[: size + 1] for one in found]
        found = [Ticket.objects.filter(pk__in=first.union(*others, all=True)).order_by(*order)]
    if columns == COLUMNS:
        found[0] = found[0].annotate(nearest=timing.nearest_clock())
        columns = (*columns, "nearest")
    rows = list(found[0].values(*columns)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, cursor_of(filters, rows[-1]) if more else None)


def count(actor: Actor, filters: Filters, *, at: datetime, most: int = 1000) -> int:
    """The number of tickets, counted up to `most`."""
    condition = filters.condition(actor, at)
    if filters.q:
        condition &= words(filters, actor)
    if filters.by_due:
        condition &= Q(due_at__isnull=False)
    return Ticket.objects.visible_to(actor).filter(condition)[:most].count()


def cursor_of(filters: Filters, row: dict[str, Any]) -> str:
    """The cursor of the rows after this one; the row must have its id and the time by which the list is
    ordered."""
    key = row["due_at"] if filters.by_due else row["created_at"]
    return base64.urlsafe_b64encode(json.dumps([key.isoformat(), row["id"]]).encode()).decode()


def after(filters: Filters, cursor: str | None) -> Q:
    """The rows after a cursor of `cursor_of`; raises Invalid if it is not one."""
    if not cursor:
        return Q()
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(moment)
        pk = int(pk)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid(_("翻页标记无效"), code="bad_cursor", field="cursor") from error
    if filters.by_due:
        return Q(due_at__gt=moment) | Q(due_at=moment, id__lt=pk)
    return Q(created_at__lt=moment) | Q(created_at=moment, id__lt=pk)


def words(filters: Filters, actor: Actor) -> Q:
    """Tickets in which every word is found, in any order: in number, title, text, address, place or category.

    Gaps do not count; the first letters of a name find its place and its category. The newest MAX_SEARCH_HITS
    that the actor may see by area, by unit or by share; one statement.
    """
    paths = actor.area_paths(Permission.TICKET_READ)
    given = [
        json.dumps([_way(word, dict(filters.phones)) for word in words_of(filters.q)]),
        MAX_SEARCH_HITS,
        actor.is_system or is_whole_district(paths),
        paths,
        [path[:-1] + "0" for path in paths],
        sorted(actor.unit_ids_with(Permission.TICKET_READ_UNIT)),
        sorted(actor.group_ids_with(Permission.TICKET_READ_UNIT)),
    ]
    with connection.cursor() as sql:
        sql.execute(
            "SELECT search.tickets(%s, %s, %s, %s::text[], %s::text[], %s::bigint[], %s::bigint[])", given
        )
        found = [row[0] for row in sql.fetchall()]
    return Q(pk__in=found)


def words_of(q: str) -> list[str]:
    """The words of a search, MOST_WORDS at most."""
    found = re.split(r"[\s,，、;；]+", q.strip())
    return list(dict.fromkeys(word[:MAX_WORD] for word in found if word))[:MOST_WORDS]


def _way(word: str, phones: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """The ways in which one word may be found; one character is looked for only as a word of the text."""
    long = len(word) > 1
    return {
        "words": synonyms.alike(word),
        "places": [[path, path[:-1] + "0"] for path in initials.places_named(word)] if long else [],
        "categories": sorted({pk for one in synonyms.alike(word) for pk in catalog.named(one)})
        if long
        else [],
        "ids": list(phones.get(word, ())),
    }


def detail(actor: Actor, number: str, **also: Any) -> Ticket | None:
    """One ticket with the related rows of its page and the annotations in `also`, or None if the actor may
    not see it."""
    return with_names(Ticket.objects.visible_to(actor).filter(number=number)).annotate(**also).first()


def with_names(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The tickets with the related rows of their page, in one statement."""
    return tickets.select_related(
        "category", "area", "holder_unit", "lead_unit", "lead_member", "dispatched_by", "duty_item"
    )


def history(ticket: Ticket) -> list[Event]:
    """The events of the ticket, oldest first."""
    return list(Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk).order_by("seq"))


def explain_clocks(ticket: Ticket, at: datetime, log: Iterable[clock_queries.Entry] = ()) -> Any:
    """Every clock of the ticket, explained segment by segment; `log` gives the reasons and the actors."""
    return clock_queries.explain(ticket, at=at, log=log)


def rows_of_ticket(model: Any, keys: tuple[str, ...], **more: str) -> ArraySubquery:
    """Subquery: the rows of a model that belong to a ticket, as JSON with these keys, oldest first."""
    found = model.objects.filter(ticket=OuterRef("pk")).order_by("id")
    return ArraySubquery(found.values(one=JSONObject(**{key: key for key in keys}, **more)))


def residents(ticket: Ticket) -> QuerySet[Reporter]:
    """The residents among the reporters, named or anonymous, who have not withdrawn; no staff, no imports.

    Reporters of tickets merged into this one are included.
    """
    theirs = Q(ticket=ticket) | Q(ticket__merged_into=ticket)
    found = Reporter.objects.filter(theirs, member=None, left_at=None)
    return found.exclude(channel=Channel.IMPORT).order_by("id")


def raters(ticket: Ticket) -> QuerySet[Reporter]:
    """The residents who rate: who reported, and who has proven the phone; who only follows does not."""
    return residents(ticket).filter(may_rate())


def may_rate() -> Q:
    """Condition: the reporter made the report, or has proven the phone."""
    first = Reporter.objects.filter(ticket=OuterRef("ticket")).order_by("id").values("pk")[:1]
    return Q(phone_verified_at__isnull=False) | Q(pk=Subquery(first))


def rates() -> ExpressionWrapper:
    """The same as a column."""
    return ExpressionWrapper(may_rate(), output_field=BooleanField())


def can_be_called(ticket: Ticket) -> bool:
    """Has a resident left a phone number? False for an unsaved ticket."""
    return ticket.pk is not None and residents(ticket).exclude(phone="").exists()
