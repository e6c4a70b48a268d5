"""Print the plan of each main query as JSON, run as the role of web requests."""

import json
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from governance.access import actors  # noqa: E402
from governance.access.models import Member  # noqa: E402
from governance.events.models import Event  # noqa: E402
from governance.tenancy.models import Tenant  # noqa: E402
from governance.tenancy.scope import scope  # noqa: E402
from tickets.intake import similar  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from tickets.ticket import queries  # noqa: E402
from tickets.ticket.queries import Filters  # noqa: E402
from tickets.today import queries as today  # noqa: E402


class Catch:
    """Records each statement with its parameters."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)


def main() -> None:
    """Print {name: plan of the query's longest statement}."""
    found = {}
    with scope(Tenant.objects.get(slug="alpha")):
        at, cast = timezone.now(), {m.name: m for m in Member.objects.all()}

        def who(name: str) -> actors.Actor:
            return actors.of_user(cast[name].user_id, cast[name].tenant_id, at)

        number = Ticket.objects.order_by("id").values_list("number", flat=True)[50]
        ticket = Ticket.objects.get(number=number)
        asked = {
            "newest of the district": lambda: queries.page(who("陈区县"), Filters(), at=at),
            "newest of a state": lambda: queries.page(who("陈区县"), Filters(state=("reported",)), at=at),
            "newest of a community": lambda: queries.page(who("孙社区"), Filters(), at=at),
            "newest of a department": lambda: queries.page(who("褚局长"), Filters(), at=at),
            "my work by due time": lambda: queries.page(
                who("褚局长"), Filters(mine=True, by_due=True), at=at
            ),
            "overdue": lambda: queries.page(who("陈区县"), Filters(overdue=True, by_due=True), at=at),
            "since yesterday": lambda: queries.page(
                who("陈区县"), Filters(created_after=at - timedelta(days=1)), at=at
            ),
            "one by number": lambda: queries.detail(who("陈区县"), number),
            "similar matters": lambda: similar.to_ticket(ticket, who("孙社区"), at),
            "what waits for a department": lambda: today.rows(who("褚局长"), at),
            "what waits for a community": lambda: today.rows(who("孙社区"), at),
            "what waits for the county": lambda: today.rows(who("陈区县"), at),
            "figures of the county": lambda: today.counters(who("陈区县"), at, 0),
            "figures of a community": lambda: today.counters(who("孙社区"), at, 0),
            "history": lambda: queries.history(ticket),
            "clocks": lambda: queries.explain_clocks(ticket, at),
            "feed": lambda: list(Event.objects.filter(xid__gt=10**9).order_by("xid", "id")[:100]),
        }
        for name, ask in asked.items():
            catch = Catch()
            with connection.execute_wrapper(catch):
                ask()
            found[name] = plan(*max(catch.statements, key=lambda s: len(s[0])))
        found["words"] = nested_plan()
    print(json.dumps(found, ensure_ascii=False))


def plan(sql: str, params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
        return cursor.fetchone()[0][0]["Plan"]


def nested_plan() -> float:
    """The number of shared blocks that the search function reads; EXPLAIN does not show its inside."""
    with connection.cursor() as cursor:
        asked = {"words": ["漏水9999", "渗水9999"], "places": [], "categories": [], "ids": []}
        ask = "SELECT search.tickets(%s, 50, true, '{}', '{}', '{}', '{}')"
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {ask}",
            [json.dumps([asked])],
        )
        found = cursor.fetchone()[0][0]["Plan"]
    return found["Shared Hit Blocks"] + found["Shared Read Blocks"]


if __name__ == "__main__":
    main()
