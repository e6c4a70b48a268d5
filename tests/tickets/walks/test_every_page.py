"""Every page as every role, with no rows, few rows and three hundred.

No page fails, and no page sends more statements for many rows than for few.
"""

from datetime import timedelta

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.access import middleware
from governance.access.models import User
from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from governance.web import context
from tests.governance.tenancy.test_routes import ROUTES
from tests.tickets.matters import FRAME
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.public import map as public_map
from tickets.states import State

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MANY = 300
ROLES = (
    "worker",
    "lead",
    "community",
    "center",
    "county",
    "head",
    "member",
    "clerk",
    "leader",
    "admin",
    None,
)
#: Pages without an argument, without the API (other tests sweep it).
PAGES = [route.name for route in ROUTES if not set(route.arguments) - {"tenant"} and not route.is_api]
#: Status codes that are no failure of the page.
FINE = {200, 302, 400, 403, 404, 405}
#: Pages that must show the rows.
LISTS = ("desk:home", "desk:tickets", "desk:brief", "desk:inbox")


def client_of(world, name):
    client = Client()
    if name:
        user = User.objects.get(pk=world.members[name].user_id)
        client.force_login(user, "governance.access.backend.LoginBackend")
    return client


def fill(world, count):
    """Create `count` tickets spread over the states, and up to `count` notices for every member."""
    with scope(world.tenant):
        now = timezone.now()
        draft = intake.Draft(text="三单元楼道灯不亮", area=world.areas["lane_building"].code, name="钱居民")
        made = [intake.report(draft, by=world.system, at=now).ticket for _ in range(count)]
        states = [
            State.REPORTED,
            State.ESCALATED,
            State.REFERRED,
            State.DISPATCHED,
            State.HANDLING,
            State.RESOLVED,
        ]
        holders = ["lane", "east_center", "county_center", "water", "water", "lane"]
        for place, (state, holder) in enumerate(zip(states, holders, strict=True)):
            chosen = [ticket.pk for ticket in made[place :: len(states)]]
            unit = world.units[holder].pk
            Ticket.objects.filter(pk__in=chosen).update(state=state, holder_unit=unit, lead_unit=unit)
        event = Event.objects.filter(kind="ticket.report").order_by("-id").first()
        events = list(Event.objects.filter(kind="ticket.report").order_by("-id")[:count])
        Notice.objects.bulk_create(
            (
                Notice(
                    member=member,
                    event=one,
                    subject_type=one.subject_type,
                    subject_id=one.subject_id,
                    kind=one.kind,
                    created_at=now,
                    rings_at=now - timedelta(minutes=1),
                )
                for member in world.members.values()
                if member.tenant_id == world.tenant.pk
                for one in events
            ),
            ignore_conflicts=True,
        )
        assert event is not None


def opened(client, name, *, again):
    """(status, statements without the scope's, body) of a page; with `again`, of a second opening with filled caches."""
    address = reverse(name, kwargs={"tenant": "alpha"})
    reset_queries()  # Django keeps the last 9,000 only
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(address)
    if again and answer.status_code == 200:
        return opened(client, name, again=False)
    sql = [one["sql"] for one in sent.captured_queries if not one["sql"].startswith(FRAME)]
    return answer.status_code, sql, b"" if answer.streaming else answer.content


def told_of(world):
    """Open every page as every role: {(rows, role, page): (status, statements, body)}."""
    clients = {name: client_of(world, name) for name in ROLES}
    found = {}
    for rows, more in ((0, 0), (6, 6), (MANY, MANY - 6)):
        if more:
            fill(world, more)
        for role, client in clients.items():
            for page in PAGES:
                found[rows, role, page] = opened(client, page, again=rows == 6)
    return found


def test_every_page_opens_for_every_role_however_much_there_is(world, monkeypatch):
    # A session is written once a minute, notices are counted twice and the public map once a minute, whatever the page.
    monkeypatch.setattr(middleware, "STEP", 24 * 3600)
    monkeypatch.setattr(context, "UNREAD_FOR", 24 * 3600)
    monkeypatch.setattr(public_map, "KEPT_FOR", 24 * 3600)
    told = told_of(world)
    broken = {key: status for key, (status, _sql, _body) in told.items() if status not in FINE}
    assert broken == {}
    assert {page for (_rows, _role, page), told_one in told.items() if b"---------" in told_one[2]} == set()
    growing = {}
    for role in ROLES:
        for page in PAGES:
            few, many = (told[rows, role, page] for rows in (6, MANY))
            assert few[0] == many[0], (role, page)
            if len(many[1]) > len(few[1]):
                growing[role, page] = (len(few[1]), len(many[1]), many[1][len(few[1]) :])
    assert growing == {}
    for page in LISTS:
        assert b"ALPH-" in told[MANY, "community", page][2], page
        assert b"ALPH-" not in told[0, "community", page][2], page
    open_to = {role: {page for page in PAGES if told[0, role, page][0] == 200} for role in ROLES}
    for role in set(ROLES) - {None}:
        assert {"desk:home", "desk:tickets", "desk:map", "desk:inbox"} <= open_to[role], role
    assert not any(page.startswith("desk:") for page in open_to[None])
    kept = {page for page in PAGES if page.startswith(("ticket-settings:", "people:", "unit-hours:"))}
    assert kept & open_to["admin"]
    assert not kept & open_to["member"]
