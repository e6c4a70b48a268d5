"""Pages of officers: the ticket page, bulk moves, inbox, codes to print.

`bulk.py` (actions): find the moves that fit all the chosen tickets, and make a move on each ticket separately.
`letter.py` (queries): letter of answer to the resident who reported.
`page.py` (queries): data of a ticket's page in six statements: ticket, people, conversation, history, clocks.
"""
