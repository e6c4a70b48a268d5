"""Write notices: to whom, from when they count as unread, and which are collected under a digest.

Every notice is in the inbox at once. Outside working hours only its announcement waits: the count at the
bell, and the messages of channels. Emergencies do not wait.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from governance.events import channels
from governance.events.models import DIGEST, Event, Notice
from governance.events.receivers import InPerson, Rota, To
from governance.events.storm_brake import count_and_check
from governance.tenancy.scope import current

TIMED = ("clock.warned", "clock.breached", "clock.escalated", "clock.resumed")
WINDOW = timedelta(minutes=10)  # notices announced within this time of the first are one group


OfficeHours = Callable[[int | None, datetime], datetime]
_hours: list[OfficeHours] = []


def provide_office_hours(provider: OfficeHours) -> None:
    """Register the function that returns when a unit's office opens next. It is called in the open scope."""
    _hours[:] = [provider]


@dataclass(frozen=True, slots=True)
class Letter:
    """One event to be notified: the receivers, the facts (ids and codes), and the page it links to."""

    event: Event
    to: tuple[To, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    urgent: bool = False
    now: bool = False
    barred: frozenset[int] = frozenset()  # members who must not get it, not even as a deputy


def tell(
    members: Iterable[int | To],
    event: Event,
    *,
    facts: dict[str, Any] | None = None,
    link: str = "",
    urgent: bool = False,
    now: bool = False,
    in_person: bool = False,
    barred: frozenset[int] = frozenset(),
) -> int:
    """Put one notice into each member's inbox; a person gets only one notice per event.

    With `now` it is announced at any hour; with `in_person` it goes to the named members only, never to
    deputies. `barred` members get none.
    """
    to = tuple(one if isinstance(one, To) else To(one) for one in members)
    rota = InPerson() if in_person else Rota()
    rows = _rows(Letter(event, to, facts or {}, link, urgent, now, barred), rota)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    channels.schedule_alert(rows, {event.pk: {one.unit_id for one in to if one.unit_id}})
    return len(rows)


def tell_of_time(letters: list[Letter]) -> int:
    """Write notices of warnings, breaches and escalations, many at once; returns how many.

    If one person gets more within ten minutes than the district's setting, they are collected in one digest;
    while the brake is on, all of them are.
    """
    rota = Rota()
    rows = [row for letter in letters for row in _rows(letter, rota)]
    if not rows:
        return 0
    tenant = current()
    braked = count_and_check(tenant, len(rows), max(letter.event.at for letter in letters))
    loose, digests = _open(rows)
    units = {one.event.pk: {to.unit_id for to in one.to if to.unit_id} for one in letters}
    fresh = _Fold(tenant.setting("digest_over"), braked, digests).sort(loose + rows)
    Notice.objects.bulk_create(fresh)
    Notice.objects.bulk_update([row for row in loose if row.digest], ["digest"])
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    _count({row.digest.pk: row.digest for row in rows if row.digest})
    channels.cancel_alert([row for row in loose if row.digest])
    channels.schedule_alert([*fresh, *rows], {} if braked else units)
    return len(rows)


def _rows(letter: Letter, rota: Rota) -> list[Notice]:
    event = letter.event
    return [
        Notice(
            member_id=to.member_id,
            event=event,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            kind=event.kind,
            facts={**letter.facts, **to.facts},
            link=letter.link,
            urgent=letter.urgent,
            created_at=event.at,
            rings_at=rings_at(to.unit_id, event.at, urgent=letter.urgent or letter.now),
        )
        for to in rota.reached(letter.to, event.at)
        if to.member_id not in letter.barred
    ]


def rings_at(unit_id: int | None, at: datetime, *, urgent: bool) -> datetime:
    """The given moment in working hours or for an emergency, else when the unit's office opens next."""
    if urgent or not _hours or not current().setting("quiet_hours"):
        return at
    return _hours[0](unit_id, at)


def _open(rows: list[Notice]) -> tuple[list[Notice], list[Notice]]:
    """Unread clock notices and digests of the same members that are announced at about this time."""
    earliest = min(row.rings_at for row in rows)
    found = Notice.objects.filter(
        member_id__in={row.member_id for row in rows},
        kind__in=[*TIMED, DIGEST],
        read_at=None,
        digest=None,
        rings_at__gt=earliest - WINDOW,
    )
    kept = list(found.order_by("rings_at", "pk"))
    return [row for row in kept if row.kind != DIGEST], [row for row in kept if row.kind == DIGEST]


class _Fold:
    """Collects notices under digests, group by group; emergencies only while the brake is on."""

    def __init__(self, most: int, braked: bool, digests: list[Notice]) -> None:
        self.most, self.braked = most, braked
        self.digests: dict[tuple[int, bool], list[Notice]] = defaultdict(list)
        for digest in digests:
            self.digests[digest.member_id, digest.urgent].append(digest)
        self.fresh: list[Notice] = []

    def sort(self, rows: list[Notice]) -> list[Notice]:
        """Set `digest` on the notices that need one; returns the new digests."""
        people: dict[tuple[int, bool], list[Notice]] = defaultdict(list)
        for row in rows:
            people[row.member_id, row.urgent].append(row)
        for key, theirs in people.items():
            for lot in _lots(theirs):
                self._gather(key, lot)
        return self.fresh

    def _gather(self, key: tuple[int, bool], lot: list[Notice]) -> None:
        near = [d for d in self.digests[key] if abs(d.rings_at - lot[0].rings_at) < WINDOW]
        many = len(lot) > self.most and not lot[0].urgent
        if not (near or many or self.braked):
            return
        if not near:
            near = [_digest_of(lot[0])]
            self.fresh += near
        for row in lot:
            row.digest = near[0]


def _lots(rows: list[Notice]) -> list[list[Notice]]:
    """Groups of notices that are announced within ten minutes of the first one."""
    lots: list[list[Notice]] = []
    for row in sorted(rows, key=lambda one: one.rings_at):
        if lots and row.rings_at - lots[-1][0].rings_at < WINDOW:
            lots[-1].append(row)
        else:
            lots.append([row])
    return lots


def _digest_of(first: Notice) -> Notice:
    return Notice(
        member_id=first.member_id,
        subject_type="governance.tenant",
        subject_id=current().pk,
        kind=DIGEST,
        urgent=first.urgent,
        created_at=first.created_at,
        rings_at=first.rings_at,
    )


def _count(digests: dict[int, Notice]) -> None:
    """Write into each digest how many notices of each kind it has; two statements, none without digests."""
    if not digests:
        return
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Notice.objects.filter(digest__in=list(digests)).values_list("digest_id", "kind")
    for digest_id, kind, number in rows.annotate(number=Count("pk")).order_by("digest_id", "kind"):
        counts[digest_id][kind] = number
    for pk, digest in digests.items():
        digest.facts = counts[pk]
    Notice.objects.bulk_update(digests.values(), ["facts"])


def ringing(member_id: int, at: datetime) -> QuerySet[Notice]:
    """The notices of a member that count as unread now: not read, not under a digest, and not waiting."""
    return Notice.objects.filter(member_id=member_id, read_at=None, digest=None, rings_at__lte=at)


def mark_read(member_id: int, ids: Iterable[int] | None, at: datetime) -> int:
    """Mark notices of a member as read, with those under them; None marks all.

    Returns how many were marked.
    """
    found = Notice.objects.filter(member_id=member_id, read_at=None)
    if ids is not None:
        chosen = list(ids)
        found = found.filter(Q(pk__in=chosen) | Q(digest__in=chosen))
    channels.cancel_alert(found.filter(rings_at__gt=at).only("event_id", "member_id"))
    return found.update(read_at=at)
