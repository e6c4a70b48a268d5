"""Reply templates: texts that units write often.

`pack.py` (imports): reply templates as a pack that an administrator loads with one click.
"""
