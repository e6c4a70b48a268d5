"""Tenancy: districts, the scope of a transaction, row-level security.

`addresses.py` (views): URL converter of the first part of a path: the slug of a district, except reserved words.
`checks.py` (queries): system checks that row-level security is effective.
`config.py` (queries): compiled configuration of a district, cached per process and version.
`current.py` (models): the id of the open scope's tenant, for the models that are loaded before the scope.
`defaults.py` (workflow): default settings of a district.
`dry_run.py` (actions): dry run: call the real actions, then roll back.
`gaps.py` (rules): setup check of a district: each app checks what is still missing before work can begin.
`operations.py` (models): migration operations that isolate the rows of tenants.
`owner.py` (actions): work as the database owner: migrations, dumps, and grants to the runtime role.
`roles.py` (models): SQL of the database roles, run once by a database administrator or by the one-machine start.
`scope.py` (models): the tenant scope of a transaction, set in PostgreSQL before the first statement.
"""
