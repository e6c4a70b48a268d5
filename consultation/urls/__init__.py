"""Addresses of the consultation pages; there are none yet."""
