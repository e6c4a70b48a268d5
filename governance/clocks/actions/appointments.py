"""Deadlines without a clock: the end of a share, a review date, the limit of a wait."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from governance.clocks.models import Deadline
from governance.clocks.subjects import Subject

OPEN = {"clock__isnull": True, "fired_at__isnull": True}


_UPSERT = """
INSERT INTO governance_deadline (tenant_id, run, subject_type, subject_id, purpose, step, due_at, next_attempt_at,
                                 combined, attempts, last_error)
VALUES (%(tenant)s, 1, %(label)s, %(pk)s, %(purpose)s, %(step)s, %(at)s, %(at)s, false, 0, '')
ON CONFLICT (tenant_id, subject_type, subject_id, purpose, step) WHERE clock_id IS NULL AND fired_at IS NULL
DO UPDATE SET due_at = EXCLUDED.due_at, next_attempt_at = EXCLUDED.next_attempt_at
"""


def set_deadline(subject: Subject, purpose: str, step: str, *, at: datetime) -> None:
    """Have the subject's handler called once, at the given moment. One statement.

    If a deadline of that purpose and step is already waiting, it is moved to this moment.
    """
    given = {"tenant": subject.tenant_id, "label": subject._meta.label_lower, "pk": subject.pk}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {**given, "purpose": str(purpose), "step": str(step), "at": at})


def cancel(subject: Subject, purpose: str) -> int:
    """Delete the subject's deadlines of that purpose that have not fired; returns how many."""
    waiting = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, purpose=purpose, **OPEN
    )
    free = waiting.select_for_update(skip_locked=True).values("pk")
    return Deadline.objects.filter(pk__in=free)._raw_delete("default")
