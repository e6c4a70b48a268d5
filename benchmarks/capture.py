"""Make requests in this process, record the statements each one sends, and roll them back.

Prints JSON: for every case a list of scripts, one per request. A step of a script is the text of a statement;
the result is stored if a later statement needs it (new ids, the number of the day).
"""

import json
import sys
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg import ClientCursor  # noqa: E402

from governance.clocks.models import Deadline  # noqa: E402
from governance.clocks.timer import fire_next_due  # noqa: E402
from governance.tenancy.models import Tenant  # noqa: E402
from governance.tenancy.scope import scope  # noqa: E402
from tickets.models import Ticket  # noqa: E402

OURS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL", "BEGIN", "COMMIT")
IDENTITY = ("governance_tenant", "governance_apitoken", "governance_member", "governance_user")


class Recorder:
    """Records the statements of one request with literal values, and the results of those with RETURNING."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        result = execute(sql, params, many, context)
        if not sql.startswith(OURS):
            text = ClientCursor(connection.connection).mogrify(sql, params) if params else sql
            self.steps.append({"sql": text, "returned": self._returned(sql, context)})
        return result

    def _returned(self, sql: str, context: dict) -> Any:
        if "RETURNING" not in sql:
            return None
        cursor = context["cursor"].cursor
        rows = cursor.fetchall()
        cursor.scroll(0, mode="absolute")
        return [row[0] for row in rows]


def record(work: Callable[[], Any]) -> list[dict[str, Any]]:
    """The statements of one piece of work, which is rolled back afterwards."""
    recorder = Recorder()
    with transaction.atomic():
        with connection.execute_wrapper(recorder):
            work()
        transaction.set_rollback(True)
    return recorder.steps


def request(client: Client, token: str, method: str, path: str, body: Any = None) -> Callable[[], None]:
    """One request to the API; fails with its content if it is refused."""

    def work() -> None:
        call = getattr(client, method)
        extra = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = call(f"/alpha/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, **extra)
        assert answer.status_code < 300, answer.content

    return work


def firing(count: int) -> Callable[[int], Callable[[], None]]:
    """The n-th call fires the n-th due deadline.

    That deadline is made the first one for its capture and is never due afterwards, so that several clients
    that replay at once do not meet in one row.
    """
    with scope(Tenant.objects.get(slug="alpha")):
        due = Deadline.objects.filter(fired_at=None, next_attempt_at__lte=timezone.now()).order_by("pk")
        ids = list(due.values_list("pk", flat=True)[:count])

    def work(n: int) -> Callable[[], None]:
        put(n, timezone.now() - timedelta(days=30))
        if n:
            put(n - 1, timezone.now() + timedelta(days=3650))
        return lambda: fire_next_due(timezone.now())

    def put(n: int, at: datetime) -> None:
        with scope(Tenant.objects.get(slug="alpha")):
            Deadline.objects.filter(pk=ids[n]).update(next_attempt_at=at)

    return work


def main() -> None:
    """`python -m benchmarks.capture TOKENS COUNT [CASE...]` -> scripts by case."""
    tokens, count = json.loads(sys.argv[1]), int(sys.argv[2])
    client, area = Client(SERVER_NAME="localhost"), tokens["_areas"]["lane_building"]
    with scope(Tenant.objects.get(slug="alpha")):
        numbers = list(Ticket.objects.order_by("-id").values_list("number", flat=True)[: count * 2])
        fresh = Ticket.objects.filter(state="reported", number__startswith="ALPH").order_by("id")
        fresh = list(fresh.values_list("number", flat=True))
    body = {"text": "路灯不亮,晚上看不清", "area": area, "category": "0102", "channel": "hotline"}
    reporter = {"name": "钱居民", "phone": "13800001234"}

    def report(_n: int) -> Callable[[], None]:
        given = {**body, "reporter": reporter, "client_id": str(uuid.uuid4())}
        return request(client, tokens["clerk"], "post", "tickets/", given)

    cases: dict[str, Callable[[int], Callable[[], None]]] = {
        "report": report,
        "list of 50": lambda _n: request(client, tokens["county"], "get", "tickets/"),
        "detail": lambda n: request(client, tokens["county"], "get", f"tickets/{numbers[n]}/"),
        "move": lambda n: request(
            client,
            tokens["community"],
            "post",
            f"tickets/{fresh[n]}/moves/",
            {"verb": "triage_major", "reason": "社区无力解决"},
        ),
        "claim": firing(count),
    }
    cases = {name: work for name, work in cases.items() if name in (sys.argv[3:] or cases)}
    for work in cases.values():
        record(work(0))  # a first run, for everything that is compiled once per process
    found = {name: [record(work(n)) for n in range(count)] for name, work in cases.items()}
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
