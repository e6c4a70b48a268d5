"""Log verification finds and names every change that bypassed the platform."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError
from django.utils import timezone

from governance import events
from governance.access import actors
from governance.access.models import Member
from governance.celery import app
from governance.events import log, tasks
from governance.events.models import Event, EventDigest, EventHead
from governance.tenancy.owner import as_owner
from governance.tenancy.scope import scope
from tests import worlds
from tickets.intake import actions as intake
from tickets.models import Category, Reporter
from tickets.orders import actions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
LABEL = "tickets.category"


@pytest.fixture
def told(tenant):
    """Record two chains, of four and of two events; returns the subject of the first."""
    with scope(tenant):
        first, second = (Category.objects.create(code=code, name=code) for code in ("01", "02"))
        for subject, count in ((first, 4), (second, 2)):
            for n in range(count):
                tell(subject, n)
    return first


def tell(subject, n, **facts):
    by = actors.system(subject.tenant_id)
    events.record("ticket.note", subject, by=by, at=worlds.MONDAY + timedelta(minutes=n), n=n, **facts)


def breaks(tenant):
    with scope(tenant):
        return [(found.subject_id, found.seq, found.why) for found in log.verify()]


def third(told):
    return Event.objects.filter(subject_type=LABEL, subject_id=told.pk, seq=3)


def tamper(tenant, work):
    """Run `work` as the owner of the tables; no other role can change the log."""
    with as_owner(), scope(tenant):
        work()


def test_an_untouched_log_is_whole(tenant, told):
    assert breaks(tenant) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "ticket.close"},
        {"facts": {"n": 7}},
        {"at": worlds.MONDAY},
        {"actor_kind": "member"},
        {"actor_id": 5},
        {"unit_id": 5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_event_is_found(tenant, told, change):
    tamper(tenant, lambda: third(told).update(**change))
    assert breaks(tenant) == [(told.pk, 3, "content")]


def test_an_event_taken_out_of_the_middle_is_found(tenant, told):
    tamper(tenant, lambda: third(told).delete())
    assert breaks(tenant) == [(told.pk, 4, "gap")]


def test_a_broken_link_is_found(tenant, told):
    tamper(tenant, lambda: third(told).update(prev_hash="0" * 64))
    assert breaks(tenant) == [(told.pk, 3, "link")]


def test_a_chain_cut_off_at_its_end_is_found(tenant, told):
    tamper(tenant, lambda: Event.objects.filter(subject_id=told.pk, seq=4).delete())
    assert breaks(tenant) == [(told.pk, 4, "head")]


def test_a_history_taken_away_whole_is_found(tenant, told):
    tamper(tenant, lambda: Event.objects.filter(subject_id=told.pk).delete())
    assert breaks(tenant) == [(told.pk, 4, "head")]


def rewrite_the_end(told):
    """Forge the last event: change it and compute its hash and the head of the chain again."""
    event = Event.objects.get(subject_id=told.pk, seq=4)
    event.facts = {"n": 99}
    actor = (event.actor_kind, event.actor_id, event.unit_id)
    body = log.body_of(event.subject_type, event.subject_id, event.kind, event.at, actor, event.facts)
    event.hash = hashlib.sha256(f"{event.prev_hash}|{event.seq}|{body}".encode()).hexdigest()
    event.save(update_fields=["facts", "hash"])
    EventHead.objects.filter(subject_id=told.pk).update(hash=event.hash)


def test_a_chain_forged_with_all_its_hashes_disagrees_with_the_digest(tenant, told):
    today = datetime.now(UTC).date()
    with scope(tenant):
        kept = log.seal(today)
    assert (kept.events, breaks(tenant)) == (6, [])
    tamper(tenant, lambda: rewrite_the_end(told))
    assert [why for _, _, why in breaks(tenant)] == ["digest"]


def test_a_changed_digest_is_found_with_all_that_stand_on_it(tenant, told):
    today = datetime.now(UTC).date()
    with scope(tenant):
        log.seal(today - timedelta(days=1))
        log.seal(today)
    tamper(tenant, lambda: EventDigest.objects.filter(events=0).update(hash="0" * 64))
    days = [int(f"{day:%Y%m%d}") for day in (today - timedelta(days=1), today)]
    assert breaks(tenant) == [(days[0], 0, "digest"), (days[1], 6, "digest")]


def test_the_runtime_role_changes_nothing(tenant, told):
    for work in (lambda: third(told).update(kind="x"), lambda: third(told).delete()):
        with pytest.raises(ProgrammingError), scope(tenant):
            work()


def test_anonymising_people_leaves_the_chain_whole(world):
    with scope(world.tenant):
        draft = intake.Draft(text="漏水", area=world.areas["lane"].code, name="钱居民", phone="13800001234")
        ticket = intake.report(draft, by=world.system, at=worlds.MONDAY).ticket
        actions.VERBS["triage_minor"](ticket, by=world.actor("community"), at=worlds.MONDAY, reason="可办")
        Reporter.objects.update(name="", phone="", phone_hash="")
        Member.objects.filter(pk=world.members["community"].pk).update(name="已注销", phone="", email="")
        facts = str(list(Event.objects.values_list("facts", flat=True)))
    assert "钱居民" not in facts
    assert "138" not in facts
    assert breaks(world.tenant) == []


def test_the_command_names_the_break_and_fails(tenant, told):
    call_command("verify_log", stdout=(calm := StringIO()))
    assert calm.getvalue().startswith("alpha: 6 ")
    tamper(tenant, lambda: third(told).delete())
    with pytest.raises(CommandError):
        call_command("verify_log", "--tenant", "alpha", stderr=(alarm := StringIO()), stdout=StringIO())
    assert alarm.getvalue() == f"alpha: {LABEL}:{told.pk} #4 gap\n"


def test_days_that_nobody_sealed_are_sealed_later(tenant, told):
    today = datetime.now(UTC).date()
    tamper(tenant, lambda: Event.objects.update(recorded_at=timezone.now() - timedelta(days=3)))
    tasks.seal_yesterday()
    tasks.seal_yesterday()
    with scope(tenant):
        kept = list(EventDigest.objects.order_by("day").values_list("day", "events"))
    assert kept == [(today - timedelta(days=back), 6 if back == 3 else 0) for back in (3, 2, 1)]
    assert breaks(tenant) == []


def test_a_district_without_events_is_not_sealed(tenant):
    with scope(tenant):
        before = Event.objects.count()
        assert log.seal_through(date(2026, 1, 1)) == 0
        assert (before, EventDigest.objects.count()) == (0, 0)


def test_everything_on_the_time_table_is_a_task():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted - set(app.tasks) == set()
    assert "events.seal_yesterday" in wanted
