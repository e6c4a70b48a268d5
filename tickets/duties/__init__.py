"""The duty list, the check of dispatches against it, work admissions and consents.

`gate.py` (actions): check dispatches to streets and communities against their duty list.
`proposals.py` (queries): proposals for a dispatch: the duty list, similar tickets, the category's duty unit.
`refusals.py` (views): count a refused push after its request was rolled back.
"""
