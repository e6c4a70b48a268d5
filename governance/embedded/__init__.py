"""The default installation on one machine: PostgreSQL and Valkey from wheels, and the platform's processes.

No module here imports Django: the launcher must be able to report an error before any setting can be read.
"""
