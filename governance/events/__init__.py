"""The event log, which is the only history; notices and all other effects subscribe to it."""

from governance.events.feed import subscribes, subscribes_in_batches
from governance.events.log import declare, record, record_each, sentence

__all__ = ["declare", "record", "record_each", "sentence", "subscribes", "subscribes_in_batches"]
