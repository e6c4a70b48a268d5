"""Write the event log, and verify that it was not changed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from governance.access.actors import Actor
from governance.events import feed
from governance.events.kinds import KINDS
from governance.events.models import Event, EventDigest, EventHead


def body_of(
    subject_type: str,
    subject_id: int,
    kind: str,
    at: datetime,
    actor: tuple[str, int | None, int | None],
    facts: dict,
) -> str:
    """The canonical text of an event, from which its hash is calculated."""
    parts = [
        subject_type,
        subject_id,
        kind,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        *actor,
        facts,
    ]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record(kind: str, subject: Any, *, by: Actor, at: datetime, **facts: Any) -> int:
    """Append one event to the log, in the transaction of the change.

    Returns its number in the subject's chain. Facts are ids, codes, whole numbers and ISO texts, never
    personal data. Raises LookupError for an undeclared kind and RuntimeError outside a transaction.
    """
    return record_each(kind, [(subject, facts)], by=by, at=at)[0]


def record_each(
    kind: str, told: Sequence[tuple[Any, dict[str, Any]]], *, by: Actor, at: datetime
) -> list[int]:
    """`record` for many subjects of one model, each with its facts; one statement in all.

    Chains are locked in the given order. Callers give them in order of primary key, as they lock their rows,
    so that two of them never deadlock.
    """
    if kind not in KINDS:
        raise LookupError(f"undeclared event kind {kind!r}")
    if not connection.in_atomic_block:
        raise RuntimeError("record() must share the transaction of the change")
    if not told:
        return []
    first = told[0][0]
    label, actor = first._meta.label_lower, (by.kind, by.member_id, by.unit_id)
    bare = [{name: value for name, value in facts.items() if value is not None} for _, facts in told]
    keys = [subject.pk for subject, _ in told]
    bodies = [body_of(label, key, kind, at, actor, facts) for key, facts in zip(keys, bare, strict=True)]
    texts = [json.dumps(facts, ensure_ascii=False) for facts in bare]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_EACH, [label, kind, at, *actor, keys, texts, bodies])
        found = [row[0] for row in cursor.fetchall()]
    feed.announce(first.tenant_id)
    return found


_APPEND_EACH = """
SELECT event_append(%s, told.id, %s, %s, %s, %s, %s, told.facts::jsonb, told.body)
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (id, facts, body)
"""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the log was changed or is incomplete."""

    subject_type: str
    subject_id: int
    seq: int
    why: str


def verify(since: date | None = None) -> Iterator[Break]:
    """Check every chain and every digest of the tenant in the open scope; yields each break."""
    previous: tuple[str, int] | None = None
    seq, last = 0, ""
    for event in Event.objects.order_by("subject_type", "subject_id", "seq").iterator(chunk_size=2000):
        key = (event.subject_type, event.subject_id)
        if key != previous:
            previous, seq, last = key, 0, ""
        seq += 1
        if event.seq != seq:
            yield Break(*key, event.seq, "gap")
            seq = event.seq
        elif event.prev_hash != last:
            yield Break(*key, event.seq, "link")
        elif event.hash != _hash(event):
            yield Break(*key, event.seq, "content")
        last = event.hash
    yield from _verify_heads()
    yield from _verify_digests()


def _hash(event: Event) -> str:
    actor = (event.actor_kind, event.actor_id, event.unit_id)
    body = body_of(event.subject_type, event.subject_id, event.kind, event.at, actor, event.facts)
    return hashlib.sha256(f"{event.prev_hash}|{event.seq}|{body}".encode()).hexdigest()


def _verify_heads() -> Iterator[Break]:
    """Find chains with missing last events: the rest is consistent, but the head stores the length."""
    chain = Event.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
    heads = EventHead.objects.annotate(last=Subquery(chain.order_by("-seq").values("hash")[:1]))
    for head in heads.filter(Q(last=None) | ~Q(last=F("hash"))).order_by("subject_type", "subject_id"):
        yield Break(head.subject_type, head.subject_id, head.seq, "head")


def _verify_digests() -> Iterator[Break]:
    for kept in EventDigest.objects.order_by("day"):
        count, value = _digest(kept.day)
        if (count, value) != (kept.events, kept.hash):
            yield Break("digest", int(kept.day.strftime("%Y%m%d")), kept.events, "digest")


def _digest(day: date) -> tuple[int, str]:
    before = EventDigest.objects.filter(day__lt=day).order_by("-day").values_list("hash", flat=True).first()
    running, count = hashlib.sha256((before or "").encode()), 0
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = datetime.fromtimestamp(start.timestamp() + 86400, UTC)
    found = Event.objects.filter(recorded_at__gte=start, recorded_at__lt=end).order_by("id")
    for value in found.values_list("hash", flat=True).iterator():
        running.update(value.encode())
        count += 1
    return count, running.hexdigest()


def seal(day: date) -> EventDigest:
    """Store the digest of a finished UTC day; a day is sealed once."""
    kept = EventDigest.objects.filter(day=day).first()
    if kept:
        return kept
    count, value = _digest(day)
    return EventDigest.objects.create(day=day, events=count, hash=value)


def seal_through(last: date) -> int:
    """Seal every finished UTC day up to `last` that has no digest yet, however many there are.

    Begins after the newest digest, or with the first event; returns how many days were sealed.
    """
    newest = EventDigest.objects.order_by("-day").values_list("day", flat=True).first()
    first = Event.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    if newest is None and first is None:
        return 0
    begin = newest + timedelta(days=1) if newest else first.astimezone(UTC).date()
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    for day in days:
        seal(day)
    return len(days)
