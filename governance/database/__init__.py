"""Django's PostgreSQL backend with psycopg's own compiled loader for timestamps.

`base.py` (models): the backend that DATABASES names: Django's, except for the conversion of timestamptz to datetime.
`failures.py` (rules): tell failures of the database that pass from those that do not.
`history.py` (rules): recognise a database of an older version.
`words.py` (models): lists of words for columns.
`unique.py` (rules): turn a unique-key violation into a Conflict.
"""
