"""Backup and restore of the whole installation."""
