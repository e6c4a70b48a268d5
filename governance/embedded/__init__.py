"""The one-machine default: PostgreSQL and Valkey from their wheels, and the platform's processes around them.

Nothing here imports Django: the launcher must be able to say what is wrong before any setting can be read.
"""
