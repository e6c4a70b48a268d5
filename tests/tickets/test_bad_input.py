"""What programs send wrong: each time a clear refusal in problem+json, and not a row more than before."""

import io
import json
import os
import struct
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from governance.access import tokens
from governance.access.models import ApiToken, User
from governance.tenancy.models import TenantModel
from governance.tenancy.scope import scope
from tickets import actions
from tickets.models import Attachment

PROBLEM = "application/problem+json"
ALL = ("tickets:read", "tickets:report", "tickets:move")
TICKETS = "/alpha/api/v1/tickets/"


@pytest.fixture
def call(world, client):
    """Call the API of the first district with the token of one of its people."""
    return Caller(world, client)


class Caller:
    def __init__(self, world, client):
        self.world, self.client, self.kept = world, client, {}

    def token(self, name, scopes=ALL, tenant=None, at=None, days=365):
        user = User.objects.get(pk=self.world.members[name].user_id)
        tenant, at = tenant or self.world.tenant, at or timezone.now()
        return tokens.issue(user, tenant, name=name, scopes=list(scopes), at=at, days=days)

    def headers(self, who):
        if who not in self.kept:
            self.kept[who] = self.token(who)
        return {"Authorization": f"Bearer {self.kept[who]}"}

    def post(self, path, body, who="clerk", kind="application/json"):
        return self.client.post(path, body, content_type=kind, headers=self.headers(who))

    def get(self, path, who="county"):
        return self.client.get(path, headers=self.headers(who))

    def photo(self, number, upload, who="community", **more):
        path = f"{TICKETS}{number}/photos/"
        return self.client.post(path, {"photo": upload, **more}, headers=self.headers(who))

    def body(self, **more):
        return {"client_id": str(uuid.uuid4()), "text": "水管漏水", "area": "990101001001", **more}


@pytest.fixture
def number(world):
    """A ticket in 里巷社区, waiting to be triaged."""
    with scope(world.tenant):
        draft = actions.Draft(text="灯不亮", area=world.areas["lane"].code)
        return actions.report(draft, by=world.system, at=timezone.now()).ticket.number


def stored(world):
    """How many rows each table of a district holds, and which files lie in the media folder."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    with scope(world.tenant):
        rows = {model.__name__: model.objects.count() for model in models}
    return rows, sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def refused(answer, status, code, *fields):
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content[:300]
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"]
    assert list(told.get("errors", {})) == list(fields), told


REPORTS = [
    ({"text": ""}, "invalid", ["text"]),
    ({"text": "   "}, "invalid", ["text"]),
    ({"text": None}, "invalid", ["text"]),
    ({"text": ["水管"]}, "invalid", ["text"]),
    ({"text": {"a": 1}}, "invalid", ["text"]),
    ({"text": "水\x00管"}, "invalid", ["text"]),
    ({"text": "水\ud800管"}, "invalid", ["text"]),
    ({"title": "长" * 121}, "invalid", ["title"]),
    ({"title": "\x00"}, "invalid", ["title"]),
    ({"address": "\udfff"}, "invalid", ["address"]),
    ({"category": "999"}, "unknown_category", ["category"]),
    ({"category": "01"}, "not_a_leaf", ["category"]),
    ({"category": 7.5}, "unknown_category", ["category"]),
    ({"area": "990102001001"}, "unknown_area", ["area"]),  # of the other district
    ({"area": "9" * 21}, "invalid", ["area"]),
    ({"lat": 91, "lng": 118}, "invalid", ["lat"]),
    ({"lat": 37, "lng": -181}, "invalid", ["lng"]),
    ({"lat": "north"}, "invalid", ["lat"]),
    ({"lat": "NaN"}, "invalid", ["lat"]),
    ({"lat": "1e400"}, "invalid", ["lat"]),
    ({"client_id": "42"}, "invalid", ["client_id"]),
    ({"client_id": None}, "invalid", ["client_id"]),
    ({"client_id": 10**40}, "invalid", ["client_id"]),
    ({"channel": "pigeon"}, "invalid", ["channel"]),
    ({"channel": "portal"}, "invalid", ["channel"]),
    ({"matter": "quarrel"}, "invalid", ["matter"]),
    ({"tier": 3}, "invalid", ["tier"]),
    ({"private": "perhaps"}, "invalid", ["private"]),
    ({"reporter": "钱居民"}, "invalid", ["reporter"]),
    ({"reporter": {"name": "长" * 61}}, "invalid", ["reporter"]),
    ({"reporter": {"phone": "1" * 21}}, "invalid", ["reporter"]),
    ({"reporter": {"name": "\x00"}}, "invalid", ["reporter"]),
]


def test_a_wrong_report_names_the_field_and_stores_nothing(call, world):
    before = stored(world)
    for change, code, fields in REPORTS:
        refused(call.post(TICKETS, call.body(**change)), 400, code, *fields)
    assert stored(world) == before


def test_four_megabytes_of_text_are_refused_by_name(call, world):
    before = stored(world)
    body = json.dumps(call.body(text="长" * 1_400_000), ensure_ascii=False).encode()
    assert 4_000_000 < len(body) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused(call.post(TICKETS, body), 400, "invalid", "text")
    assert stored(world) == before


BODIES = [
    ("{", "application/json", 400, "parse_error"),
    ("", "application/json", 400, "invalid"),
    ("[1, 2]", "application/json", 400, "parse_error"),
    ('"text"', "application/json", 400, "parse_error"),
    ("null", "application/json", 400, "parse_error"),
    ('{"text": NaN}', "application/json", 400, "parse_error"),
    (b"\xff\xfe{}", "application/json", 400, "parse_error"),
    ("[" * 100_000, "application/json", 400, "parse_error"),
    ("<a/>", "application/xml", 415, "unsupported_media_type"),
    ("text=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    ("no boundary", "multipart/form-data", 400, "bad_request"),
]


def test_a_body_that_is_no_report_is_refused(call, world):
    before = stored(world)
    for body, kind, status, code in BODIES:
        answer = call.post(TICKETS, body, kind=kind)
        found = answer.status_code, answer["Content-Type"], answer.json()["code"]
        assert found == (status, PROBLEM, code), body[:40]
    assert stored(world) == before


def test_a_body_past_the_limit_is_refused_in_problem_json(call, world):
    before = stored(world)
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused(call.post(TICKETS, call.body(text="x" * size)), 413, "too_large")
    assert stored(world) == before


@pytest.mark.parametrize("path", ["/alpha/api/v1/nothing/", "/nowhere/api/v1/tickets/"])
def test_an_address_that_is_none_is_refused_in_problem_json(call, path):
    refused(call.get(path), 404, "not_found")


MOVES = [
    ({"verb": "explode"}, 400, "unknown_verb", ["verb"]),
    ({}, 400, "unknown_verb", ["verb"]),
    ({"verb": ["triage_minor"]}, 400, "unknown_verb", ["verb"]),
    ({"verb": "triage_minor\x00"}, 400, "unknown_verb", ["verb"]),
    ({"verb": "triage_minor"}, 400, "invalid", ["reason"]),
    ({"verb": "triage_minor", "reason": "\x00"}, 400, "invalid", ["reason"]),
    ({"verb": "triage_minor", "reason": "\ud800"}, 400, "invalid", ["reason"]),
    ({"verb": "triage_minor", "reason": "长" * 20_001}, 400, "invalid", ["reason"]),
    ({"verb": "triage_minor", "reason": "x", "unit": "nobody"}, 400, "invalid", ["unit"]),
    ({"verb": "triage_minor", "reason": "x", "unit": "committee"}, 400, "invalid", ["unit"]),
    ({"verb": "triage_minor", "reason": "x", "unit": "\x00"}, 400, "invalid", ["unit"]),
    ({"verb": "triage_minor", "reason": "x", "unit": {"code": "lane"}}, 400, "invalid", ["unit"]),
    ({"verb": "rate", "speed": 5}, 409, "illegal_move", []),
    ({"verb": "dispatch", "unit": "water"}, 409, "illegal_move", []),
]


def test_a_wrong_move_changes_nothing(call, world, number):
    before = stored(world)
    for body, status, code, fields in MOVES:
        refused(call.post(f"{TICKETS}{number}/moves/", body, "community"), status, code, *fields)
    for body in ["[]", '"accept"', "7", "null", "[[1, 2]]"]:
        refused(call.post(f"{TICKETS}{number}/moves/", body, "community"), 400, "parse_error")
    assert stored(world) == before


STARS = {"speed": 5, "attitude": 5, "result": 5, "solved": True}
RATINGS = [
    ({"speed": 0}, "speed"),
    ({"attitude": 6}, "attitude"),
    ({"result": "five"}, "result"),
    ({"result": 4.5}, "result"),
    ({"solved": "perhaps"}, "solved"),
    ({"solved": None}, "solved"),
]


def test_stars_that_are_none_are_refused(call, world, number):
    steps = [
        ("community", {"verb": "triage_minor", "reason": "可办"}),
        ("community", {"verb": "resolve", "outcome": "fixed", "answer": "好了", "evidence": "换了"}),
        ("lead", {"verb": "verify", "done": True, "text": "亮了"}),
    ]
    for who, body in steps:
        assert call.post(f"{TICKETS}{number}/moves/", body, who).status_code == 200
    before = stored(world)
    for change, field in RATINGS:
        body = {"verb": "rate", **STARS, **change}
        refused(call.post(f"{TICKETS}{number}/moves/", body, "lead"), 400, "invalid", field)
    assert stored(world) == before


QUERIES = [
    ("state=asleep", "unknown_choice"),
    ("tier=%00", "bad_request"),
    ("area=990102001001", "unknown_area"),
    ("area=%00", "bad_request"),
    ("created_after=yesterday", "bad_time"),
    ("created_after=2026-13-01", "bad_time"),
    ("cursor=~~~", "bad_cursor"),
    ("cursor=%00", "bad_request"),
    ("q=%00", "bad_request"),
    ("cursor=MjAyNi0xMS0yMQ", "bad_cursor"),
]


ODD_QUERIES = [
    "q=%ED%A0%80",
    "q=" + "%25_" * 500,
    "q=%2500",
    "category=nothing",
    "holder=nobody",
    "created_after=0001-01-01T00:00:00%2B14:00",
    "created_after=9999-12-31T23:59:59-14:00",
]


def test_a_wrong_filter_is_named_and_an_odd_one_finds_what_it_finds(call, number):
    for query, code in QUERIES:
        answer = call.get(f"{TICKETS}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, code), query
    for query in ODD_QUERIES:
        assert call.get(f"{TICKETS}?{query}").status_code == 200, query


def test_a_number_that_is_none_is_not_found(call, number):
    names = {"AL-20261121-9999": 404, "x" * 3000: 404, "%F0%9F%92%A7": 404, "..%2f": 404, "%ED%A0%80": 404}
    for name, status in {**names, "%00": 400}.items():
        assert call.get(f"{TICKETS}{name}/").status_code == status, name
        answer = call.post(f"{TICKETS}{name}/moves/", {"verb": "note", "text": "x"})
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), name


def picture(form="JPEG", size=(60, 40), **more):
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, form, **more)
    return buffer.getvalue()


def upload(content, name="a.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


def bomb(side):
    """A small PNG that says it is huge, with sound check sums."""

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
    "10,000 wide": (bomb(10_000), "not_a_photo"),
    "60,000 wide": (bomb(60_000), "not_a_photo"),
}


def test_what_is_no_photo_is_refused(call, world, number):
    before = stored(world)
    for name, (content, code) in FILES.items():
        answer = call.photo(number, upload(content))
        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), name
        assert (answer.json()["code"], list(answer.json()["errors"])) == (code, ["photo"]), name
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
    """A photo that tells where and when, who made it and what it shows."""
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


def test_a_token_that_does_not_hold_opens_nothing(call, world, number):
    now = timezone.now()
    revoked = call.token("clerk")
    ApiToken.objects.update(revoked_at=now)
    left = call.token("member")
    User.objects.filter(pk=world.members["member"].user_id).update(is_active=False)
    bad = {
        "unknown": "gov_nothing",
        "empty": "",
        "odd": "\x7f" * 20,
        "expired": call.token("clerk", at=now - timedelta(days=10), days=9),
        "revoked": revoked,
        "of another district": call.token("neighbour", tenant=world.other),
        "of somebody who left": left,
    }
    before = stored(world)
    for why, token in bad.items():
        headers = {"Authorization": f"Bearer {token}"}
        for path in (TICKETS, f"{TICKETS}{number}/", f"{TICKETS}{number}/events/"):
            answer = call.client.get(path, headers=headers)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), why
            refused(answer, 401, "bad_token")
        answer = call.client.post(TICKETS, call.body(), content_type="application/json", headers=headers)
        refused(answer, 401, "bad_token")
    for headers in ({}, {"Authorization": "Basic Z3JpZDpncmlk"}):
        answer = call.client.post(TICKETS, call.body(), content_type="application/json", headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert stored(world) == before


@pytest.mark.parametrize(
    ("scopes", "reads", "reports", "moves"),
    [
        ((), 404, 403, 404),
        (("tickets:read",), 200, 403, 403),
        (("tickets:report",), 404, 201, 404),
    ],
    ids=["none", "read", "report"],
)
def test_a_token_gives_no_more_than_its_scopes(call, world, number, scopes, reads, reports, moves):
    call.kept["community"] = call.token("community", scopes)
    found = call.get(f"{TICKETS}{number}/", "community").status_code
    listed = call.get(TICKETS, "community").status_code
    assert (found, listed) == (reads, 200 if reads == 200 else 403)
    before = stored(world)
    body = {"verb": "triage_minor", "reason": "可办"}
    assert call.post(f"{TICKETS}{number}/moves/", body, "community").status_code == moves
    assert call.photo(number, upload(picture())).status_code in {403, 404}
    assert stored(world) == before
    assert call.post(TICKETS, call.body(), "community").status_code == reports
    assert (stored(world) == before) is (reports != 201)
