"""The platform under all other apps: tenancy, access, events, clocks, reports.

`celery.py` (tasks): the Celery app and its schedule.
`environment.py` (workflow): read environment variables; at start, name every required one that is missing.
`errors.py` (workflow): domain errors: actions raise them; views turn them into pages, the API into problem+json.
`log_masks.py` (workflow): log lines without personal data.
`settings.py` (workflow): settings; everything that differs between installations comes from the environment.
"""
