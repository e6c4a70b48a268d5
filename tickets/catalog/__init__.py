"""The category tree and the service levels of a district.

`category_sheet.py` (sheet): the category tree as an Excel sheet.
`choices.py` (queries): categories as choices of a select, named in the reader's language.
`level_sheet.py` (sheet): the service levels as an Excel sheet.
`marks.py` (queries): marks of categories: dispute, unlisted.
`pack.py` (imports): the standard categories as a pack: those that are missing, their departments, and their limits.
`service_levels.py` (queries): service levels: which time limit holds for a step, the more specific first (design 5.4).
`standard.py` (rules): the standard categories as data.
`tree.py` (queries): the category tree of a district, compiled once per configuration.
"""
