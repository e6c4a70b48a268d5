"""Tests that share a module's fixture, or start and kill processes, run together on one worker."""

import pytest

from tests.scheduling import group_of


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/faults/test_kills.py::test_a", "processes"),
        ("tests/governance/operations/test_backup.py::test_b", "processes"),
        ("tests/tickets/walks/test_plans.py::test_c[feed]", "tests/tickets/walks/test_plans.py"),
        ("tests/journeys/test_browser.py::test_d", "tests/journeys/test_browser.py"),
        ("tests/governance/sheets/test_tables.py::test_e", "tests/governance/sheets/test_tables.py::test_e"),
    ],
)
def test_a_test_belongs_to_its_group(test, group):
    assert group_of(test) == group
