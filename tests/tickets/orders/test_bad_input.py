"""Invalid API requests: each is refused with a clear problem+json and stores no row."""

import base64
import json

import pytest
from django.conf import settings
from django.utils import timezone

from governance.tenancy.scope import scope
from grids.areas import shapes
from tests.grids.areas.test_shapes import SQUARE, feature
from tests.tickets.calls import PROBLEM, TICKETS, refused, stored

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
    ({"category": 7.5}, "invalid", ["category"]),
    ({"area": "990102001001"}, "unknown_area", ["area"]),  # an area of the other district
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


def test_a_point_outside_the_district_is_refused_by_name(call, world):
    with scope(world.tenant):
        features = [feature(world.areas["district"].code, SQUARE)]
        shapes.take_in(features, datum="WGS-84", by=world.system, at=timezone.now())
    before = stored(world)
    for place in ({"lat": 37.4, "lng": 118.01}, {"lat": 36.05, "lng": 117.3, "datum": "GCJ-02"}):
        refused(call.post(TICKETS, call.body(**place)), 400, "outside_district", "lat")
    assert stored(world) == before


def test_four_megabytes_of_text_are_refused(call, world):
    before = stored(world)
    body = json.dumps(call.body(text="长" * 1_400_000), ensure_ascii=False).encode()
    assert 4_000_000 < len(body) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused(call.post(TICKETS, body), 413, "too_large")
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
    ({"verb": "triage_major"}, 400, "invalid", ["reason"]),
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
    ("created_after=0001-01-01T00:00:00%2B14:00", "bad_time"),
    ("created_before=9999-12-31", "bad_time"),
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


@pytest.mark.parametrize("nested", [900, 1500, 20_000])
def test_a_cursor_nested_without_end_is_refused(call, nested):
    cursor = base64.urlsafe_b64encode(b"[" * nested).decode()
    answer = call.get(f"{TICKETS}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
