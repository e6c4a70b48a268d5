"""Actions on clocks. All run in the open scope; the caller has already locked the subject.

The order of locks is subject, clock, and never a deadline. The timer loop locks a deadline first, then
subject and clock; so an action skips the deadlines that are being fired, and the loop reads the clock again.
"""

from governance.clocks.actions.appointments import cancel, set_deadline
from governance.clocks.actions.changes import begin_earlier, change_policy, extend, restore
from governance.clocks.actions.pauses import pause, resume
from governance.clocks.actions.start_stop import (
    EVERY,
    NewClock,
    Turned,
    change_clocks,
    due_of,
    earliest_due,
    start,
    start_all,
    stop,
    withdraw,
)
from governance.clocks.subjects import Subject

__all__ = [
    "EVERY",
    "NewClock",
    "Subject",
    "Turned",
    "begin_earlier",
    "cancel",
    "change_clocks",
    "change_policy",
    "due_of",
    "earliest_due",
    "extend",
    "pause",
    "restore",
    "resume",
    "set_deadline",
    "start",
    "start_all",
    "stop",
    "withdraw",
]
