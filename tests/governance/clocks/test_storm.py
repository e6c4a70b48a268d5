"""Monday, nine o'clock: 5,000 clocks are late at once (300 outside `make histories`); each receiver gets one digest."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from governance.clocks import timer
from governance.clocks.calendar import Unit
from governance.clocks.models import Clock, Deadline
from governance.clocks.policies import Policy
from governance.events import feed
from governance.events.log import verify
from governance.events.models import DIGEST, Event, Notice, NoticeBrake
from governance.tenancy.scope import scope
from tests import examples
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers, pytest.mark.slow]
COUNT, NINE = 5_000 if examples.LONG else 300, at(23, 9)
UNITS = {"lane": ["community"], "pond": ["pond_community"], "water": ["head", "member"]}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch) -> None:
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


def broken(world) -> None:
    """So many tickets of three units, each with one clock whose due time is nine o'clock; made in bulk.

    The brake on notices comes on at two fifths of them.
    """
    world.tenant.settings = {**world.tenant.settings, "notice_brake": COUNT * 2 // 5}
    world.tenant.save(update_fields=["settings"])
    draft = intake.Draft(text="楼道灯不亮", area=world.areas["lane_building"].code)
    seed = intake.report(draft, by=world.actor("clerk"), at=at(20, 9)).ticket
    Deadline.objects.all().delete()
    Clock.objects.all().delete()
    names = [f.attname for f in Ticket._meta.concrete_fields if f.name not in {"id", "number", "client_id"}]
    given = {name: getattr(seed, name) for name in names}
    tickets = Ticket.objects.bulk_create(
        [Ticket(**given, number=f"STORM-{n:05d}", client_id=uuid.uuid4()) for n in range(COUNT)], 1000
    )
    units = [world.units[name].pk for name in UNITS]
    policy = Policy(240, Unit.WORK_MINUTES)
    begun = at(20, 16)
    about = [
        {"subject_type": "tickets.ticket", "subject_id": ticket.pk, "purpose": "accept"} for ticket in tickets
    ]
    segment = {"state": "running", "from": begun.isoformat(), "to": None, "reason": "", "by": None}
    shared = {"budget": policy.budget, "budget_unit": policy.unit, "policy": policy.to_json()}
    shared |= {"zone": "Asia/Shanghai", "started_at": begun, "due_at": NINE, "segments": [segment]}
    clocks = Clock.objects.bulk_create(
        [Clock(**one, **shared, unit_id=units[n % len(units)]) for n, one in enumerate(about)], 1000
    )
    due = {"step": "due", "due_at": NINE, "next_attempt_at": NINE}
    Deadline.objects.bulk_create(
        [Deadline(**one, **due, clock=clock) for one, clock in zip(about, clocks, strict=True)], 1000
    )


def test_s60_thousands_of_breaches_are_a_line_for_each_receiver(world):
    with scope(world.tenant):
        broken(world)
    while timer.drain(NINE, seconds=30):
        pass
    while feed.deliver(world.tenant, NINE):
        pass
    with scope(world.tenant):
        assert Deadline.objects.filter(fired_at=NINE).count() == COUNT
        steps = Event.objects.filter(kind="clock.breached").values_list("subject_id", flat=True)
        assert (len(steps), len(set(steps))) == (COUNT, COUNT)
        lines = Notice.objects.filter(digest=None).exclude(kind="ticket.report")
        names = {world.members[name].pk: name for name in world.members}
        told = [(names[line.member_id], line.kind) for line in lines]
        receivers = [name for group in UNITS.values() for name in group]
        assert sorted(told) == sorted([*((name, DIGEST) for name in receivers), ("admin", "notices.braked")])
        gathered = {names[line.member_id]: sum(line.facts.values()) for line in lines if line.kind == DIGEST}
        assert gathered["head"] == gathered["member"] == COUNT // 3
        assert sum(gathered.values()) - gathered["member"] == COUNT  # the digests contain every notice
        assert Notice.objects.exclude(digest=None).count() == sum(gathered.values())
        assert NoticeBrake.objects.get().tripped_at == NINE
        assert Event.objects.filter(kind="notices.braked").count() == 1
        assert Ticket.objects.filter(number__startswith="STORM").count() == COUNT
        assert list(verify()) == []


def test_a_firing_sends_a_bounded_number_of_statements(world):
    """One firing sends at most twelve statements, including the claim and the transaction."""
    from django.test.utils import CaptureQueriesContext

    with scope(world.tenant):
        draft = intake.Draft(text="楼道灯不亮", area=world.areas["lane_building"].code)
        intake.report(draft, by=world.actor("clerk"), at=at(20, 9))
        Deadline.objects.exclude(step="due").delete()
        Deadline.objects.update(due_at=NINE, next_attempt_at=NINE)
    timer.drain(NINE - timedelta(minutes=1), seconds=5)
    with CaptureQueriesContext(connection) as sent:
        assert timer.fire_next_due(NINE)
    assert len(sent) <= 12, [one["sql"][:80] for one in sent.captured_queries]
