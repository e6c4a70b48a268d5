"""Operation of an installation: backups, health, checks, admin pages.

`admin.py` (views): admin pages of the platform: tenants, users and tokens, but no data of a tenant.
`backups.py` (actions): back up the whole installation into one file, and restore it.
`doctor.py` (views): checks of an installation for its administrator.
`health.py` (views): health checks for probes, and metrics for Prometheus.
"""
