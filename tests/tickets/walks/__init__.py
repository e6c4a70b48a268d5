"""Tests that go through several rooms of tickets."""
