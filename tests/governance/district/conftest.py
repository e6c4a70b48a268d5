"""Fixtures for tests of a district's settings."""

from tests.governance.sheets.conftest import as_  # noqa: F401 - a fixture
