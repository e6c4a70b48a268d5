"""Resolutions, and what follows from them. Nothing is built yet."""
