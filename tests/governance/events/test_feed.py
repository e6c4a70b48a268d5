"""Every subscriber gets every event once and in order, also after errors, crashes and late commits."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from governance import events
from governance.access import actors
from governance.events import feed, notices
from governance.events.models import Event, FailedDelivery, FeedCursor, Notice
from governance.tenancy.actions import create_tenant
from governance.tenancy.scope import scope
from tests import worlds
from tickets.models import Category, NumberCounter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
NOW = worlds.MONDAY


@pytest.fixture(autouse=True)
def subscribers(monkeypatch):
    """Replace the registered subscribers by those of the test."""
    found = {}
    monkeypatch.setattr(feed, "SUBSCRIBERS", found)
    return found


@pytest.fixture
def tenant(subscribers, transactional_db):
    """A district created while only the subscribers of the test are registered."""
    return worlds.make_tenant("gamma", "丙区", "990103000000")


@pytest.fixture
def subject(tenant):
    with scope(tenant):
        FeedCursor.objects.all().delete()  # nothing has been delivered in this district
        return Category.objects.create(code="01", name="一")


def happen(subject, *numbers, kind="ticket.note"):
    """Record one event per number in one transaction."""
    with scope(subject.tenant):
        for n in numbers:
            events.record(kind, subject, by=actors.system(subject.tenant_id), at=NOW, n=n)


def listen(name="first", kinds=("ticket.note",), *, from_start=False):
    """Subscribe; returns the list of what was heard."""
    seen = []

    def hear(event):
        seen.append(event.facts["n"])

    feed.SUBSCRIBERS[name] = feed.Subscriber(frozenset(kinds), hear, from_start)
    return seen


def test_each_event_once_and_in_order(tenant, subject):
    first, second = listen("first"), listen("second")
    happen(subject, 1, 2)
    happen(subject, 3)
    assert feed.deliver(tenant, NOW) == 6
    happen(subject, 4)
    assert feed.deliver(tenant, NOW) == 2
    assert feed.deliver(tenant, NOW) == 0
    assert (first, second) == ([1, 2, 3, 4], [1, 2, 3, 4])


def test_only_the_kinds_that_were_asked_for(tenant, subject):
    seen = listen(kinds=["ticket.close"])
    happen(subject, 1)
    happen(subject, 2, kind="ticket.close")
    assert feed.deliver(tenant, NOW) == 1
    assert seen == [2]


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_batches_leave_nothing_between_them(tenant, subject, monkeypatch, batch):
    monkeypatch.setattr(feed, "BATCH", batch)
    seen = listen()
    happen(subject, *range(5))
    happen(subject, *range(5, 8))
    feed.deliver(tenant, NOW)
    assert seen == list(range(8))


def test_another_district_is_not_told(tenant, subject, other_tenant):
    seen = listen()
    happen(subject, 1)
    feed.deliver(other_tenant, NOW)
    assert seen == []


def test_who_stumbles_stops_nobody_and_is_asked_again(tenant, subject):
    seen, broken = [], {2}

    def hear(event):
        NumberCounter.objects.create(day=f"2026-11-{event.facts['n']:02d}", last=1)
        if event.facts["n"] in broken:
            raise ValueError("not today")
        seen.append(event.facts["n"])

    feed.SUBSCRIBERS["clumsy"] = feed.Subscriber(frozenset({"ticket.note"}), hear)
    calm = listen("calm")
    happen(subject, 1, 2, 3)
    feed.deliver(tenant, NOW)
    assert (seen, calm) == ([1, 3], [1, 2, 3])
    with scope(tenant):
        failed = FailedDelivery.objects.get()
        assert (failed.subscriber, failed.event.facts["n"], failed.error) == ("clumsy", 2, "ValueError")
        assert NumberCounter.objects.count() == 2  # the row of the failed delivery was rolled back
    feed.deliver(tenant, NOW)  # before the retry is due
    assert failures(tenant) == [1]
    feed.deliver(tenant, NOW + timedelta(minutes=2))
    assert failures(tenant) == [2]
    broken.clear()
    assert feed.deliver(tenant, NOW + timedelta(minutes=20)) == 1
    assert (seen, failures(tenant)) == ([1, 3, 2], [])


def failures(tenant):
    with scope(tenant):
        return list(FailedDelivery.objects.values_list("attempts", flat=True))


def test_who_fails_for_ever_is_given_up_and_kept_in_the_list(tenant, subject):
    calls = []

    def hear(event):
        calls.append(event.pk)
        raise ValueError

    feed.SUBSCRIBERS["broken"] = feed.Subscriber(frozenset({"ticket.note"}), hear)
    happen(subject, 1)
    for day in range(30):
        feed.deliver(tenant, NOW + timedelta(days=7 * day))
    assert len(calls) == feed.LAST_ATTEMPT
    assert failures(tenant) == [feed.LAST_ATTEMPT]


def test_a_failure_of_a_subscriber_that_is_gone_is_cleared(tenant, subject):
    def hear(event):
        raise ValueError

    feed.SUBSCRIBERS["broken"] = feed.Subscriber(frozenset({"ticket.note"}), hear)
    happen(subject, 1)
    feed.deliver(tenant, NOW)
    feed.SUBSCRIBERS.clear()
    feed.deliver(tenant, NOW + timedelta(hours=1))
    assert failures(tenant) == []


def test_a_worker_that_dies_in_the_middle_leaves_no_effect(tenant, subject):
    deaths = [1]

    def hear(event):
        NumberCounter.objects.create(day=f"2026-11-{event.facts['n']:02d}", last=1)
        if event.facts["n"] == 2 and deaths:
            deaths.pop()
            raise SystemExit

    feed.SUBSCRIBERS["mortal"] = feed.Subscriber(frozenset({"ticket.note"}), hear)
    happen(subject, 1, 2, 3)
    with pytest.raises(SystemExit):
        feed.deliver(tenant, NOW)
    with scope(tenant):
        assert NumberCounter.objects.count() == 0
    assert feed.deliver(tenant, NOW) == 3
    with scope(tenant):
        assert NumberCounter.objects.count() == 3


def test_two_workers_deliver_once(tenant, subject, monkeypatch):
    monkeypatch.setattr(feed, "BATCH", 5)

    def hear(event):  # a second delivery would violate the unique day
        NumberCounter.objects.create(day=f"2026-11-{event.facts['n']:02d}", last=1)

    feed.SUBSCRIBERS["once"] = feed.Subscriber(frozenset({"ticket.note"}), hear)
    happen(subject, *range(1, 29))
    together = threading.Barrier(2, timeout=10)

    def work():
        together.wait()
        feed.deliver(tenant, NOW)

    run(work, work)
    feed.deliver(tenant, NOW)
    with scope(tenant):
        assert (NumberCounter.objects.count(), FailedDelivery.objects.count()) == (28, 0)


def run(*works):
    def closed(work):
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=closed, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


@contextmanager
def slow(subject, n):
    """Hold another transaction open that has recorded its event; it commits at the end of the block."""
    told, end = threading.Event(), threading.Event()

    def work():
        try:
            with scope(subject.tenant):
                events.record("ticket.note", subject, by=actors.system(subject.tenant_id), at=NOW, n=n)
                told.set()
                end.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert told.wait(10)
    try:
        yield
    finally:
        end.set()
        thread.join(20)


def test_an_event_that_commits_late_is_not_skipped(tenant, subject):
    with scope(tenant):
        other = Category.objects.create(code="02", name="二")
    seen = listen()
    happen(other, 1)
    with slow(subject, 2):
        happen(other, 3)  # started later, committed earlier
        feed.deliver(tenant, NOW)
        assert seen == [1]
    feed.deliver(tenant, NOW)
    assert seen == [1, 2, 3]


def test_the_far_past_is_skipped_and_what_follows_is_not(tenant, subject):
    seen = listen()
    happen(subject, 1, 2)
    feed.skip_to_now(tenant)
    assert feed.deliver(tenant, NOW) == 0
    happen(subject, 3)
    assert feed.deliver(tenant, NOW) == 1
    assert seen == [3]


def test_skipping_where_nothing_has_happened_skips_nothing(tenant, subject):
    seen = listen()
    feed.skip_to_now(tenant)
    happen(subject, 1)
    feed.deliver(tenant, NOW)
    assert seen == [1]


def test_a_new_subscriber_gets_no_past_events_and_all_that_follow(tenant, subject):
    first = listen("first")
    happen(subject, 1, 2)
    feed.deliver(tenant, NOW)
    happen(subject, 3)
    second = listen("second")
    feed.deliver(tenant, NOW)
    assert (first, second) == ([1, 2, 3], [])
    happen(subject, 4)
    happen(subject, 5, 6)
    feed.deliver(tenant, NOW)
    assert (first, second) == ([1, 2, 3, 4, 5, 6], [4, 5, 6])


def test_a_new_subscriber_that_asks_for_the_past_gets_it(tenant, subject):
    listen("first")
    happen(subject, 1, 2)
    feed.deliver(tenant, NOW)
    second, third = listen("second", from_start=True), listen("third")
    feed.deliver(tenant, NOW)
    happen(subject, 3)
    feed.deliver(tenant, NOW)
    assert (second, third) == ([1, 2, 3], [3])


def test_a_new_subscriber_misses_nothing_that_is_still_running_when_it_begins(tenant, subject):
    """The event of a transaction that began before the subscriber and commits after it is delivered."""
    with scope(tenant):
        other = Category.objects.create(code="02", name="二")
    first = listen("first")
    happen(other, 1)
    feed.deliver(tenant, NOW)
    happen(other, 2)
    with slow(subject, 3):
        happen(other, 4)  # begun later than 3: nobody is told before 3
        second = listen("second")
        feed.deliver(tenant, NOW)
        assert (first, second) == ([1, 2], [])
    feed.deliver(tenant, NOW)
    assert (first, second) == ([1, 2, 3, 4], [3, 4])
    happen(other, 5)
    feed.deliver(tenant, NOW)
    assert (first, second) == ([1, 2, 3, 4, 5], [3, 4, 5])


def test_two_workers_that_meet_a_new_subscriber_deliver_once(tenant, subject):
    listen("first")
    happen(subject, 1)
    feed.deliver(tenant, NOW)
    second = listen("second")
    together = threading.Barrier(2, timeout=10)

    def work():
        together.wait()
        feed.deliver(tenant, NOW)

    run(work, work)
    happen(subject, 2)
    run(work, work)
    feed.deliver(tenant, NOW)
    assert second == [2]
    with scope(tenant):
        assert FeedCursor.objects.filter(subscriber="second").count() == 1


def test_a_new_district_misses_nothing_that_happens_before_the_first_delivery(db):
    first, second = listen("first"), listen("second")
    district = create_tenant(slug="new", name="新区", code="990103000000")
    with scope(district):
        assert sorted(FeedCursor.objects.values_list("subscriber", "xid", "event_id")) == [
            ("first", 0, 0),
            ("second", 0, 0),
        ]
        category = Category.objects.create(code="01", name="一")
    happen(category, 1)
    late = listen("late")  # the release changes before the first delivery
    feed.deliver(district, NOW)
    assert (first, second, late) == ([1], [1], [])


def test_a_district_without_any_cursor_has_delivered_nothing_and_begins_at_its_start(tenant, subject):
    first, second = listen("first"), listen("second")
    happen(subject, 1)
    feed.deliver(tenant, NOW)
    assert (first, second) == ([1], [1])


def test_a_person_is_told_once_of_an_event(world):
    with scope(world.tenant):
        category, by = world.categories["lamp"], world.system
        for _ in range(2):
            events.record("ticket.note", category, by=by, at=NOW)
        first, second = Event.objects.order_by("pk")
        members = [world.members["worker"].pk, world.members["lead"].pk]
        notices.tell([members[0], members[0]], first, facts={"n": 1})
        notices.tell(members, first, facts={"n": 1})
        notices.tell(members[:1], second, facts={"n": 2})
        found = sorted(Notice.objects.values_list("member_id", "event_id"))
        assert found == sorted([(members[0], first.pk), (members[1], first.pk), (members[0], second.pk)])
        assert notices.mark_read(members[0], [Notice.objects.get(member_id=members[1]).pk], NOW) == 0
        assert notices.mark_read(members[0], None, NOW) == 2
