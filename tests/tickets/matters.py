"""Helpers for page tests: tickets made by the actions, form data, and the statements of a page."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from governance.tenancy.scope import scope
from tickets.intake import actions as intake
from tickets.orders import actions

DESK = "/alpha/desk/"


def reported(world, **more):
    """Report a ticket in 里巷社区 now, as a resident; returns the receipt."""
    with scope(world.tenant):
        given = {"text": "三单元楼道灯不亮", "area": world.areas["lane_building"].code, "name": "钱居民"}
        draft = intake.Draft(**{**given, "phone": "13800001234", **more})
        return intake.report(draft, by=world.system, at=timezone.now())


def walked(world, *moves):
    """Report a ticket and make moves (member, verb, {fields}); returns the receipt."""
    receipt = reported(world)
    with scope(world.tenant):
        for who, verb, more in moves:
            by = world.actor(who, timezone.now())
            actions.VERBS[verb](receipt.ticket, by=by, at=timezone.now(), **more)
    return receipt


TO_HANDLING = [("community", "triage_minor", {"reason": "本社区可办"})]
TO_RATING = [
    *TO_HANDLING,
    ("community", "resolve", {"outcome": "fixed", "answer": "灯已修好", "evidence": "换了灯泡"}),
    ("worker", "verify", {"done": True, "text": "亮了"}),
]


def picture(name="a.jpg", colour="green"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def form_of(world, **more):
    return {
        "client_id": str(uuid.uuid4()),
        "area": world.areas["lane"].code,
        "text": "井盖松动",
        "category": "0101",
        "name": "钱居民",
        "phone": "13800001234",
        "accepted": "on",
        "notice_version": "0",
        **more,
    }


FRAME = ("SAVEPOINT", "RELEASE", "SET LOCAL")  # sent by the scope inside the transaction of a test
IDENTITY = 3  # district, user, posts; the session comes from the cache


def statements(client, url):
    """The number of statements of a page, without scope and identity."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return sum(not one["sql"].startswith(FRAME) for one in found.captured_queries) - IDENTITY
