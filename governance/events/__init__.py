"""What happened and who is told: the log is the only history, and everything else subscribes to it."""

from governance.events.feed import subscribes, subscribes_in_batches
from governance.events.log import declare, record, record_each, sentence

__all__ = ["declare", "record", "record_each", "sentence", "subscribes", "subscribes_in_batches"]
