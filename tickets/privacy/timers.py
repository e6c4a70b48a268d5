"""Deadline handler of personal data requests."""

from datetime import datetime

from governance.clocks.models import Deadline
from governance.clocks.timer import handles
from tickets.privacy.models import DataRequest


@handles("tickets.datarequest")
def remind(deadline: Deadline, request: DataRequest, *, at: datetime) -> None:
    """Do nothing: the clock has already recorded that a personal data request is nearly late or late."""
