"""Tests of a district's settings."""
