"""The timer loop: claim one due deadline, fire it, commit; all in one transaction.

If the process is killed at any moment, the deadline stays unfired and nothing is half done. A handler that
fails is tried again later, with growing pauses; the due time never changes. A long queue of one tenant does
not delay others.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from governance.clocks import steps
from governance.clocks.handlers import HANDLERS, NotYet, handles
from governance.clocks.models import Deadline
from governance.errors import DomainError
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope

logger = logging.getLogger(__name__)
__all__ = ["HANDLERS", "drain", "fire_next_due", "handles", "oldest_due_age"]
TURN = 20  # deadlines of one tenant before other tenants have their turn
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A deadline that this transaction has locked."""

    tenant_id: int
    deadline_id: int


def fire_next_due(at: datetime, *, skip: Collection[int] = ()) -> bool:
    """Fire the longest overdue deadline, except of the tenants in `skip`. False if nothing is due."""
    return _fire(at, skip) is not None


def drain(at: datetime, seconds: float = 50) -> int:
    """Fire everything due at `at`, in turns between tenants, for at most `seconds`.

    Returns how many fired.
    """
    until, fired = time.monotonic() + seconds, 0
    turns: Counter[int] = Counter()
    while time.monotonic() < until:
        skip = [tenant_id for tenant_id, count in turns.items() if count >= TURN]
        tenant_id = _fire(at, skip)
        if tenant_id is not None:
            turns[tenant_id] += 1
            fired += 1
        elif skip:
            turns.clear()
        else:
            break
    return fired


def oldest_due_age(at: datetime) -> float:
    """Seconds by which the loop is late: the age of the oldest due deadline, 0 if none is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT timer.oldest()")
        oldest = cursor.fetchone()[0]
    return max((at - oldest).total_seconds(), 0.0) if oldest else 0.0


def _fire(at: datetime, skip: Collection[int]) -> int | None:
    claimed: Claimed | None = None
    try:
        with transaction.atomic():
            claimed = _claim(at, skip)
            if claimed is None:
                return None
            with scope(Tenant.objects.get(pk=claimed.tenant_id), to_the_end=True):
                _perform(claimed, at)
    except Exception as error:  # one bad deadline must not block the others
        if claimed is None:
            raise
        _postpone(claimed, error, at)
    return claimed.tenant_id


def _claim(at: datetime, skip: Collection[int]) -> Claimed | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, id FROM timer.claim(%s, 1, %s::bigint[])", [at, list(skip)])
        row = cursor.fetchone()
    return Claimed(*row) if row else None


def _perform(claimed: Claimed, at: datetime) -> None:
    steps.fire(Deadline.objects.get(pk=claimed.deadline_id), at=at)


def _postpone(claimed: Claimed, error: Exception, at: datetime) -> None:
    with scope(Tenant.objects.get(pk=claimed.tenant_id)):
        waiting = Deadline.objects.filter(pk=claimed.deadline_id, fired_at__isnull=True)
        if isinstance(error, NotYet):
            waiting.update(next_attempt_at=at + timedelta(seconds=2))
            return
        attempts = (waiting.values_list("attempts", flat=True).first() or 0) + 1
        pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
        reason = error.code if isinstance(error, DomainError) else type(error).__name__
        waiting.update(next_attempt_at=at + pause, attempts=attempts, last_error=reason[:120])
    if attempts == 1:
        logger.error("deadline %s failed", claimed.deadline_id, exc_info=error)
    else:
        logger.warning("deadline %s failed again (%s): %s", claimed.deadline_id, attempts, reason)
