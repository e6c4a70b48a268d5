"""Volunteer teams and their members. Nothing is built yet."""
