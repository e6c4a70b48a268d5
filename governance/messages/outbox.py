"""The outbox: store messages, and send those that are due.

A message is leased in one transaction, sent outside any transaction, and marked in another. If the process is
killed in between, the message is sent again after the lease with the same reference, so a provider can
recognise the repeat.
"""

import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from governance.messages.models import Message
from governance.tenancy.models import Tenant
from governance.tenancy.scope import current, scope

logger = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(minutes=5)  # longer than a backend may take for a batch
PAUSE = timedelta(minutes=1)  # doubled with every try
LAST_TRY = 8
CODE = re.compile(r"-?[0-9]{1,9}")
State = Message.State
Send = Callable[..., None]
_SENDERS: dict[str, Send] = {}
Alarm = Callable[[int, datetime, datetime], None]  # the limit, the day's midnight, now
_alarms: list[Alarm] = []
BRAKE = "brake"  # the error of a message that waits because the day's texts are used up


def sends(kind: str, send: Send) -> None:
    """Register the function that sends one kind of message; all other kinds are sent as text messages."""
    _SENDERS[kind] = send


def enqueue(messages: Iterable[Message]) -> None:
    """Store messages in the open transaction, one statement; existing ones stay unchanged."""
    Message.objects.bulk_create(list(messages), ignore_conflicts=True)


def signed(text: str) -> str:
    """A text with the name of the open scope's district in front: 【示范区】…."""
    return f"【{current().name}】{text}"


def provide_alarm(alarm: Alarm) -> None:
    """Register the function that is called in the open scope when a district reaches its limit for the day."""
    _alarms[:] = [alarm]


def send_now() -> None:
    """Have the worker look into the outbox when the open transaction is kept: somebody holds the phone and waits."""
    transaction.on_commit(
        lambda: current_app.send_task("messages.send_waiting", ignore_result=True), robust=True
    )


def send_waiting(tenant: Tenant, at: datetime) -> int:
    """Send the due messages of a tenant; returns how many were sent. Opens its own scopes."""
    send, sent = import_string(settings.SMS_BACKEND), 0
    while taken := _take(tenant, at):
        for message in taken:
            error = _try(_SENDERS.get(message.kind, send), message)
            with scope(tenant):
                _write_down(message, error, at)
            sent += not error
    return sent


def _take(tenant: Tenant, at: datetime) -> list[Message]:
    """Lease the next few messages; give up those past their last useful moment."""
    with scope(tenant):
        waiting = Message.objects.filter(state=State.WAITING)
        late = waiting.filter(until__lte=at)
        late.update(state=State.GIVEN_UP, ended_at=at, phone="", link="", code="", error="late")
        _brake(tenant, waiting, at)
        due = waiting.filter(next_try_at__lte=at).order_by("next_try_at", "id")
        taken = list(due.select_for_update(skip_locked=True)[:BATCH])
        for message in taken:
            message.tries, message.next_try_at = message.tries + 1, at + LEASE
        Message.objects.bulk_update(taken, ["tries", "next_try_at"])
        return taken


def _brake(tenant: Tenant, waiting: QuerySet[Message], at: datetime) -> None:
    """Let due texts wait until the next day if the district has sent its texts of today; robots are not counted."""
    zone, most = ZoneInfo(tenant.zone), tenant.setting("texts_per_day")
    midnight = datetime.combine(at.astimezone(zone).date(), time.min, zone)
    texts = Message.objects.exclude(kind__in=_SENDERS)
    if texts.filter(state=State.SENT, ended_at__gte=midnight).order_by()[:most].count() < most:
        return
    held = waiting.exclude(kind__in=_SENDERS).filter(next_try_at__lte=at)
    if held.update(next_try_at=midnight + timedelta(days=1), error=BRAKE):
        for alarm in _alarms:
            alarm(most, midnight, at)


def _try(send: Send, message: Message) -> str:
    """The name of the error, followed by the provider's code if it refused; empty if the message was sent."""
    text = message.text.replace("{code}", message.code)
    if message.link:
        text += f" {settings.PUBLIC_URL.rstrip('/')}{message.link}"
    try:
        send(message.phone, text, reference=f"{message.tenant_id}-{message.pk}")
    except Exception as error:  # a backend may fail in any way; the message stays
        logger.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        return _named(error)
    return ""


def _named(error: Exception) -> str:
    """The error's name and code, never its text, which may contain a URL or a phone number."""
    name, code = type(error).__name__[:50], str(getattr(error, "code", ""))
    return f"{name} {code}" if CODE.fullmatch(code) else name


def _write_down(message: Message, error: str, at: datetime) -> None:
    message.error = error
    if not error:
        message.end(State.SENT, at)
    elif message.tries >= LAST_TRY:
        message.end(State.GIVEN_UP, at)
    else:
        message.next_try_at = at + PAUSE * 2 ** (message.tries - 1)
    message.save(update_fields=["state", "ended_at", "phone", "link", "code", "error", "next_try_at"])
