"""kill -9 of web, worker, beat and broker: no report is lost, no step fires twice, recovery is automatic."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.stack import Stack

pytestmark = [pytest.mark.servers, pytest.mark.slow]
DUE, REPORTS = 300, 200


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack("faults", tmp_path_factory.mktemp("faults"))
    try:
        yield made.up()
    finally:
        made.down()


def body(stack, client_id=None):
    return {
        "client_id": str(client_id or uuid.uuid4()),
        "text": "路灯不亮",
        "area": stack.tokens["_areas"]["lane_building"],
        "channel": "hotline",
    }


def until_taken(stack, client_id, tries=120):
    """Report like a client without an answer: repeat the request until there is one; returns the number."""
    for _ in range(tries):
        try:
            answer = stack.call("clerk", "POST", "tickets/", body(stack, client_id))
            if answer.status_code in {200, 201}:
                return answer.json()["number"]
        except requests.RequestException:
            pass
        time.sleep(0.25)
    raise AssertionError("the report was never taken\n" + stack.logs())


def test_web_killed_amid_reports_takes_each_once(stack):
    before = stack.sql("SELECT count(*) FROM tickets_ticket")[0][0]
    ids = [uuid.uuid4() for _ in range(REPORTS)]
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(until_taken, stack, client_id) for client_id in ids]
        for _ in range(2):
            done = sum(future.done() for future in waiting)
            stack.wait_for(
                lambda d=done: sum(f.done() for f in waiting) >= min(d + 40, REPORTS), "no progress"
            )
            stack.kill("web")
            stack.start("web")
        numbers = [future.result() for future in waiting]
    assert len(set(numbers)) == REPORTS
    assert stack.sql("SELECT count(*) FROM tickets_ticket")[0][0] - before == REPORTS
    assert stack.sql("SELECT count(DISTINCT client_id) FROM tickets_ticket")[0][0] >= REPORTS
    rows = stack.sql("SELECT last FROM tickets_numbercounter")
    assert rows == [(before + REPORTS,)]  # a killed request used up no number


def test_without_a_broker_reports_are_taken_and_told_later(stack):
    stack.kill("broker")
    began = time.monotonic()
    number = until_taken(stack, uuid.uuid4())
    assert time.monotonic() - began < 15
    assert stack.call("community", "GET", f"tickets/{number}/").json()["state"] == "reported"
    assert told(stack, number) == []
    stack.start("broker")
    stack.wait_for(lambda: told(stack, number), "the notice did not follow", seconds=120)
    assert len(told(stack, number)) == len(set(told(stack, number)))


def told(stack, number):
    return stack.sql(
        "SELECT n.member_id, n.event_id FROM governance_notice n JOIN tickets_ticket t ON t.id = n.subject_id "
        "WHERE t.number = %s",
        number,
    )


def test_worker_beat_and_broker_killed_amid_due_deadlines_fire_each_step_once(stack):
    with ThreadPoolExecutor(4) as pool:
        missing = DUE - stack.sql("SELECT count(*) FROM tickets_ticket WHERE state = 'reported'")[0][0]
        list(pool.map(lambda _: until_taken(stack, uuid.uuid4()), range(missing)))
    stack.sql(
        "UPDATE governance_deadline SET due_at = now() - interval '1 minute', next_attempt_at = now() "
        "WHERE fired_at IS NULL AND step = 'due' AND purpose = 'triage'"
    )
    for part in ("worker", "beat", "broker", "worker"):
        fired = count_fired(stack)
        stack.wait_for(
            lambda f=fired: count_fired(stack) > f or count_fired(stack) >= DUE, "nothing fires", 90
        )
        stack.kill(part)
        time.sleep(0.5)
        stack.start(part)
    stack.wait_for(lambda: count_fired(stack) >= DUE, "not every deadline fired", seconds=180)
    twice = stack.sql(
        "SELECT subject_id, facts->>'clock', facts->>'step', count(*) FROM governance_event "
        "WHERE kind IN ('clock.warned', 'clock.breached', 'clock.escalated') "
        "GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    assert twice == []
    unfired = stack.sql("SELECT count(*) FROM governance_deadline WHERE fired_at IS NULL AND due_at < now()")
    assert unfired == [(0,)]
    assert "0 处不符" in stack.manage("verify_log", "--tenant", "alpha")


def count_fired(stack):
    return stack.sql("SELECT count(*) FROM governance_event WHERE kind = 'clock.breached'")[0][0]


def test_of_two_movers_one_wins(stack):
    number = until_taken(stack, uuid.uuid4())
    ready, found = threading.Barrier(2, timeout=20), []

    def move(verb):
        ready.wait()
        found.append(
            stack.move("community", number, verb, reason="同时分单", expected="reported").status_code
        )

    threads = [threading.Thread(target=move, args=(verb,)) for verb in ("triage_minor", "triage_major")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 409]
    kinds = [
        event["kind"] for event in stack.call("county", "GET", f"tickets/{number}/events/").json()["results"]
    ]
    assert len(kinds) == 2
