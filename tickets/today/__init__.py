"""The first page of the desk and the morning brief.

`brief.py` (queries): morning brief (早报): new, due and overdue tickets, of a member's work and of supervised areas.
`groups.py` (queries): many reports of one kind at one place as one line.
`instructions.py` (queries): the instructions (批示) of a leader, each with its answer.
`streets.py` (queries): figures of each street for those who supervise several.
"""
