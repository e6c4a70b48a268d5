"""Tests of the outbox of text messages."""
