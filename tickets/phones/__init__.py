"""Phones of residents: proof by a code, and the tickets reported with one."""
