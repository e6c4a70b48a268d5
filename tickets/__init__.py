"""The five orders: report, triage, dispatch, accept, rate.

`sql.py` (models): SQL of the search: Chinese words through an index under row-level security.
`territory.py` (actions): follow changes of the territory: open tickets and whistles move when grids are recut.
"""
