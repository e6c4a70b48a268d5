"""What the clocks of whistles do when they strike, beyond telling: 归档 when nobody rated in time."""

from datetime import datetime

from governance.access import actors
from governance.clocks.models import Deadline, Purpose, Step
from governance.clocks.timer import handles
from tickets.actions import whistles
from tickets.models import Whistle
from tickets.whistle_workflow import WhistleState


@handles("tickets.whistle")
def strike(deadline: Deadline, *, at: datetime) -> None:
    """The time to rate is over."""
    if deadline.purpose != Purpose.RATE or deadline.step != Step.DUE:
        return
    found = Whistle.objects.get(pk=deadline.subject_id)
    if found.state == WhistleState.ENDED:
        whistles.close(found, by=actors.system(deadline.tenant_id), at=at)
