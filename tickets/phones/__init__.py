"""Phones of residents: proof by a code, and the tickets reported with one.

`session.py` (views): the proof of a phone that a browser holds, and how it gets one.
"""
