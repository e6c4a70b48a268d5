"""Fill a large district with SQL: tickets with reporter, events and clocks, in the areas of tests.worlds.

Written as the owner, for measurements and query plans only; all other data is created by actions.
"""

from typing import Any

#: Sequences continue from here, so that a later id cannot be mistaken for another number in a statement.
FROM = 700_000_000

STATES = "ARRAY['reported','escalated','referred','dispatched','handling','resolved','rating']"
WORDS = "ARRAY['路灯不亮','水管漏水','垃圾未清','噪声扰民','道路破损','树枝遮挡','停车混乱','井盖缺失']"

TICKETS = f"""
WITH place AS (
    SELECT id, path, row_number() OVER (ORDER BY path) - 1 AS n, count(*) OVER () AS places
    FROM grids_area WHERE tenant_id = %(tenant)s AND level IN ('grid', 'building')
), kind AS (
    SELECT id, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS kinds
    FROM tickets_category WHERE tenant_id = %(tenant)s AND leaf
), dept AS (
    SELECT id, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS depts
    FROM grids_unit WHERE tenant_id = %(tenant)s AND kind = 'department'
), g AS (
    SELECT i, now() - interval '1 minute' * (i * 3 %% 525600) AS at,
           CASE WHEN i %% 12 = 0 THEN ({STATES})[1 + (i / 12) %% 7] ELSE 'closed' END AS state
    FROM generate_series(1, %(count)s) AS i
)
INSERT INTO tickets_ticket (
    tenant_id, number, title, text, category_id, area_id, area_path, address, channel, matter, tier, private, datum,
    body_hash, state, state_since, size, outcome, holder_unit_id, lead_unit_id, dispatched_by_id, came_from, returns,
    reworks, due_at, created_at, closed_at
)
SELECT %(tenant)s, 'FILL-' || lpad(g.i::text, 8, '0'), ({WORDS})[1 + g.i %% 8] || g.i,
       ({WORDS})[1 + (g.i / 7) %% 8] || ',请尽快处理,编号' || md5(g.i::text), kind.id, place.id, place.path, '',
       'hotline', 'help', 'ordinary', g.i %% 40 = 0, '', '', g.state, g.at, 'major',
       CASE g.state WHEN 'closed' THEN 'fixed' ELSE '' END,
       CASE WHEN g.state NOT IN ('closed', 'rating') THEN dept.id END, dept.id, NULL, '', 0, 0,
       CASE WHEN g.state <> 'closed' THEN now() + interval '1 minute' * (g.i %% 20000) END, g.at,
       CASE WHEN g.state = 'closed' THEN g.at + interval '2 days' END
FROM g JOIN place ON place.n = g.i %% place.places JOIN kind ON kind.n = g.i %% kind.kinds
JOIN dept ON dept.n = g.i %% dept.depts
"""
REPORTERS = """
INSERT INTO tickets_reporter (tenant_id, ticket_id, name, phone, phone_hash, anonymous, key, channel, created_at)
SELECT tenant_id, id, '', '', '', false, gen_random_uuid(), 'hotline', created_at
FROM tickets_ticket WHERE tenant_id = %(tenant)s AND number LIKE 'FILL-%%'
"""
EVENTS = """
INSERT INTO governance_event (
    tenant_id, subject_type, subject_id, seq, kind, at, actor_kind, facts, prev_hash, hash, xid
)
SELECT tenant_id, 'tickets.ticket', id, s, 'ticket.note', created_at, 'member', '{}', '', md5(id::text || s), 1
FROM tickets_ticket, generate_series(1, 4) AS s WHERE tenant_id = %(tenant)s AND number LIKE 'FILL-%%'
"""
HEADS = """
INSERT INTO governance_eventhead (tenant_id, subject_type, subject_id, seq, hash)
SELECT tenant_id, 'tickets.ticket', id, 4, md5(id::text || 4)
FROM tickets_ticket WHERE tenant_id = %(tenant)s AND number LIKE 'FILL-%%'
"""
CLOCKS = """
INSERT INTO governance_clock (
    tenant_id, subject_type, subject_id, purpose, budget, budget_unit, policy, calendar_version, zone, started_at,
    due_at, provisional, state, segments, run, used, ended_at, outcome, extensions, closings
)
SELECT tenant_id, 'tickets.ticket', id, 'triage', 120, 'work_minutes',
       '{"budget": 120, "unit": "work_minutes", "mode": "end_of_day", "roll_forward": false, "warn_shares": [50, 80],
         "warn_before": 60, "escalate_after": [[1, "workdays"], [5, "workdays"]], "pausable": true,
         "pause_stops_overdue": false, "changed_at": ""}',
       1, 'Asia/Shanghai', created_at, created_at + interval '2 hours', false,
       CASE WHEN state = 'closed' THEN 'ended' ELSE 'running' END,
       jsonb_build_array(jsonb_build_object(
           'state', 'running', 'from', created_at, 'to', closed_at, 'reason', '', 'by', NULL)),
       1, 0, closed_at, CASE WHEN state = 'closed' THEN 'met' ELSE '' END, 0, '[]'
FROM tickets_ticket WHERE tenant_id = %(tenant)s AND number LIKE 'FILL-%%'
"""
DEADLINES = """
INSERT INTO governance_deadline (
    tenant_id, clock_id, run, subject_type, subject_id, purpose, step, due_at, next_attempt_at, combined, attempts,
    last_error
)
SELECT c.tenant_id, c.id, 1, c.subject_type, c.subject_id, c.purpose, s.step, now() + interval '90 days',
       now() + interval '90 days', false, 0, ''
FROM governance_clock c, unnest(ARRAY['due', 'escalate_1', 'escalate_2']) AS s(step)
WHERE c.tenant_id = %(tenant)s AND c.state = 'running'
"""


def fill(owner: Any, tenant_id: int, count: int) -> None:
    """Put `count` tickets into a tenant, then ANALYZE.

    `owner` is the owner's connection (psycopg, autocommit).
    """
    given = {"tenant": tenant_id, "count": count}
    for statement in (TICKETS, REPORTERS, EVENTS, HEADS, CLOCKS, DEADLINES):
        owner.execute(statement, given if "%(count)s" in statement else {"tenant": tenant_id})
    for table in (
        "tickets_ticket",
        "tickets_reporter",
        "governance_event",
        "governance_clock",
        "governance_deadline",
    ):
        owner.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {FROM})")
    owner.execute("VACUUM ANALYZE")


#: Districts whose deadlines are not due for a long time.
TENANTS = 20
DISTRICTS = """
INSERT INTO governance_tenant (slug, name, code, prefix, zone, settings, config_version, active, open, created_at)
SELECT 'bulk' || n, 'bulk ' || n, lpad((990200 + n)::text, 6, '0') || '000000', 'BULK', 'Asia/Shanghai', '{}', 1,
       true, true, now()
FROM generate_series(1, %(tenants)s) AS n ON CONFLICT DO NOTHING
"""
BALLAST = """
WITH t AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS all_of_them
    FROM governance_tenant WHERE slug LIKE 'bulk%%'
)
INSERT INTO governance_deadline (
    tenant_id, run, subject_type, subject_id, purpose, step, due_at, next_attempt_at, combined, attempts, last_error
)
SELECT t.id, 1, 'tickets.ticket', g.i, 'resolve', 'review', g.at, g.at, false, 0, ''
FROM (
    SELECT i, now() + interval '30 days' + interval '1 second' * (i * 7919 %% 31536000) AS at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
) AS g JOIN t ON t.n = g.i %% t.all_of_them
"""


def ballast(owner: Any, count: int, first: int = 1) -> None:
    """Fill up to `count` unfired future deadlines, from number `first` on, spread over twenty districts.

    `owner` is the owner's connection (psycopg, autocommit).
    """
    owner.execute(DISTRICTS, {"tenants": TENANTS})
    owner.execute(BALLAST, {"first": first, "last": count})
    owner.execute("VACUUM ANALYZE governance_deadline")
