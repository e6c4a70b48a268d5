"""The verbs of the five orders: actions, forms, REST, subscribers, timers.

`serializing.py` (api): tickets as JSON.
`time_notices.py` (subscribers): notify of time: warnings, breaches and escalations of a ticket's clocks, in batches.
"""
