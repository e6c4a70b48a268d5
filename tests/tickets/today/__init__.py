"""Tests of the first page and the brief."""
