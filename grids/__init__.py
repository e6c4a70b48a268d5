"""The territory, its units, and the people who serve in them.

`choices.py` (queries): areas as choices of a select, compiled once per configuration.
`coordinates.py` (rules): convert coordinates used in China: WGS-84, GCJ-02, BD-09.
`followers.py` (rules): registry of objects of higher apps that a change of the territory counts and moves along.
`tree.py` (queries): the tree of areas: paths, the area in force, the local day, and which posts hold.
"""
