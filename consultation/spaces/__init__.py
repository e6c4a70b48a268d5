"""Deliberation spaces of a community or a street. Nothing is built yet."""
