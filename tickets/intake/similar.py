"""Find open tickets nearby that may be the same case.

Compared are category, words (shared pairs of characters) and distance. Each result gives its reasons, so that
a person can decide; nothing is merged automatically.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.policy import below
from grids import tree as territory
from tickets.public import queries as public
from tickets.states import OPEN, State
from tickets.ticket.models.ticket import Ticket

#: The work is done; only the verification or the rating is missing.
DONE = (State.IN_REVIEW, State.RESOLVED, State.RATING)
SINCE = timedelta(days=60)
LOOKED_AT, SHOWN = 200, 5
NEAR_METRES = 300
ENOUGH = 0.5  # the least sum of the weights below
WORDS, CATEGORY, PLACE = 0.6, 0.3, 0.3
COLUMNS = (
    "id",
    "number",
    "title",
    "text",
    "state",
    "category_id",
    "category__name",
    "category__name_en",
    "area__name",
    "area_path",
    "lat",
    "lng",
    "created_at",
)
_PUNCTUATION = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Case:
    """One side of a comparison: a ticket, or a report about to be made."""

    text: str
    area_path: str
    category_id: int | None = None
    lat: float | None = None
    lng: float | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """An open ticket that may be the same case, its score (0 to 1.2), and the reasons."""

    row: dict[str, Any]
    score: float
    why: tuple[str, ...]


def to_ticket(ticket: Ticket, by: Actor, at: datetime) -> list[Likeness]:
    """Open tickets that the actor may see and that may be the same case as this one; one statement."""
    matter = Case(
        f"{ticket.title} {ticket.text}",
        ticket.area_path,
        ticket.category_id,
        *(float(one) if one is not None else None for one in (ticket.lat, ticket.lng)),
        ticket.pk,
    )
    return _alike(matter, Ticket.objects.visible_to(by), at)


def to_report(matter: Case, at: datetime, by: Actor | None = None) -> list[Likeness]:
    """Open tickets that may be the same case as a report about to be made.

    Residents see only public tickets that are not done yet: a lamp that is broken now is not mended by
    following a finished ticket.
    """
    seen = Ticket.objects.visible_to(by) if by else public.matters(at).exclude(state__in=DONE)
    return _alike(matter, seen, at)


def _alike(matter: Case, seen: QuerySet[Ticket], at: datetime) -> list[Likeness]:
    home = territory.community_path(matter.area_path)
    found = seen.filter(
        below("area_path", [home]),
        Q(state__in=OPEN - {State.DIVIDED}),
        created_at__gte=at - SINCE,
        parent=None,
    )
    rows = found.exclude(pk=matter.id).order_by("-created_at").values(*COLUMNS)[:LOOKED_AT]
    return best(matter, rows)


def best(matter: Case, rows: Iterable[dict[str, Any]]) -> list[Likeness]:
    """The most similar of some rows, the best first. A pure function."""
    pairs = bigrams(matter.text)
    judged = (_judge(matter, pairs, row) for row in rows)
    alike = sorted((one for one in judged if one.score >= ENOUGH), key=lambda one: -one.score)
    return alike[:SHOWN]


def _judge(matter: Case, pairs: frozenset[str], row: dict[str, Any]) -> Likeness:
    score, why = 0.0, []
    shared = overlap(pairs, bigrams(f"{row['title']} {row['text'][:300]}"))
    if shared >= 0.2:
        score += WORDS * min(1.0, shared * 1.5)
        why.append(_("内容相近"))
    if matter.category_id and row["category_id"] == matter.category_id:
        score += CATEGORY
        why.append(_("类别相同"))
    metres = distance(matter, row)
    if metres is not None and metres <= NEAR_METRES:
        score += PLACE
        why.append(_("相距约 %(n)d 米") % {"n": round(metres, -1)})
    elif metres is None and row["area_path"] == matter.area_path:
        score += PLACE * 0.7
        why.append(_("同一地点"))
    return Likeness(row, score, tuple(why))


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without punctuation and digits."""
    plain = _PUNCTUATION.sub(" ", text.lower())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1) if " " not in plain[i : i + 2])


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that is in both, 0 to 1 (overlap coefficient).

    A set of fewer than 4 pairs counts as 4, because few pairs prove little.
    """
    smaller = min(len(one), len(other))
    return len(one & other) / max(smaller, 4)


def distance(matter: Case, row: dict[str, Any]) -> float | None:
    """Metres between the two, on a flat map; None if one has no coordinates."""
    if None in (matter.lat, matter.lng, row["lat"], row["lng"]):
        return None
    north = (float(row["lat"]) - matter.lat) * 111_320
    east = (float(row["lng"]) - matter.lng) * 111_320 * math.cos(math.radians(matter.lat))
    return math.hypot(north, east)
