"""Operation of an installation: backups, health, checks, admin pages."""
