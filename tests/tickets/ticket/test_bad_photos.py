"""Invalid photos, and photos whose metadata reveals too much."""

import io
import os
import struct
import zlib
from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from governance.tenancy.scope import scope
from tests.tickets.calls import PROBLEM, TICKETS, refused, stored
from tickets.models import Attachment
from tickets.ticket.decoding import MOST_BODY_OF_ONE


def picture(form="JPEG", size=(60, 40), **more):
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, form, **more)
    return buffer.getvalue()


def upload(content, name="a.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


def bomb(side):
    """A small PNG whose header claims `side` x `side` pixels, with valid checksums."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


FILES = {
    "empty": (b"", "not_a_photo"),
    "broken": (picture()[:200], "not_a_photo"),
    "noise": (os.urandom(5000), "not_a_photo"),
    "pdf": (b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "not_a_photo"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "not_a_photo"),
    "gif": (picture("GIF"), "not_a_photo"),
    "20 MB": (picture() + b"\x00" * 20 * 1024 * 1024, "too_large"),
    "8,000 wide": (bomb(8_000), "too_large"),
    "10,000 wide": (bomb(10_000), "too_large"),
    "60,000 wide": (bomb(60_000), "too_large"),
}


def test_what_is_no_photo_is_refused(call, world, number):
    before = stored(world)
    for name, (content, code) in FILES.items():
        answer = call.photo(number, upload(content))
        whole = len(content) > MOST_BODY_OF_ONE  # refused before the field is read
        assert (answer.status_code, answer["Content-Type"]) == (413 if whole else 400, PROBLEM), name
        told = (answer.json()["code"], list(answer.json().get("errors", ())))
        assert told == (code, [] if whole else ["photo"]), name
    assert stored(world) == before


def test_a_photo_is_needed_and_its_purpose_known(call, world, number):
    before = stored(world)
    path = f"{TICKETS}{number}/photos/"
    headers = call.headers("community")
    refused(call.client.post(path, {"photo": "a.jpg"}, headers=headers), 400, "required", "photo")
    refused(call.photo(number, upload(picture()), purpose="fun\x00"), 400, "unknown_choice", "purpose")
    refused(call.post(path, {"photo": "x"}, "community"), 415, "unsupported_media_type")
    assert stored(world) == before


def test_a_photo_for_a_matter_that_one_does_not_see_is_not_found(call, world, number):
    before = stored(world)
    assert call.photo(number, upload(picture()), "pond_community").status_code == 404
    assert stored(world) == before


def exif(lat=((37, 1), (24, 1), (3600, 100)), when="2026:11:20 08:15:00"):
    """A photo with place, time, author and device in its metadata."""
    found = Image.Exif()
    found[0x010F], found[0x013B] = "PhoneMaker", "Qian"
    found.get_ifd(0x8769)[0x9003] = when
    place = found.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", rationals(lat), "E", rationals(((118, 1), (1, 1), (0, 1)))
    return picture(exif=found)


def rationals(pairs):
    from PIL.TiffImagePlugin import IFDRational

    return tuple(IFDRational(*pair) for pair in pairs)


def kept(world):
    with scope(world.tenant):
        return list(Attachment.objects.order_by("pk"))


def test_place_and_time_are_read_and_the_stored_file_tells_nothing(call, world, number):
    assert call.photo(number, upload(exif())).status_code == 201
    (one,) = kept(world)
    assert (one.lat, one.lng) == (Decimal("37.41"), Decimal("118.016667"))
    assert one.taken_at == datetime(2026, 11, 20, 0, 15, tzinfo=UTC)
    content = (settings.MEDIA_ROOT / one.path).read_bytes()
    again = Image.open(io.BytesIO(content))
    assert (dict(again.getexif()), again.size, again.format) == ({}, (60, 40), "JPEG")
    assert b"PhoneMaker" not in content
    assert b"Exif" not in content


ODD = [
    {"lat": ((0, 0), (0, 0), (0, 0))},
    {"lat": ((97, 1), (0, 1), (0, 1))},
    {"lat": ((1, 0), (0, 1), (0, 1))},
    {"lat": ((37, 1),)},
]


def test_a_place_or_a_time_that_cannot_be_is_none(call, world, number):
    def kept_of(**told):
        assert call.photo(number, upload(exif(**told))).status_code == 201, told
        with scope(world.tenant):
            one = Attachment.objects.get()
            one.delete()
        return one

    for told in ODD:
        assert kept_of(**told).lat is None, told
    for when in ["0001:01:01 00:00:00", "9999:12:31 23:59:59", "2026:02:30 00:00:00", "    "]:
        assert kept_of(when=when).taken_at is None, when


def test_the_same_photo_twice_is_kept_once(call, world, number):
    first, again = (call.photo(number, upload(picture(), name)) for name in ("a.jpg", "b.jpg"))
    assert first.json() == again.json()
    assert len(kept(world)) == 1
    evidence = call.photo(number, upload(picture()), purpose="evidence")
    assert evidence.json()["id"] != first.json()["id"]
    assert len(stored(world)[1]) == 1  # two rows, one file
