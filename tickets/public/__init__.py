"""Public facts of tickets: list, map, figures.

`figures.py` (queries): public figures of an area, each with the number it is a share of.
`map.py` (queries): public tickets on a map, in squares of a thousandth of a degree (about a hundred metres).
`state_words.py` (rules): state of a ticket in plain words for residents.
"""
