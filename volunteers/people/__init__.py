"""Volunteers: persons, skills, verification. Nothing is built yet."""
