"""Claiming the next deadline uses the index of unfired deadlines, however many are waiting."""

import json

import pytest

from benchmarks.fill import ballast
from tests.stack import Stack

pytestmark = [pytest.mark.slow]
ROWS = 200_000
BODY = """
SELECT d.tenant_id, d.id FROM public.governance_deadline d
WHERE d.fired_at IS NULL AND d.next_attempt_at <= now() AND NOT (d.tenant_id = ANY ('{}'::bigint[]))
ORDER BY d.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack("claim", tmp_path_factory.mktemp("claim"))
    try:
        made.up(parts=())
        with made._owner() as owner:
            ballast(owner, ROWS)
        yield made
    finally:
        made.down()


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def test_the_claim_reads_the_index_of_what_has_not_fired(stack):
    with stack._owner() as owner:
        owner.execute("SET ROLE governance_clock")
        plan = owner.execute("EXPLAIN (FORMAT JSON) " + BODY).fetchone()[0][0]["Plan"]
    found = list(nodes(plan))
    assert {node.get("Index Name") for node in found} - {None} == {"deadline_unfired"}, json.dumps(plan)[
        :2000
    ]
    assert not any(node["Node Type"] in {"Seq Scan", "Sort"} for node in found)


def test_the_function_itself_touches_a_handful_of_blocks(stack):
    """EXPLAIN does not show the plan inside the function; the blocks read do. A scan would read thousands."""
    with stack._owner() as owner:
        ask = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM timer.claim(now(), 1, '{}'::bigint[])"
        owner.execute("SELECT * FROM timer.claim(now(), 1, '{}'::bigint[])")
        plan = owner.execute(ask).fetchone()[0][0]["Plan"]
        pages = owner.execute(
            "SELECT relpages FROM pg_class WHERE relname = 'governance_deadline'"
        ).fetchone()[0]
    read = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    assert pages > 2000
    assert read < 100


def test_the_body_tested_here_is_the_one_of_the_function():
    from governance.clocks.sql import CLAIM

    wanted = " ".join(
        BODY.replace("now()", "at").replace("'{}'::bigint[]", "skip").replace("LIMIT 1", "LIMIT n").split()
    )
    assert wanted in " ".join(CLAIM.split())
