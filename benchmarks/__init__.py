"""Measures against a floor of the same run; never part of the checks."""
