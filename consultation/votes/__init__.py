"""Votes on a topic. Nothing is built yet."""
