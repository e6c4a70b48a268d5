"""The limits of uploads: each route takes what its form promises, and the promises agree with the proxy's limit."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from governance.access.middleware import MOST_API_BODY, MOST_BODY, most_body_of
from governance.serving import bodies
from governance.sheets.uploaded import LIMITS
from tests.tickets.calls import PROBLEM, TICKETS
from tests.tickets.matters import form_of
from tickets.intake.forms import MOST_OF_A_RESIDENT, CounterForm, ReportForm
from tickets.ticket import decoding, photos

pytestmark = pytest.mark.django_db
MB = 1 << 20
CADDYFILE = Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile"
#: The routes that take files, and the megabytes of their bodies.
ROUTES = {
    "portal:report": 62,
    "portal:elder-report": 62,
    "portal:say": 62,
    "desk:new": 62,
    "desk:move": 62,
    "desk:photos": 62,
    "desk:whistle-move": 62,
    "desk:whistle-photos": 62,
    "api:ticket-photos": 16,
    "api:whistle-photos": 16,
}


def routes(resolver, names=()):
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from routes(one, (*names, one.namespace) if one.namespace else names)
        else:
            yield ":".join((*names, one.name or "")), one.callback


def test_the_promises_agree_with_the_proxy():
    (caddy,) = re.findall(r"max_size (\d+)MB", CADDYFILE.read_text())
    assert int(caddy) * MB == bodies.MOST_BYTES
    assert decoding.MOST_BYTES_TOGETHER < decoding.MOST_BODY < bodies.MOST_BYTES
    for form, most in ((ReportForm, MOST_OF_A_RESIDENT), (CounterForm, photos.MOST_PHOTOS)):
        promise = f"最多 {most} 张，每张不超过 {decoding.MOST_BYTES // MB} MB"
        promise += f"，合计不超过 {decoding.MOST_BYTES_TOGETHER // MB} MB"
        assert str(form.base_fields["photos"].help_text) == promise


def test_only_routes_with_files_take_more_than_a_form():
    found = {name: most_body_of(view, "POST") for name, view in routes(get_resolver())}
    large = {name: most / MB for name, most in found.items() if most not in {MOST_BODY, MOST_API_BODY}}
    assert large == ROUTES
    assert LIMITS.most_bytes < found["sheets:upload"] == found["ticket-settings:duty-lists"] == MOST_BODY


def filler(size):
    return SimpleUploadedFile("a.bin", b"x" * size)


@pytest.mark.parametrize("path", ["mine/", "report/next/", "privacy/"])
def test_a_large_body_is_refused_where_no_file_is_expected(world, client, path):
    answer = client.post(f"/alpha/{path}", {"photos": filler(7 * MB)})
    assert answer.status_code == 413
    assert "6 MB" in answer.content.decode()


def test_the_api_tells_the_limit_of_its_route(world, call, number):
    answer = call.photo(number, filler(17 * MB))
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (413, PROBLEM, "too_large")
    answer = call.client.post(
        f"{TICKETS}{number}/moves/", {"a": filler(7 * MB)}, headers=call.headers("clerk")
    )
    assert answer.status_code == 413


def test_photos_above_the_promise_are_named_in_the_form(world, client, monkeypatch):
    monkeypatch.setattr(decoding, "MOST_BYTES_TOGETHER", 3 * MB)
    answer = client.post("/alpha/report/", form_of(world, photos=[filler(2 * MB), filler(2 * MB)]))
    assert answer.status_code == 400
    assert "合计不能超过 3 MB" in answer.content.decode()
