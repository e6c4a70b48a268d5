"""Benchmarks that compare requests with a floor from the same run; not part of the checks."""
