"""Deadline handler of whistles: archive (归档) a whistle that was not rated in time."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Purpose, Step
from governance.clocks.timer import handles
from tickets.whistles.actions import ending
from tickets.whistles.models import Whistle
from tickets.whistles.workflow import WhistleState


@handles("tickets.whistle")
def strike(deadline: Deadline, whistle: Whistle, *, at: datetime) -> None:
    """Close an ended whistle when the time to rate it is over."""
    if deadline.purpose != Purpose.RATE or deadline.step != Step.DUE:
        return
    if whistle.state == WhistleState.ENDED:
        ending.close(whistle, by=actors.system(deadline.tenant_id), at=at)
