"""The names of subscribers are stored in the database: they do not follow a function that is moved or renamed."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from governance import events
from governance.access import actors
from governance.events import feed
from governance.events.models import Event, FailedDelivery, FeedCursor
from governance.tenancy.scope import scope
from tests import worlds

#: A name that is changed here needs a data migration of FeedCursor and FailedDelivery.
NAMES = {
    "grids.tell_administrators",
    "tickets.gather_the_parts",
    "tickets.inform_of_an_emergency",
    "tickets.tell_of_a_consent",
    "tickets.tell_of_a_decided_refusal",
    "tickets.tell_of_a_late_decision",
    "tickets.tell_of_an_admission",
    "tickets.tell_of_the_whistle_end",
    "tickets.tell_of_time",
    "tickets.tell_of_whistle_time",
    "tickets.tell_the_assistants",
    "tickets.tell_the_new_holder",
    "tickets.tell_the_person",
    "tickets.tell_the_summoned",
    "tickets.tell_the_waived",
    "tickets.tell_the_whistle_party",
    "tickets.tell_the_whistling_street",
    "tickets.tell_who_answers_for_privacy",
    "tickets.tell_who_decides_a_refusal",
    "tickets.tell_who_dispatched",
    "tickets.tell_who_holds",
    "tickets.tell_who_must_decide",
    "tickets.text_the_rating_link",
    "tickets.text_the_receipt",
}


def test_the_names_are_these():
    assert set(feed.SUBSCRIBERS) == NAMES


def test_a_name_fits_into_its_column_and_names_the_app_of_the_subscriber():
    for name, (_, handler, _) in feed.SUBSCRIBERS.items():
        assert name.split(".")[0] == handler.__module__.split(".")[0]
        assert len(name) <= FeedCursor._meta.get_field("subscriber").max_length


def test_a_name_is_given_once(monkeypatch):
    monkeypatch.setattr(feed, "SUBSCRIBERS", {})
    events.subscribes("ticket.note", name="tests.hear")(print)
    with pytest.raises(ValueError, match=r"two subscribers are named 'tests\.hear'"):
        events.subscribes("ticket.close", name="tests.hear")(repr)
    with pytest.raises(ValueError, match="two subscribers"):
        events.subscribes_in_batches("ticket.close", name="tests.hear")(repr)
    ((_, handler, _),) = feed.SUBSCRIBERS.values()
    assert handler is print


@pytest.mark.parametrize(
    "name", ["", "hear", "tests.", ".hear", "tests.events.hear", "tests.Hear", "tests.hear\n"]
)
def test_a_name_has_the_form_app_and_what_it_does(name):
    with pytest.raises(ValueError, match="not of the form"):
        events.subscribes("ticket.note", name=name)


def test_a_subscriber_without_a_name_is_refused():
    with pytest.raises(TypeError):
        events.subscribes("ticket.note")


def test_the_migration_renames_what_is_stored_in_every_district(tenant, other_tenant):
    migration = import_module("governance.migrations.0010_subscriber_names")
    old = "tickets.whistle_subscribers.tell_of_time"
    for district in (tenant, other_tenant):
        with scope(district):
            events.record("settings.changed", district, by=actors.system(district.pk), at=worlds.MONDAY)
            FeedCursor.objects.all().delete()
            FeedCursor.objects.create(subscriber=old, xid=7, event_id=district.pk)
            FeedCursor.objects.create(subscriber="consultation.unknown", xid=3)
            FailedDelivery.objects.create(
                subscriber=old, event=Event.objects.get(), next_attempt_at=worlds.MONDAY
            )
    past = MigrationLoader(connection).project_state(("governance", "0010_subscriber_names")).apps
    editor = SimpleNamespace(connection=connection)
    for change, name in (
        (migration.rename, "tickets.tell_of_whistle_time"),
        (migration.rename, "tickets.tell_of_whistle_time"),
        (migration.rename_back, old),
    ):
        change(past, editor)
        for district in (tenant, other_tenant):
            with scope(district):
                found = FeedCursor.objects.values_list("subscriber", "xid", "event_id")
                assert sorted(found) == sorted([("consultation.unknown", 3, 0), (name, 7, district.pk)])
                assert FailedDelivery.objects.get().subscriber == name


def test_the_migration_knows_the_subscribers_of_its_time():
    migration = import_module("governance.migrations.0010_subscriber_names")
    assert len(set(migration.NAMES.values())) == len(migration.NAMES) == 24
    assert set(migration.NAMES.values()) <= NAMES
