"""Settings of a district: change them, check the setup, load standard content, and empty it after trying it out.

`packs.py` (actions): packs of standard settings that an administrator loads with one click: each app registers its own.
`setup_views.py` (views): the setup check with its buttons: open, close, load a pack, empty.
`trial.py` (actions): empty a district that was never open of what people tried out.
"""
