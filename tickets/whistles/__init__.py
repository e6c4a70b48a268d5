"""Whistles: a street summons units to a place.

`sharing.py` (actions): shares that a whistle gives to its ticket, and when they end.
"""
