"""Measure the main requests against their floor, and print the table for docs/benchmarks.md.

Floor: the statements captured from the same request, replayed with one psycopg connection per client, one
transaction, fsync on, same socket. Runs of both alternate; the median of five counts. Start it with `make
bench`.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import floor
from benchmarks.capture_count import identity_of
from benchmarks.fill import fill
from tests.stack import ROOT, Stack

CLIENTS, ROUNDS = 4, 5


def load(port: int, token: str, requests: list[tuple[str, str, str]]) -> list[float]:
    """Send the requests one after another over one connection; seconds taken by each."""
    taken = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for method, path, body in requests:
        began = time.perf_counter()
        connection.request(method, f"/alpha/api/v1/{path}", body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        taken.append(time.perf_counter() - began)
        if answer.status >= 300:
            raise RuntimeError(content.decode()[:500])
    return taken


def fire(count: int, env: dict[str, str]) -> list[float]:
    """Fire `count` due deadlines in a separate process; seconds taken by each."""
    command = [sys.executable, "-m", "benchmarks.fire", str(count)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@dataclass
class Case:
    """One kind of request, the scripts of its floor, and the measurements."""

    name: str
    who: str
    scripts: list[Any]
    rates: dict[str, list[float]] = field(default_factory=lambda: {"app": [], "floor": []})
    times: list[float] = field(default_factory=list)
    label: str = ""

    def line(self) -> str:
        """The row of the table in Markdown."""
        app, bare = statistics.median(self.rates["app"]), statistics.median(self.rates["floor"])
        cuts = statistics.quantiles(self.times, n=20)
        inside, identity = identity_of(self.scripts[0])
        p50, p95 = cuts[9] * 1000, cuts[18] * 1000
        return (
            f"| {self.label or self.name} | {app:.0f} | {p50:.1f} / {p95:.1f} ms | {inside} + {identity} "
            f"| {bare:.0f} | {app / bare:.2f} |"
        )


def shares(items: list[Any]) -> list[list[Any]]:
    """The items divided among the clients."""
    return [items[n::CLIENTS] for n in range(CLIENTS)]


class Bench:
    """A running stack with a large district, and the cases measured on it."""

    def __init__(self, stack: Stack, tickets: int, count: int) -> None:
        self.stack, self.tickets, self.count = stack, tickets, count

    def prepare(self) -> list[Case]:
        """Start the stack, fill the district and return the cases."""
        stack = self.stack
        stack.up(parts=("broker",))
        self.tenant = stack.sql("SELECT id FROM governance_tenant WHERE slug = 'alpha'")[0][0]
        with stack._owner() as owner:
            fill(owner, self.tenant, self.tickets)
        stack.start("web")
        self.moves = self._fresh(self.count * (ROUNDS + 1))
        self.due()
        scripts = self.captured()
        whose = {
            "report": "clerk",
            "list of 50": "county",
            "detail": "county",
            "move": "community",
            "claim": "",
        }
        return [Case(name, whose[name], scripts[name]) for name in whose]

    def captured(self, *names: str) -> dict[str, Any]:
        """The statements of each case, or of the named ones."""
        arguments = json.dumps(self.stack.tokens), str(self.count), *names
        return json.loads(self.stack._python("-m", "benchmarks.capture", *arguments))

    def _fresh(self, count: int) -> list[str]:
        """Numbers of new tickets to be moved, reported through the API."""
        token = self.stack.tokens["clerk"]
        parts = [(self.stack.port, token, share) for share in shares([self._report() for _ in range(count)])]
        floor.together(CLIENTS, load, parts)
        rows = self.stack.sql("SELECT number FROM tickets_ticket WHERE number LIKE 'ALPH%' ORDER BY id")
        return [row[0] for row in rows]

    def due(self) -> None:
        """Make deadlines due, enough for all rounds of both sides."""
        self.stack.sql(
            "UPDATE governance_deadline SET due_at = now(), next_attempt_at = now() WHERE step = 'due' "
            "AND fired_at IS NULL AND id IN (SELECT id FROM governance_deadline WHERE step = 'due' "
            f"AND fired_at IS NULL ORDER BY id LIMIT {self.count * (ROUNDS * 3 + 3)})"
        )

    def _report(self) -> tuple[str, str, str]:
        body = {
            "client_id": str(uuid.uuid4()),
            "text": "路灯不亮,晚上看不清",
            "area": self.stack.tokens["_areas"]["lane_building"],
            "category": "0102",
            "channel": "hotline",
            "reporter": {"name": "钱居民", "phone": "13800001234"},
        }
        return "POST", "tickets/", json.dumps(body)

    def requests(self, case: Case, turn: int) -> list[tuple[str, str, str]]:
        """The requests of one round, as (method, path, body)."""
        if case.name == "report":
            return [self._report() for _ in range(self.count)]
        if case.name == "list of 50":
            return [("GET", "tickets/", "")] * self.count
        if case.name == "detail":
            return [("GET", f"tickets/FILL-{n * 37 % self.tickets + 1:08d}/", "") for n in range(self.count)]
        body = json.dumps({"verb": "triage_major", "reason": "社区无力解决"})
        numbers = self.moves[(turn + 1) * self.count : (turn + 2) * self.count]
        return [("POST", f"tickets/{number}/moves/", body) for number in numbers]

    def measure(self, case: Case) -> None:
        """Run all rounds of a case."""
        for turn in range(ROUNDS):
            self.round(case, turn)

    def round(self, case: Case, turn: int) -> None:
        """One round of the request and one of its floor."""
        if case.name == "claim":
            part = [(self.count // CLIENTS, self.stack.env)] * CLIENTS
            _with_start, times = floor.together(CLIENTS, fire, part)
            seconds = sum(times) / CLIENTS  # without the start of the four processes
        else:
            token = self.stack.tokens[case.who]
            part = [(self.stack.port, token, share) for share in shares(self.requests(case, turn))]
            seconds, times = floor.together(CLIENTS, load, part)
        case.rates["app"].append(len(times) / seconds)
        case.times += times
        self._floor(case, turn)

    def _floor(self, case: Case, turn: int) -> None:
        scripts = case.scripts
        if case.name in {"report", "move", "claim"}:  # writes are replayed only once
            size = len(scripts) // ROUNDS
            scripts = scripts[turn * size : (turn + 1) * size]
        url = self.stack.env["DATABASE_URL"]
        part = [(url, self.tenant, share) for share in shares(scripts)]
        seconds, times = floor.together(CLIENTS, floor.replay, part)
        case.rates["floor"].append(len(times) / seconds)


def main() -> None:
    """Print a table in Markdown: every kind of request, then the timer loop at two sizes."""
    from benchmarks import timer  # noqa: PLC0415 - that module imports this one

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--count", type=int, default=400, help="requests a round")
    parser.add_argument("--only", default="", help="one request of the table, by its name")
    parser.add_argument("--timer", action="store_true", help="only the timer loop, beside few and many rows")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    head = "| request | req/s | p50 / p95 | statements (action + identity) | floor req/s | ratio |"
    print(head, "|---|---|---|---|---|---|", sep="\n", flush=True)
    if not options.timer:
        requests(options.tickets, options.count, options.only)
    if not options.only:
        timer.measure(options.count)


def requests(tickets: int, count: int, only: str) -> None:
    """One row for each kind of request, or for the named one."""
    stack = Stack("bench", Path(tempfile.mkdtemp(prefix="gov-bench-")))
    try:
        bench = Bench(stack, tickets, count)
        for case in bench.prepare():
            if only not in {"", case.name}:
                continue
            bench.measure(case)
            print(case.line(), flush=True)
    finally:
        stack.down()


if __name__ == "__main__":
    main()
