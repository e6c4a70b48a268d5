"""Fixtures that log in to pages or call the API, as in the tests of tickets."""

from tests.tickets.conftest import as_, call, number

__all__ = ["as_", "call", "number"]
