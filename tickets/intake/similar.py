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

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from governance.access.actors import Actor
from governance.access.policy import below
from grids import tree as territory
from tickets.public import map as public_map
from tickets.public import queries as public
from tickets.states import OPEN, State
from tickets.ticket.models.photos import Attachment
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
    "summary",
    "state",
    "category_id",
    "category__name",
    "category__name_en",
    "area_path",
    "holder_unit__name",
    "lead_unit__name",
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
    following a finished ticket. To them a ticket lies in the middle of its square on the public map, so that no
    series of questions finds its door; two statements more if something is found.
    """
    if by is not None:
        return _alike(matter, Ticket.objects.visible_to(by), at)
    found = _alike(matter, public.matters(at).exclude(state__in=DONE), at, blurred=True)
    lines = public.summaries(one.row for one in found)
    grids = public.grids_of(one.row["area_path"] for one in found)
    for one in found:
        one.row.update(summary=lines.get(one.row["id"], ""), place=grids[one.row["area_path"]])
    return found


def _alike(matter: Case, seen: QuerySet[Ticket], at: datetime, *, blurred: bool = False) -> list[Likeness]:
    home = territory.community_path(matter.area_path)
    found = seen.filter(
        below("area_path", [home]),
        Q(state__in=OPEN - {State.DIVIDED}),
        created_at__gte=at - SINCE,
        parent=None,
    )
    photo = Attachment.objects.filter(ticket=OuterRef("pk"), purpose="report").order_by("id").values("id")[:1]
    rows = found.exclude(pk=matter.id).order_by("-created_at")
    listed = rows.values(*COLUMNS, place=F("area__name"), photo=Subquery(photo))[:LOOKED_AT]
    return best(matter, (_in_its_square(row) for row in listed) if blurred else listed)


def _in_its_square(row: dict[str, Any]) -> dict[str, Any]:
    """The row without its photo and its exact point."""
    point = {name: row[name] and round(row[name], public_map.DIGITS) for name in ("lat", "lng")}
    return {**row, **point, "photo": None}


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
        why.append(_("相距约 %(n)d 米") % {"n": max(round(metres, -1), 10)})
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
