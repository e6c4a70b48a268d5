"""Fault tests: processes of the platform are killed while they work."""
