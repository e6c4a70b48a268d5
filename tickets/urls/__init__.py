"""Addresses of ticket pages and of the API."""
