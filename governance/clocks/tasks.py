"""The shell in which the worker fires what is due."""

from celery import shared_task
from django.utils import timezone

from governance.clocks import timer


@shared_task(name="clocks.fire_due")
def fire_due() -> int:
    """One round of the timer loop; rounds may overlap, a claimed deadline is passed over by the others."""
    return timer.drain(timezone.now(), seconds=20)
