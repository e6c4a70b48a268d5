"""Many reports of one kind at one place, as one line of the first page instead of many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.http import urlencode

from governance.access.actors import Actor
from governance.access.policy import below
from governance.text.bilingual import in_reader_language
from grids import choices
from grids.models import CODE_LENGTH, Level
from tickets.catalog.models import Category
from tickets.ticket import worklist
from tickets.ticket.models.ticket import Ticket

#: Reports of the last days that count as one wave, and the least number of them.
SINCE = timedelta(days=7)
LEAST = 5
MOST = 5  # groups on a page
#: Characters of the path of a community: the codes of district, street and community, each with a slash.
_PATH = sum(CODE_LENGTH[level] + 1 for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY))


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets of one category in one community that wait for the actor; `address` lists exactly these."""

    category: str
    place: str
    count: int
    due: datetime | None
    late: bool
    address: str
    condition: Q


def groups_of(actor: Actor, at: datetime) -> list[Group]:
    """The largest groups of at least LEAST tickets, the nearest due time first. One statement."""
    since = (at - SINCE).replace(microsecond=0)
    found = Ticket.objects.visible_to(actor).filter(
        worklist.todo(actor), created_at__gte=since, category__in=_leaves()
    )
    rows = (
        found.annotate(community=Substr("area_path", 1, _PATH))
        .values("community", "category_id", "category__code", "category__name", "category__name_en")
        .annotate(count=Count("pk"), due=Min("due_at"))
        .filter(count__gte=LEAST)
        .order_by("-count", "community", "category_id")[:MOST]
    )
    names = {
        place.path: (place.code, place.name) for place in choices.places() if place.level == Level.COMMUNITY
    }
    made = [_group(row, names[row["community"]], since, at) for row in rows if row["community"] in names]
    return sorted(made, key=lambda one: (one.due is None, one.due))


def _leaves() -> QuerySet[Category]:
    """The categories without others below them, because the list of a category shows those as well."""
    return Category.objects.exclude(pk__in=Category.objects.filter(parent__isnull=False).values("parent"))


def _group(row: dict[str, Any], place: tuple[str, str], since: datetime, at: datetime) -> Group:
    code, name = place
    given = {"todo": 1, "category": row["category__code"], "area": code, "created_after": since.isoformat()}
    category = in_reader_language(row["category__name"], row["category__name_en"]) or ""
    same = Q(category_id=row["category_id"], created_at__gte=since) & below("area_path", [row["community"]])
    late = row["due"] is not None and row["due"] < at
    return Group(category, name, row["count"], row["due"], late, urlencode(given), same)
