"""Lists of tickets: filters, columns, saved views, map, export.

`changes.py` (queries): find the rows of an open list that have changed since they were shown.
`columns.py` (queries): columns of the ticket list: those available, and those that a member has chosen.
`export_sheet.py` (queries): Excel sheet of an exported list: reporters masked, each row and page marked.
`filters.py` (queries): filters of a ticket list as parameters of an address.
`map.py` (queries): tickets on a map: counted per cell if there are many, one by one if there are few.
`words.py` (queries): filters of a list in words: the options of each filter, and the active ones.
"""
