"""The main queries use their index at 100,000 tickets, under row-level security and as the runtime role."""

import json

import pytest

from benchmarks.fill import fill
from tests.stack import Stack

pytestmark = [pytest.mark.servers, pytest.mark.slow]
TICKETS = 100_000

INDEXES = {
    "newest of the district": {"ticket_newest"},
    "newest of a state": {"ticket_by_state"},
    "newest of a community": {"ticket_by_place", "ticket_newest"},
    "newest of a department": {"ticket_by_lead", "ticket_newest"},
    "my work by due time": {"ticket_by_holder"},
    "overdue": {"ticket_by_due"},
    "since yesterday": {"ticket_newest"},
    "one by number": {"ticket_number_once"},
    "similar matters": {
        "ticket_by_place",
        "ticket_by_state",
        "ticket_newest",
    },  # all stop at 200 rows of 60 days
    "what waits for a department": {"ticket_by_holder"},
    "what waits for a community": {"ticket_by_holder"},
    "what waits for the county": {"ticket_by_holder"},
    "figures of the county": {"ticket_by_holder"},
    "figures of a community": {"ticket_by_holder"},
    "history": {"event_seq_once_per_subject"},
    "clocks": {"clock_of_subject"},
    "feed": {"event_feed"},
}


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    stack = Stack("plans", tmp_path_factory.mktemp("plans"))
    try:
        stack.up(parts=())
        tenant = stack.sql("SELECT id FROM governance_tenant WHERE slug = 'alpha'")[0][0]
        with stack._owner() as owner:
            fill(owner, tenant, TICKETS)
        yield json.loads(stack._python("-m", "tests.plans"))
    finally:
        stack.down()


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize("name", INDEXES)
def test_a_main_query_uses_its_index(plans, name):
    used = {node["Index Name"] for node in nodes(plans[name]) if "Index Name" in node}
    assert used & INDEXES[name], json.dumps(plans[name], indent=1)[:3000]
    scanned = {n["Relation Name"] for n in nodes(plans[name]) if n["Node Type"] == "Seq Scan"}
    assert not scanned & {"tickets_ticket", "governance_event", "governance_clock", "governance_deadline"}


def test_words_are_found_through_the_index(plans):
    assert plans["words"] < 2000  # a scan of the table would read more than 5,000 blocks
