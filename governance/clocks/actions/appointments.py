"""Deadlines that belong to no promise: the end of a share, a review date, the limit of a wait."""

from __future__ import annotations

from datetime import datetime

from governance.clocks.actions.promises import Subject
from governance.clocks.models import Deadline

OPEN = {"clock__isnull": True, "fired_at__isnull": True}


def appoint(subject: Subject, purpose: str, step: str, *, at: datetime) -> Deadline:
    """Have the subject's handler called at an instant, once; an earlier appointment of that name is moved
    there."""
    label = subject._meta.label_lower
    Deadline.objects.filter(
        subject_type=label, subject_id=subject.pk, purpose=purpose, step=step, **OPEN
    ).delete()
    return Deadline.objects.create(
        tenant_id=subject.tenant_id,
        subject_type=label,
        subject_id=subject.pk,
        purpose=purpose,
        step=step,
        due_at=at,
        next_attempt_at=at,
    )


def cancel(subject: Subject, purpose: str) -> int:
    """Drop the subject's appointments of that purpose which have not come yet; returns how many."""
    waiting = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, purpose=purpose, **OPEN
    )
    free = waiting.select_for_update(skip_locked=True).values("pk")
    return Deadline.objects.filter(pk__in=free)._raw_delete("default")
