"""Deliberation spaces and their results."""
