"""Tests of governance, one folder per room."""
