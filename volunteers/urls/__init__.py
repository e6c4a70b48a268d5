"""Addresses of the volunteers pages; there are none yet."""
