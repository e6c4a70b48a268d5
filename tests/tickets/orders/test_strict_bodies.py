"""The API refuses fields that it does not know and values of the wrong type, and its schema says what it answers."""

import json
import uuid
import zlib

import pytest

from governance.tenancy.scope import scope
from tests.tickets.calls import TICKETS, Caller
from tickets.states import State
from tickets.ticket.models.ticket import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(world, client):
    return Caller(world, client)


def report(call, **more):
    given = {"client_id": str(uuid.uuid4()), "text": "漏水", "area": call.world.areas["lane"].code, **more}
    return call.post(TICKETS, given)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"categroy": "0102"}, "categroy"),
        ({"reporter": {"name": "钱", "fone": "1"}}, "reporter"),
        ({"text": {"a": 1}}, "text"),
        ({"text": ["a"]}, "text"),
        ({"private": "perhaps"}, "private"),
        ({"private": "yes"}, "private"),
        ({"private": 1}, "private"),
        ({"text": 12345}, "text"),
        ({"client_id": 5}, "client_id"),
        ({"against": True}, "against"),
        ({"lat": True, "lng": 117}, "lat"),
        ({"reporter": {"notice_version": "1"}}, "reporter"),
        ({"reporter": {"phone": 13800001234}}, "reporter"),
        ({"said_at": 20261126}, "said_at"),
    ],
)
def test_a_report_with_an_unknown_or_wrong_field_is_refused(call, more, field):
    answer = report(call, **more)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    with scope(call.world.tenant):
        assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reson": "x"}, "reson"),
        ({"person": 1}, "person"),  # of another verb
        ({"reason": {"a": "b"}}, "reason"),
        ({"reason": ["a"]}, "reason"),
        ({"reason": True}, "reason"),
        ({"category": {"code": "0102"}}, "category"),
        ({"category": 102}, "category"),
        ({"reason": 5}, "reason"),
    ],
)
def test_a_move_with_an_unknown_or_wrong_field_is_refused(call, more, field):
    number = report(call).json()["number"]
    body = {"verb": "triage_major", "reason": "社区无力解决", **more}
    answer = call.post(f"{TICKETS}{number}/moves/", body, who="community")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert call.get(f"{TICKETS}{number}/").json()["state"] == State.REPORTED


@pytest.mark.parametrize(
    "body",
    ['{"text": "a", "text": "b"}', '{"reporter": {"name": "a", "name": "b"}}', '{"text": NaN}', "{", "[1]"],
)
def test_a_body_that_can_be_read_in_two_ways_or_not_at_all_is_refused(call, body):
    answer = call.post(TICKETS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": "x", "text": "a", **{f"k{n}": n for n in range(600)}},
        {"answers": [{"question": n, "answer": ""} for n in range(600)]},
        {"reporter": {"name": [["a"] * 600]}},
    ],
    ids=["keys", "list", "nested list"],
)
def test_a_body_with_very_many_values_is_refused_at_once(call, body):
    answer = call.post(TICKETS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_body_larger_than_any_text_is_refused_unread(call):
    assert call.post(TICKETS, {"text": "长" * 300_000}).status_code == 413


@pytest.mark.parametrize("charset", ["zlib", "bz2", "rot13", "utf-16", "nonsense"])
def test_a_charset_is_ignored(call, client, charset):
    def send(method, path, data, kind, **headers):
        return client.generic(method, path, data, f"{kind}; charset={charset}", headers=headers)

    body = json.dumps({"client_id": str(uuid.uuid4()), "text": "漏水"}).encode()
    given = zlib.compress(body) if charset == "zlib" else body
    answer = send("POST", TICKETS, given, "application/json", **call.headers("clerk"))
    assert answer.status_code == (400 if charset == "zlib" else 201), answer.content
    for path in ("/healthz?q=%80", "/alpha/matters/?q=a%80"):
        assert send("GET", path, b"", "text/plain").status_code == 200
    form = send("POST", "/alpha/report/", b"--x--\r\n", "multipart/form-data; boundary=x")
    assert form.status_code < 500


def test_a_null_counts_as_left_out(call):
    number = report(call).json()["number"]
    body = {"verb": "triage_major", "reason": "社区无力解决", "category": None}
    assert call.post(f"{TICKETS}{number}/moves/", body, who="community").status_code == 200


def test_the_schema_names_the_scheme_and_every_problem(world, client):
    schema = client.get(
        "/alpha/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}
    ).json()
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    operations = [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(operations) > 15
    for path, method, operation in operations:
        wanted = {"400", "401", "403", "404", "429", "503"} | (
            {"409", "413", "415"} if method == "post" else set()
        )
        assert wanted <= set(operation["responses"]), path
        assert {"bearer": []} in operation["security"], path
        problem = operation["responses"]["404"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}
    assert "Problem" in schema["components"]["schemas"]
