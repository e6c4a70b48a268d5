"""Deliver events to subscribers: each event exactly once, in commit order.

A subscriber reads only events older than the oldest running transaction, so it never skips an event that
commits late. It moves its cursor in the transaction of its own effects, so after a kill nothing is repeated
and nothing is lost.
"""

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import NamedTuple

from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from governance.events.models import Event, FailedDelivery, FeedCursor
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope

logger = logging.getLogger(__name__)
Handler = Callable[[Event], None]
Batch = Callable[[list[Event]], None]


class Subscriber(NamedTuple):
    """A function and the kinds of events that it is called for."""

    kinds: frozenset[str]
    handler: Handler
    from_start: bool = False


SUBSCRIBERS: dict[str, Subscriber] = {}
BATCH = 100
SILENCE = 10  # seconds
PENDING = 60  # seconds
LAST_ATTEMPT = 12


def subscribes(*kinds: str, name: str, from_start: bool = False) -> Callable[[Handler], Handler]:
    """Run the function once for every event of these kinds, later, in the tenant's scope.

    The database stores under `name` how far the subscriber has read. The name has the form `<app>.<what it does>` and
    stays the same when the function is moved or renamed. In a district that exists already, a new subscriber gets no
    past events, unless it asks for them by `from_start`. Raises ValueError for a wrong form or a name already taken.
    """
    if not re.fullmatch(r"[a-z]+\.[a-z_]+", name):
        raise ValueError(f"the subscriber name {name!r} is not of the form app.what_it_does")

    def register(handler: Handler) -> Handler:
        if name in SUBSCRIBERS:
            raise ValueError(f"two subscribers are named {name!r}")
        SUBSCRIBERS[name] = Subscriber(frozenset(kinds), handler, from_start)
        return handler

    return register


def subscribes_in_batches(*kinds: str, name: str, from_start: bool = False) -> Callable[[Batch], Batch]:
    """The same for a function that takes what has happened in a row as one list, in order, at most BATCH events."""

    def register(batch: Batch) -> Batch:
        @subscribes(*kinds, name=name, from_start=from_start)
        @wraps(batch)
        def one(event: Event) -> None:
            batch([event])

        one.batch = batch
        return batch

    return register


def announce(tenant_id: int) -> None:
    """After the commit, ask a worker to deliver; once per transaction. Without a broker nothing happens."""
    waiting = [entry[1] for entry in connection.run_on_commit]
    if not any(getattr(f, "announces", None) == tenant_id for f in waiting):
        transaction.on_commit(Announcement(tenant_id))


def pending(tenant_id: int) -> str:
    """The cache key that marks a delivery of this tenant as waiting to begin."""
    return f"deliver:{tenant_id}"


class Announcement:
    """A callable that asks for a delivery.

    It holds only the tenant's id, because it runs after the scope ends.
    """

    def __init__(self, tenant_id: int) -> None:
        self.announces = tenant_id

    silent_until = 0.0  # after a failure the broker is not tried for a while: the sweep delivers

    def __call__(self) -> None:
        if time.monotonic() < Announcement.silent_until or not cache.add(pending(self.announces), 1, PENDING):
            return  # the broker is down, or a waiting delivery will find this event too
        try:
            given = {"tenant_id": self.announces}
            current_app.send_task(
                "events.deliver", kwargs=given, retry=False, expires=300, ignore_result=True
            )
        except (BrokerError, RedisError, OSError) as error:
            Announcement.silent_until = time.monotonic() + SILENCE
            cache.delete(pending(self.announces))
            logger.warning("broker is away, the sweep will deliver: %s", error)


def skip_to_now(tenant: Tenant) -> None:
    """Let every subscriber of the tenant skip all events so far, so that old events cause no notices."""
    with scope(tenant):
        last = Event.objects.order_by("-xid", "-id").values_list("xid", "id").first() or (0, 0)
        for name in SUBSCRIBERS:
            FeedCursor.objects.update_or_create(
                subscriber=name, defaults={"xid": last[0], "event_id": last[1]}
            )


def add_missing_cursors(tenant: Tenant) -> None:
    """Give a place in the log to every subscriber that has none in this district; may be called again.

    In a new district all begin with the first event. Elsewhere a subscriber without a place is new in this release: it
    begins now, or with the first event if it asked for that.
    """
    with scope(tenant):
        known = set(FeedCursor.objects.values_list("subscriber", flat=True))
        missing = [name for name in SUBSCRIBERS if name not in known]
        if not missing:
            return
        now = _settled() if known else 0
        rows = [
            FeedCursor(subscriber=name, xid=0 if SUBSCRIBERS[name].from_start else now) for name in missing
        ]
        FeedCursor.objects.bulk_create(rows, ignore_conflicts=True)  # the row of a faster worker stays


def deliver(tenant: Tenant, at: datetime) -> int:
    """Bring every subscriber of the tenant up to date; returns how many events were handled."""
    add_missing_cursors(tenant)
    return sum(_advance(tenant, name, at) for name in SUBSCRIBERS) + _retry(tenant, at)


def _advance(tenant: Tenant, name: str, at: datetime) -> int:
    handled = 0
    while True:
        with scope(tenant):
            count, kept = _batch(name, at)
        handled += kept
        if count < BATCH:
            return handled


def _batch(name: str, at: datetime) -> tuple[int, int]:
    cursor = _lock_cursor(name)
    if cursor is None:  # another worker has the lock
        return 0, 0
    kinds, handler, _ = SUBSCRIBERS[name]
    events = list(_after(cursor))
    kept = [event for event in events if event.kind in kinds]
    batch = getattr(handler, "batch", None)
    if not (batch and len(kept) > 1 and _run_together(name, batch, kept)):
        for event in kept:
            _run(name, handler, event, at)
    if events:
        cursor.xid, cursor.event_id = events[-1].xid, events[-1].pk
        cursor.save(update_fields=["xid", "event_id"])
    return len(events), len(kept)


def _lock_cursor(name: str) -> FeedCursor | None:
    return FeedCursor.objects.select_for_update(skip_locked=True).filter(subscriber=name).first()


def _settled() -> int:
    """The oldest running transaction: all before it have ended, so nothing more can be committed among them.

    A cursor at this transaction with no event read (event_id 0) is 'now': it has passed all that had ended, and misses
    nothing that is still running. Events committed since that transaction began are still to be read, as they are for
    every other subscriber.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
        return sql.fetchone()[0]


def _after(cursor: FeedCursor) -> list[Event]:
    settled = _settled()
    rest = Event.objects.filter(xid=cursor.xid, id__gt=cursor.event_id).order_by("id")[:BATCH]
    found = list(rest) if cursor.xid < settled else []
    if len(found) < BATCH:
        later = Event.objects.filter(xid__gt=cursor.xid, xid__lt=settled).order_by("xid", "id")
        found += later[: BATCH - len(found)]
    return found


def _run_together(name: str, batch: Batch, events: list[Event]) -> bool:
    """Pass on a list of events; False if that failed, so that each event is then tried alone."""
    try:
        with transaction.atomic():
            batch(events)
        return True
    except Exception:  # one bad event must not block the others
        logger.exception("%s stumbled over a batch of %d events", name, len(events))
        return False


def _run(name: str, handler: Handler, event: Event, at: datetime) -> None:
    try:
        with transaction.atomic():
            handler(event)
    except Exception as error:  # one bad event must not block the others
        logger.exception("%s stumbled over event %s", name, event.pk)
        FailedDelivery.objects.create(
            subscriber=name,
            event_id=event.pk,
            next_attempt_at=at + timedelta(minutes=1),
            error=type(error).__name__,
        )


def _retry(tenant: Tenant, at: datetime) -> int:
    with scope(tenant):
        due = FailedDelivery.objects.filter(next_attempt_at__lte=at, attempts__lt=LAST_ATTEMPT)
        done = 0
        for failed in due.select_related("event").select_for_update(skip_locked=True, of=("self",))[:BATCH]:
            done += _again(failed, at)
        return done


def _again(failed: FailedDelivery, at: datetime) -> int:
    entry = SUBSCRIBERS.get(failed.subscriber)
    try:
        if entry is not None:
            with transaction.atomic():
                entry[1](failed.event)
        failed.delete()
        return 1
    except Exception as error:  # tried again later, after a longer pause
        failed.attempts += 1
        failed.next_attempt_at = at + timedelta(minutes=2**failed.attempts)
        failed.error = type(error).__name__
        failed.save(update_fields=["attempts", "next_attempt_at", "error"])
        return 0
