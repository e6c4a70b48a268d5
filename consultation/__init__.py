"""Deliberation spaces and what follows from them."""
