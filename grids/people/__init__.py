"""People and their posts.

`records.py` (actions): create members and posts; checks the data, not the rights.
"""
