"""Time limits: work calendars, clocks, deadlines and the timer loop.

`calendar.py` (workflow): working time as pure arithmetic: due times, and how much of a time limit is used.
`calendar_rows.py` (actions): edit a tenant's calendars: hours, dated exceptions, published years.
`compiled_calendars.py` (queries): compiled calendars of each tenant, cached per process and configuration.
`gaps.py` (queries): setup check of the clocks: are the holidays of the present year published and loaded?
`handlers.py` (subscribers): registry of deadline handlers, one per subject model.
`holidays.py` (queries): sources of published holidays: a library, or a file written from the official notice.
`hours.py` (workflow): calendars as people write them: weekly hours, dated exceptions, and the published years.
`policies.py` (rules): policies of time limits: how long, in which unit, when to warn, and when to escalate.
`recompute.py` (actions): recompute open clocks after a calendar was edited.
`report.py` (documents): print the history of a clock as lines of text.
`seed.py` (actions): the first calendar of a new tenant.
`sql.py` (models): SQL of the only functions that read across tenants: they find and lock due deadlines.
`steps.py` (timers): fire a deadline: check it again, mark it as fired, record the event, and call its handler.
`subjects.py` (models): the type of a clock's subject.
`timeline.py` (rules): running times of a clock over its whole life, as pure arithmetic.
`timer.py` (timers): the timer loop: claim one due deadline, fire it, commit; all in one transaction.
`words.py` (rules): time in words: time left, time overdue, moments, reasons and policies.
`year.py` (queries): a year of the work calendar for a page: twelve months of days, each a workday or a day off.
"""
