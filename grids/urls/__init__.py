"""Addresses of the territory's pages."""
