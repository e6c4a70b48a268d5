"""The five orders over REST."""

import uuid

import pytest
from django.utils import timezone

from governance.access.models import User
from governance.accounts import actions as account_actions

pytestmark = pytest.mark.servers


@pytest.fixture
def api(world, client):
    """A caller of the first district's API as a named member."""
    return Api(world, client)


class Api:
    """A client of the API with one token per member."""

    def __init__(self, world, client):
        self.world, self.client, self.tokens = world, client, {}

    def token(self, name, scopes=("tickets:read", "tickets:report", "tickets:move")):
        user = User.objects.get(pk=self.world.members[name].user_id)
        return account_actions.create_token(
            user, self.world.tenant, name=name, scopes=list(scopes), at=timezone.now()
        )

    def _headers(self, name):
        if name not in self.tokens:
            self.tokens[name] = self.token(name)
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def post(self, name, path, body):
        return self.client.post(
            f"/alpha/api/v1/{path}", body, content_type="application/json", headers=self._headers(name)
        )

    def get(self, name, path):
        return self.client.get(f"/alpha/api/v1/{path}", headers=self._headers(name))

    def move(self, name, number, verb, **body):
        return self.post(name, f"tickets/{number}/moves/", {"verb": verb, **body})


def report(api, **more):
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "水管漏水",
        "area": api.world.areas["lane_building"].code,
        "category": "0102",
        "reporter": {"name": "钱居民", "phone": "13800001234"},
        **more,
    }
    return body, api.post("clerk", "tickets/", body)


def test_the_five_orders_over_rest(api):
    body, made = report(api)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    again = api.post("clerk", "tickets/", body)
    assert (again.status_code, again.json()["number"]) == (200, number)
    other = api.post("clerk", "tickets/", {**body, "text": "别的事"})
    assert (other.status_code, other.json()["code"]) == (409, "client_id_reused")
    steps = [
        ("community", "triage_major", {"reason": "社区无力解决"}, "escalated"),
        ("center", "refer", {"reason": "需要水务部门"}, "referred"),
        ("county", "dispatch", {"unit": "water", "assistants": ["parks"]}, "dispatched"),
        ("head", "accept", {}, "handling"),
        ("member", "contact", {"text": "已电话联系"}, "handling"),
        ("parks_head", "assist_accept", {}, "handling"),
        ("parks_head", "assist_finish", {"text": "绿地已恢复"}, "handling"),
        ("member", "resolve", {"outcome": "fixed", "answer": "已修复", "evidence": "更换阀门"}, "resolved"),
        ("worker", "verify", {"done": True, "text": "现场不漏了"}, "rating"),
        ("worker", "rate", {"speed": 5, "attitude": 4, "result": 5, "solved": True}, "closed"),
    ]
    for who, verb, more, state in steps:
        answer = api.move(who, number, verb, **more)
        assert answer.status_code == 200, (verb, answer.content.decode())
        assert answer.json()["state"] == state
    events = api.get("county", f"tickets/{number}/events/").json()["results"]
    assert [event["kind"] for event in events][:2] == ["ticket.report", "ticket.triage_major"]
    clocks = api.get("county", f"tickets/{number}/clocks/").json()["results"]
    assert {clock["purpose"] for clock in clocks} >= {"triage", "dispatch", "accept", "resolve", "verify"}


def test_a_list_holds_what_the_caller_may_see(api):
    _, made = report(api)
    number = made.json()["number"]
    assert [row["number"] for row in api.get("community", "tickets/").json()["results"]] == [number]
    assert api.get("pond_community", "tickets/").json()["results"] == []
    assert api.get("pond_community", f"tickets/{number}/").status_code == 404
    assert [row["number"] for row in api.get("community", "tickets/?q=漏水").json()["results"]] == [number]
    assert api.get("community", "tickets/?q=火警").json()["results"] == []


def test_refusals_name_code_and_field(api):
    _, made = report(api)
    number = made.json()["number"]
    early = api.move("community", number, "accept")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
    assert early["Content-Type"] == "application/problem+json"
    lacking = api.move("community", number, "triage_major")
    assert (lacking.status_code, list(lacking.json()["errors"])) == (400, ["reason"])
    foreign = api.move("worker", number, "triage_major", reason="x")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "forbidden")
    unknown = api.move("community", number, "explode")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_verb")
    stale = api.move("community", number, "triage_major", reason="x", expected="handling")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    _, nobody = report(api, reporter={"phone": "不便透露"})
    assert (nobody.status_code, nobody.json()["code"]) == (400, "bad_phone")


def test_the_schema_and_its_page_open_for_everybody(world, client):
    schema = client.get("/alpha/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200
    assert schema.json()["openapi"].startswith("3.1")
    assert "/{tenant}/api/v1/tickets/{number}/moves/" in schema.json()["paths"]
    page = client.get("/alpha/api/v1/docs/")
    assert page.status_code == 200
    assert b"<style" not in page.content
    script = client.get("/alpha/api/v1/docs/?script=")
    assert script.status_code == 200
    assert b"../schema/" in script.content
