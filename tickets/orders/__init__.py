"""The verbs of the five orders: actions, forms, REST, subscribers, timers.

`returns_api.py` (api): closed tickets that came from another system, for the answer there.
`serializing.py` (api): tickets as JSON.
`time_notices.py` (subscribers): notify of time: warnings, breaches and escalations of a ticket's clocks, in batches.
"""
