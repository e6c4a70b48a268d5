"""Journeys: tests that go through several rooms."""
