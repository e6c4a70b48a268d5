"""Writes of lists: saved views and exports."""
