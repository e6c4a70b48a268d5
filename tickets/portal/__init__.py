"""Pages of residents: report, follow, rate.

`access.py` (forms): open a ticket by number and code, and count wrong codes.
`reporter_view.py` (queries): view of a ticket for one reporter or follower, with more than the public list shows.
`sayings.py` (forms): what a reporter can do with their ticket: answer, add, withdraw, have it done again.
"""
