"""The first page of the desk and the morning brief.

`brief.py` (queries): morning brief (早报): new, due and overdue tickets, of a member's work and of supervised areas.
`streets.py` (queries): figures of each street for those who supervise several.
"""
