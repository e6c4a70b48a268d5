"""The event log, which is the only history; notices and all other effects subscribe to it.

`channels.py` (actions): channels besides the inbox: notices as text messages, or as lines in a unit's chat group.
`feed.py` (actions): deliver events to subscribers: each event exactly once, in commit order.
`log.py` (actions): write the event log, and verify that it was not changed.
`notice_texts.py` (queries): texts of notices, written when they are read.
`notices.py` (actions): write notices: to whom, from when they count as unread, and which are collected under a digest.
`receivers.py` (rules): route a notice to the member, a deputy, or the members on duty.
`sql.py` (models): SQL function that appends to the event log: lock the head, chain the hash, insert; one round trip.
`text_brake.py` (actions): record once a day that a district has sent its texts of the day.
`storm_brake.py` (actions): a brake for floods of clock notices: above a limit they are only collected in digests.
"""

from governance.events.feed import subscribes, subscribes_in_batches
from governance.events.kinds import declare, sentence
from governance.events.log import record, record_each

__all__ = ["declare", "record", "record_each", "sentence", "subscribes", "subscribes_in_batches"]
