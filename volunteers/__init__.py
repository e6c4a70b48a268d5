"""Volunteers, service hours, points and wishes."""
