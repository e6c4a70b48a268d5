"""Files of photos: nothing half written, nothing deleted that is in use, nothing stored twice."""

import errno
import os
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from governance.tenancy.scope import scope
from tests.tickets.calls import TICKETS, refused
from tests.tickets.matters import picture
from tests.tickets.whistles.test_whistle import blown
from tickets.intake import actions as intake
from tickets.models import Attachment, WhistlePhoto
from tickets.ticket import photo_files, photos
from tickets.whistles.actions import photos as whistle_photos

pytestmark = pytest.mark.django_db
WHISTLES = "/alpha/api/v1/whistles/"


def files():
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(one.relative_to(root)) for one in root.rglob("*") if one.is_file())


def age(name, days):
    then = (timezone.now() - timedelta(days=days)).timestamp()
    os.utime(Path(settings.MEDIA_ROOT) / name, (then, then))


def test_a_full_disk_leaves_no_part(call, world, number, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        call.photo(number, picture())
    assert files() == []


def test_what_killed_processes_left_is_swept_and_the_rest_stays(call, world, number):
    assert call.photo(number, picture()).status_code == 201
    (kept,) = files()
    folder = Path(settings.MEDIA_ROOT) / kept
    left = {"a.123.part": 2, "f" * 64 + ".jpg": 2, "b.456.part": 0}
    for name, days in left.items():
        folder.with_name(name).write_bytes(b"x")
        age(str(Path(kept).with_name(name)), days)
    age(kept, 2)
    assert photo_files.sweep(world.tenant, at=timezone.now()) == 2
    assert files() == sorted([kept, str(Path(kept).with_name("b.456.part"))])


@pytest.fixture
def both(world):
    """A ticket and a whistle with the same picture: two rows, one file."""
    now = timezone.now()
    with scope(world.tenant):
        whistle = blown(world, "water", when=now)
        draft = intake.Draft(text="灯不亮", area=world.areas["lane"].code)
        ticket = intake.report(draft, by=world.system, at=now).ticket
        one = photos.add(ticket, picture(), by=world.actor("community"), at=now)
        other = whistle_photos.add(whistle, picture(), by=world.actor("center"), at=now)
    assert one.path == other.path
    return one, other


@pytest.mark.parametrize("first", [0, 1], ids=["ticket", "whistle"])
def test_a_file_goes_with_the_last_row_of_any_room(world, both, first, django_capture_on_commit_callbacks):
    for row, there in ((both[first], True), (both[1 - first], False)):
        with django_capture_on_commit_callbacks(execute=True), scope(world.tenant):
            row.delete()
            photo_files.delete_unused([row.path])
        assert (Path(settings.MEDIA_ROOT) / row.path).is_file() is there


@pytest.mark.parametrize("room", ["tickets", "whistles"])
def test_the_same_client_id_makes_one_photo(world, call, number, room):
    with scope(world.tenant):
        whistle = blown(world, "water", when=timezone.now())
    path = f"{TICKETS}{number}/photos/" if room == "tickets" else f"{WHISTLES}{whistle.number}/photos/"
    who, key = ("community" if room == "tickets" else "center"), str(uuid.uuid4())

    def send(colour, client_id=key, to=path):
        given = {"photo": picture(colour=colour), "client_id": client_id}
        return call.client.post(to, given, headers=call.headers(who))

    first, again = send("green"), send("red")
    assert (first.status_code, again.json()) == (201, first.json())
    assert send("red", str(uuid.uuid4())).json()["id"] != first.json()["id"]
    refused(send("green", "x"), 400, "invalid", "client_id")


def test_a_client_id_of_another_ticket_is_refused(world, call, number):
    key = str(uuid.uuid4())
    with scope(world.tenant):
        draft = intake.Draft(text="路灯", area=world.areas["lane"].code)
        other = intake.report(draft, by=world.system, at=timezone.now()).ticket.number
    assert call.photo(number, picture(), client_id=key).status_code == 201
    refused(call.photo(other, picture(colour="red"), client_id=key), 409, "client_id_reused", "client_id")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", ["tickets", "whistles"])
def test_the_same_picture_sent_twice_at_once_is_one_photo(world, room):
    now = timezone.now()
    with scope(world.tenant):
        whistle = blown(world, "water", when=now)
        draft = intake.Draft(text="灯不亮", area=world.areas["lane"].code)
        ticket = intake.report(draft, by=world.system, at=now).ticket
    ready, failures = threading.Barrier(4), []

    def send():
        try:
            with scope(world.tenant):
                ready.wait()
                if room == "tickets":
                    photos.add(ticket, picture(), by=world.actor("community"), at=now)
                else:
                    whistle_photos.add(whistle, picture(), by=world.actor("center"), at=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with scope(world.tenant):
        model = Attachment if room == "tickets" else WhistlePhoto
        assert (failures, model.objects.count()) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_not_deleted_under_a_row_that_is_just_being_stored(world):
    now = timezone.now()
    with scope(world.tenant):
        draft = intake.Draft(text="灯不亮", area=world.areas["lane"].code)
        first, second = (intake.report(draft, by=world.system, at=now).ticket for _ in range(2))
        old = photos.add(first, picture(), by=world.actor("community"), at=now)
    stored, deleted = threading.Event(), threading.Event()

    def store():
        with scope(world.tenant):
            photos.add(second, picture(), by=world.actor("community"), at=now)
            stored.set()
            deleted.wait(0.5)
        connection.close()

    thread = threading.Thread(target=store)
    thread.start()
    stored.wait(10)
    with scope(world.tenant):
        old.delete()
        photo_files.delete_unused([old.path])
    deleted.set()
    thread.join()
    assert files() == [old.path]
