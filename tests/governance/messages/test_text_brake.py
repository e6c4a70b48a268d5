"""A district has so many texts a day; the others wait until the next day, and administrators are notified."""

from datetime import timedelta

import pytest

from governance.events.kinds import TEXTS_BRAKED
from governance.events.models import Event, Notice
from governance.messages import outbox
from governance.messages.models import Message
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.people.subscribers import tell_administrators
from tests.worlds import at

NOW = at(23, 12)
sent = []


def keep(phone, text, *, reference):
    sent.append(phone)


def texts(tenant, count, key="a"):
    with scope(tenant):
        outbox.enqueue(
            Message(
                kind="receipt",
                key=f"{key}{n}",
                phone="13800001234",
                text="已收到",
                next_try_at=NOW,
                until=NOW + timedelta(days=3),
                created_at=NOW,
            )
            for n in range(count)
        )


@pytest.fixture
def limited(world, settings):
    sent.clear()
    settings.SMS_BACKEND = f"{__name__}.keep"
    Tenant.objects.filter(pk=world.tenant.pk).update(settings={"texts_per_day": 30})
    return Tenant.objects.get(pk=world.tenant.pk)


@pytest.mark.django_db
def test_the_rest_of_the_texts_goes_out_on_the_next_day(world, limited):
    texts(limited, 50)
    outbox.send_waiting(limited, NOW)
    first = len(sent)
    assert 30 <= first < 30 + outbox.BATCH
    texts(limited, 1, "late")
    for minutes in (1, 60, 300):
        outbox.send_waiting(limited, NOW + timedelta(minutes=minutes))
    assert len(sent) == first
    with scope(limited):
        assert set(Message.objects.filter(state="waiting").values_list("error", flat=True)) == {"brake"}
        event = Event.objects.get(kind=TEXTS_BRAKED)
        tell_administrators(event)
        assert Notice.objects.get(kind=TEXTS_BRAKED).member_id == world.members["admin"].pk
    outbox.send_waiting(limited, NOW + timedelta(days=1))
    assert len(sent) == 51


@pytest.mark.django_db
def test_another_district_is_not_braked(world, limited):
    texts(limited, 30)
    outbox.send_waiting(limited, NOW)
    texts(world.other, 5)
    outbox.send_waiting(world.other, NOW)
    assert len(sent) == 35
