"""Tests of the ticket."""
