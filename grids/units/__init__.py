"""Units that can hold work, their hours and notice channels.

`bureaus.py` (imports): the usual departments of a county, as a pack that an administrator loads with one click.
`cells.py` (queries): units and areas in the cells of sheets, each by its name or by its code.
`initials.py` (queries): find names by the first letters of their pinyin, as people type them: "xfsq" for 幸福社区.
`made.py` (actions): the units that every street and community has.
`records.py` (actions): create and change units; checks the data, not the rights.
`serving.py` (queries): units that serve an area, as residents see them, and its grids with their workers by name.
"""
