"""Whistles: a street summons units to a place."""
