"""The territory tree: areas, outlines, recutting.

`bounds.py` (queries): the bounds of the district: whether a point lies inside.
`outlines.py` (queries): stored outlines: for a map, around a point, of a subtree.
`records.py` (actions): create areas; checks the data, not the rights.
`reshaping.py` (actions): recut grids: merge, split, move buildings.
`shapes.py` (actions): outlines of areas: import from GeoJSON in the usual coordinate systems.
"""
