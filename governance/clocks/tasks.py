"""Celery task that fires due deadlines."""

from celery import shared_task
from django.utils import timezone

from governance.clocks import timer


@shared_task(name="clocks.fire_due")
def fire_due() -> int:
    """Run the timer loop once; returns how many deadlines fired.

    Rounds may overlap: a claimed deadline is skipped.
    """
    return timer.drain(timezone.now(), seconds=20)
