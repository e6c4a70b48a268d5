"""Tests: one folder per room; journeys go through all rooms."""
