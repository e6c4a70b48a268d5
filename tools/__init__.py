"""Tools for developers: install, check, translate."""
