"""A stack with a large district, the requests that are measured on it, and their floor."""

import http.client
import json
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
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
    """Fire `count` due deadlines in a process of its own; seconds taken by each."""
    command = [sys.executable, "-m", "benchmarks.fire", str(count)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@dataclass
class Case:
    """One kind of request, its clients' shares, and what was measured."""

    name: str
    who: str
    scripts: list[Any]
    rates: dict[str, list[float]] = field(default_factory=lambda: {"app": [], "floor": []})
    times: list[float] = field(default_factory=list)
    label: str = ""

    def line(self) -> str:
        app, bare = statistics.median(self.rates["app"]), statistics.median(self.rates["floor"])
        cuts = statistics.quantiles(self.times, n=20)
        inside, identity = identity_of(self.scripts[0])
        p50, p95 = cuts[9] * 1000, cuts[18] * 1000
        return (
            f"| {self.label or self.name} | {app:.0f} | {p50:.1f} / {p95:.1f} ms | {inside} + {identity} "
            f"| {bare:.0f} | {app / bare:.2f} |"
        )


def shares(items: list[Any]) -> list[list[Any]]:
    return [items[n::CLIENTS] for n in range(CLIENTS)]


class Bench:
    """A stack with a large district, and the cases measured on it."""

    def __init__(self, stack: Stack, tickets: int, count: int) -> None:
        self.stack, self.tickets, self.count = stack, tickets, count

    def prepare(self) -> list[Case]:
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
        """Tickets to be moved, reported over the wire."""
        token = self.stack.tokens["clerk"]
        parts = [(self.stack.port, token, share) for share in shares([self._report() for _ in range(count)])]
        floor.together(CLIENTS, load, parts)
        rows = self.stack.sql("SELECT number FROM tickets_ticket WHERE number LIKE 'ALPH%' ORDER BY id")
        return [row[0] for row in rows]

    def due(self) -> None:
        """Let deadlines fall due, enough for all rounds of both sides."""
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
        if case.name in {"report", "move", "claim"}:  # a write is replayed once
            size = len(scripts) // ROUNDS
            scripts = scripts[turn * size : (turn + 1) * size]
        url = self.stack.env["DATABASE_URL"]
        part = [(url, self.tenant, share) for share in shares(scripts)]
        seconds, times = floor.together(CLIENTS, floor.replay, part)
        case.rates["floor"].append(len(times) / seconds)
