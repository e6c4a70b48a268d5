"""Text messages to residents: written with the change, sent once, erased afterwards."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from governance.events.models import Event
from governance.messages import backends, outbox
from governance.messages.models import Message
from governance.tenancy.scope import current, scope
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import RatingLink, Ticket
from tickets.orders import subscribers
from tickets.orders.actions import handling, judging, rating_links, triage

NOW = at(23, 12)
sent: list[tuple[str, str, str]] = []


def keep(phone, text, *, reference):
    """An adapter that records its calls."""
    sent.append((phone, text, reference))


def refuse(phone, text, *, reference):
    """An adapter whose provider cannot be reached."""
    raise ConnectionError(phone)


@pytest.fixture(autouse=True)
def adapter(settings):
    sent.clear()
    settings.SMS_BACKEND, settings.PUBLIC_URL = f"{__name__}.keep", "https://gov.example/"


@pytest.fixture
def verified(world):
    """Return a function that makes a ticket that waits for its rating: verified(phone=..., ...)."""

    def walk(**more):
        with scope(world.tenant):
            area = world.areas["lane_building"].code
            given = {
                "text": "家中老人被打",
                "area": area,
                "name": "钱居民",
                "client_id": uuid.uuid4(),
                **more,
            }
            ticket = intake.report(intake.Draft(**given), by=world.system, at=at(23, 9)).ticket
            for who, verb, facts in (
                ("community", triage.triage_minor, {"reason": "本社区可办"}),
                ("community", handling.resolve, {"outcome": "fixed", "answer": "已劝解", "evidence": "走访"}),
                ("worker", judging.verify, {"done": True, "text": "属实"}),
            ):
                ticket = verb(ticket, by=world.actor(who), at=at(23, 10), **facts)
            event = Event.objects.filter(kind="ticket.verify", subject_id=ticket.pk).latest("seq")
            subscribers.text_the_rating_link(event)
            return ticket

    return walk


def kept(world):
    with scope(world.tenant):
        return list(Message.objects.order_by("id"))


def test_who_left_a_phone_gets_the_one_use_address_and_nothing_of_the_matter(world, verified, client):
    ticket = verified(phone="13800001234", private=True)
    assert outbox.send_waiting(world.tenant, NOW) == 1
    ((phone, text, _reference),) = sent
    assert phone == "13800001234"
    assert ticket.number in text
    assert "老人" not in text
    assert "钱" not in text
    path = text.split("https://gov.example")[1]
    with scope(world.tenant):
        RatingLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(path).status_code == 200


def test_who_left_no_phone_gets_none(world, verified):
    verified(phone="")
    assert kept(world) == []


def test_phone_and_token_lie_sealed_until_sent_and_are_gone_afterwards(world, verified):
    ticket = verified(phone="13800001234")
    with scope(world.tenant):
        token = rating_links.token_of(ticket.reporters.get(), 0)

        def row():
            with connection.cursor() as cursor:
                cursor.execute("SELECT m::text FROM governance_message m")
                return cursor.fetchone()[0]

        assert token not in row()
        assert "13800001234" not in row()
        assert Message.objects.get().link == f"/alpha/r/{token}/"
    outbox.send_waiting(world.tenant, NOW)
    (message,) = kept(world)
    assert (message.state, message.phone, message.link, message.ended_at) == ("sent", "", "", NOW)


def test_what_is_rolled_back_is_not_sent(world, verified):
    with scope(world.tenant), pytest.raises(RuntimeError), transaction.atomic():
        verified(phone="13800001234")
        raise RuntimeError
    assert kept(world) == []


def test_it_is_sent_once_and_put_once(world, verified):
    ticket = verified(phone="13800001234")
    outbox.send_waiting(world.tenant, NOW)
    with scope(world.tenant):
        rating_links.send(Ticket.objects.get(pk=ticket.pk), ticket.reporters.all(), at=NOW)
    assert outbox.send_waiting(world.tenant, NOW + timedelta(days=1)) == 0
    assert len(sent) == 1


def test_a_refusal_is_tried_again_with_growing_pauses_and_then_given_up(world, verified, settings):
    verified(phone="13800001234")
    settings.SMS_BACKEND = f"{__name__}.refuse"
    now, pauses = NOW, []
    while (message := kept(world)[0]).state == "waiting":
        outbox.send_waiting(world.tenant, now)
        assert outbox.send_waiting(world.tenant, now) == 0
        message = kept(world)[0]
        pauses.append((message.next_try_at - now).total_seconds() // 60)
        now = message.next_try_at
    assert pauses[:4] == [1, 2, 4, 8]
    assert (message.state, message.tries, message.error) == ("given_up", outbox.LAST_TRY, "ConnectionError")
    assert (message.phone, message.link) == ("", "")


def test_after_a_kill_the_lease_ends_and_the_repeat_has_the_same_reference(world, verified, settings):
    verified(phone="13800001234")
    settings.SMS_BACKEND = f"{__name__}.keep"
    outbox._take(world.tenant, NOW)  # the worker took the message and was killed
    assert outbox.send_waiting(world.tenant, NOW + timedelta(minutes=1)) == 0
    assert outbox.send_waiting(world.tenant, NOW + outbox.LEASE) == 1
    (message,) = kept(world)
    assert sent[0][2] == f"{world.tenant.pk}-{message.pk}"
    assert message.tries == 2


def test_a_message_past_its_use_is_given_up_unsent(world, verified):
    verified(phone="13800001234")
    assert outbox.send_waiting(world.tenant, NOW + timedelta(days=30)) == 0
    (message,) = kept(world)
    assert (message.state, message.error, message.phone, sent) == ("given_up", "late", "", [])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_open_while_the_adapter_talks(world, verified, settings):
    verified(phone="13800001234")
    settings.SMS_BACKEND = f"{__name__}.look"
    assert outbox.send_waiting(world.tenant, NOW) == 1


def look(phone, text, *, reference):
    """An adapter that fails if a transaction or scope is open."""
    assert not connection.in_atomic_block
    assert current() is None


def test_the_console_shows_neither_phone_nor_way_in(capsys):
    backends.console("13800001234", "请评价 http://localhost/alpha/r/0123456789abcdef/", reference="1-2")
    assert capsys.readouterr().out == "to 138****1234: 请评价 http://localhost/alpha/r/0123…/ [1-2]\n"


def test_the_console_shows_a_code_only_where_it_is_told_to(capsys, settings):
    for shown, words in ((False, "验证码 ******，"), (True, "验证码 123456，")):
        settings.SMS_SHOWN = shown
        backends.console("13800001234", "验证码 123456，10 分钟内有效 GC-20261121-0001", reference="1-2")
        out = capsys.readouterr().out
        assert words in out
        assert "GC-20261121-0001" in out


def test_a_code_is_put_into_its_text_and_erased_once_sent(world):
    with scope(world.tenant):
        given = {"phone": "13800001234", "text": "验证码 {code}。", "code": "004217"}
        times = {"next_try_at": NOW, "created_at": NOW, "until": NOW + timedelta(minutes=10)}
        outbox.enqueue([Message(kind="code", key="1", **given, **times)])
    assert outbox.send_waiting(world.tenant, NOW) == 1
    assert sent[0][:2] == ("13800001234", "验证码 004217。")
    (message,) = kept(world)
    assert (message.state, message.phone, message.code) == ("sent", "", "")
