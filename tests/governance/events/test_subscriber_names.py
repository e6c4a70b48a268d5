"""The names of subscribers are stored in the database: they do not follow a function that is moved or renamed."""

import pytest

from governance import events
from governance.events import feed
from governance.events.models import FeedCursor

#: A name that is changed here needs a data migration of FeedCursor and FailedDelivery.
NAMES = {
    "governance.tell_of_a_password",
    "grids.tell_administrators",
    "grids.tell_of_a_post",
    "tickets.gather_the_parts",
    "tickets.inform_of_an_emergency",
    "tickets.keep_complaints_from_the_accused",
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
    "tickets.tell_the_unit_of_what_came_back",
    "tickets.tell_the_waived",
    "tickets.tell_the_whistle_party",
    "tickets.tell_the_whistling_street",
    "tickets.tell_who_answers_for_privacy",
    "tickets.tell_who_decides_a_refusal",
    "tickets.tell_who_dispatched",
    "tickets.tell_who_holds",
    "tickets.tell_who_must_decide",
    "tickets.text_the_rating_link",
    "tickets.text_the_resident",
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
