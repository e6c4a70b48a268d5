"""The receipt as a text message to a reporter who left a telephone."""

import pytest

from governance.events.models import Event
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy import config
from governance.tenancy.scope import scope
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.intake import subscribers as intake_subscribers

NOW = at(23, 10)
sent: list[tuple[str, str]] = []


def keep(phone, text, *, reference):
    """An adapter that records its calls."""
    sent.append((phone, text))


@pytest.fixture(autouse=True)
def adapter(settings):
    sent.clear()
    settings.SMS_BACKEND, settings.PUBLIC_URL = f"{__name__}.keep", "https://gov.example/"


def reported(world, who="", **more):
    """Report a ticket and deliver its event twice, as after a stopped worker; returns the receipt."""
    with scope(world.tenant):
        by = world.actor(who) if who else world.system
        given = {"text": "家中老人被打", "area": world.areas["lane_building"].code, **more}
        receipt = intake.report(intake.Draft(**given), by=by, at=at(23, 9))
        event = Event.objects.get(kind="ticket.report", subject_id=receipt.ticket.pk)
        for _turn in range(2):
            intake_subscribers.text_the_receipt(event)
        return receipt


def switched(world, value):
    with scope(world.tenant):
        world.tenant.settings = {**world.tenant.settings, "receipt_sms": value}
        world.tenant.save(update_fields=["settings"])
        config.changed(world.tenant)


@pytest.mark.parametrize(("who", "channel"), [("", "portal"), ("clerk", "desk"), ("clerk", "hotline")])
def test_who_left_a_telephone_is_texted_number_and_address_once(world, client, who, channel):
    switched(world, True)
    receipt = reported(world, who, phone="13800001234", name="钱居民", channel=channel)
    assert outbox.send_waiting(world.tenant, NOW) == 1
    ((phone, text),) = sent
    assert phone == "13800001234"
    assert receipt.ticket.number in text
    assert "老人" not in text
    assert "钱" not in text
    assert client.get(text.split("https://gov.example")[1]).status_code == 200
    with scope(world.tenant):
        kept = Message.objects.get(kind="receipt")
        assert (kept.phone, kept.link) == ("", "")


def test_nobody_is_texted_without_a_telephone_or_where_it_is_not_switched_on(world):
    reported(world, phone="13800001234")
    switched(world, True)
    reported(world, anonymous=True)
    reported(world, phone="13800001234", channel="import")
    with scope(world.tenant):
        assert not Message.objects.exists()
