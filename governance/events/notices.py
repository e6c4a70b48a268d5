"""The inbox."""

from collections.abc import Iterable
from datetime import datetime

from governance.events.models import Event, Notice


def tell(members: Iterable[int], event: Event, *, text: str, link: str = "", urgent: bool = False) -> int:
    """Put one line into each member's inbox; the same event is never told twice to the same person."""
    rows = [
        Notice(
            member_id=member,
            event=event,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            kind=event.kind,
            text=text[:200],
            link=link,
            urgent=urgent,
            created_at=event.at,
        )
        for member in sorted(set(members))
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def mark_read(member_id: int, ids: Iterable[int] | None, at: datetime) -> int:
    """Mark some notices, or with None all, of one member as read."""
    found = Notice.objects.filter(member_id=member_id, read_at=None)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.update(read_at=at)
