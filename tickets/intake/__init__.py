"""Intake of reports: forms, similar tickets, receipts, import of past tickets.

`faults.py` (forms): all faults of a report at once, so that a form names them in one answer.
`receipts.py` (actions): send the receipt as a text message: number and link, to reporters who left a phone.
`source_numbers.py` (rules): numbers of other systems, each with one ticket.
`similar.py` (queries): find open tickets nearby that may be the same case.
"""
