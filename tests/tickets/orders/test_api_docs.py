"""The API's documentation: names, tags, shapes that the answers keep, unknown parameters, lists of codes."""

import re

import jsonschema
import pytest

from governance.tenancy.scope import scope
from grids.areas import api as area_api
from grids.units import api as unit_api
from tests.tickets.calls import TICKETS, refused
from tests.tickets.duties.test_request_api import ADMISSIONS, CONSENTS, say, station, wish
from tests.tickets.matters import picture, walked

pytestmark = [pytest.mark.django_db]

API = "/alpha/api/v1/"
WHISTLES = API + "whistles/"
__all__ = ["station"]  # a fixture


@pytest.fixture
def schema(world, client):
    """The published description of the API."""
    return client.get(
        f"{API}schema/", headers={"Accept": "application/vnd.oai.openapi+json", "Accept-Language": "zh-CN"}
    ).json()


def operations(schema):
    return [
        (method, path, one) for path, methods in schema["paths"].items() for method, one in methods.items()
    ]


def test_every_operation_has_a_name_a_tag_and_a_chinese_summary(schema):
    named = {tag["name"] for tag in schema["tags"]}
    found = operations(schema)
    assert len({one["operationId"] for _method, _path, one in found}) == len(found)
    for method, path, one in found:
        assert set(one["tags"]) <= named, path
        assert re.search("[一-龥]", one["summary"]), path
        assert one["security"] == [{"bearer": []}], path
        assert method != "get" or one["operationId"].endswith("_retrieve") == path.endswith(("}/",)), path
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_what_is_created_has_a_shape_and_a_report_an_example(schema):
    for _method, path, one in operations(schema):
        if made := one["responses"].get("201"):
            assert "$ref" in made["content"]["application/json"]["schema"], path
    report = schema["paths"]["/{tenant}/api/v1/tickets/"]["post"]
    assert report["requestBody"]["content"]["application/json"]["examples"]
    assert report["responses"]["201"]["content"]["application/json"]["examples"]


def holds(schema, path, method, answer, status="200"):
    """Hold an answer against the shape that the documentation gives for it, without fields that it does not name."""
    assert answer.status_code == int(status), answer.content
    shape = schema["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    closed = {
        name: one | ({"unevaluatedProperties": False} if "properties" in one else {})
        for name, one in schema["components"]["schemas"].items()
    }
    check = jsonschema.Draft202012Validator(shape | {"components": {"schemas": closed}})
    assert [f"{one.json_path}: {one.message[:200]}" for one in check.iter_errors(answer.json())] == []


def test_tickets_are_as_the_documentation_says(world, call, schema):
    of = "/{tenant}/api/v1/tickets/"
    made = call.post(TICKETS, call.body(category="0102"))
    holds(schema, of, "post", made, "201")
    walked(world, ("community", "triage_minor", {"reason": "本社区可办"}))
    holds(schema, of, "get", call.get(TICKETS))
    number = made.json()["number"]
    holds(schema, of + "{number}/", "get", call.get(f"{TICKETS}{number}/"))
    holds(schema, of + "{number}/photos/", "post", call.photo(number, picture()), "201")
    holds(schema, "/{tenant}/api/v1/categories/", "get", call.get(f"{API}categories/"))


def test_whistles_are_as_the_documentation_says(world, call, schema):
    body = {"kind": "emergency", "text": "燃气泄漏", "area": world.areas["lane"].code, "units": ["water"]}
    made = call.post(WHISTLES, body, who="center")
    of = "/{tenant}/api/v1/whistles/"
    holds(schema, of, "post", made, "201")
    holds(schema, of, "get", call.get(WHISTLES, "center"))
    holds(schema, of + "{number}/", "get", call.get(f"{WHISTLES}{made.json()['number']}/", "head"))


@pytest.mark.usefixtures("station")
def test_requests_are_as_the_documentation_says(call, schema):
    for name, path, body in (("admissions", ADMISSIONS, wish()), ("consents", CONSENTS, say())):
        of = f"/{{tenant}}/api/v1/{name}/"
        holds(schema, of, "post", call.post(path, body, "head"), "201")
        holds(schema, of, "get", call.get(path, "head"))


@pytest.mark.parametrize("path", ["tickets/", "whistles/", "admissions/", "areas/", "units/", "categories/"])
def test_an_unknown_parameter_is_refused_with_the_known_ones(call, path):
    answer = call.get(f"{API}{path}?limit=1&stat=closed", "leader")
    refused(answer, 400, "invalid", "limit", "stat")
    (words,) = answer.json()["errors"]["limit"]
    assert "参数不存在" in words
    assert path == "categories/" or "cursor" in words


def test_a_detail_takes_no_parameters(call, number):
    refused(call.get(f"{TICKETS}{number}/?expand=1"), 400, "invalid", "expand")


def pages(call, path, who="clerk"):
    """All rows of a list of codes, page by page."""
    rows, following = [], ""
    while following is not None:
        answer = call.get(f"{path}{following}", who).json()
        rows += answer["results"]
        following = answer["next"] and f"&cursor={answer['next']}"
    return rows


def test_the_codes_of_areas_and_units_are_listed_by_level_and_parent(world, call, schema, monkeypatch):
    monkeypatch.setattr(area_api, "PAGE", 2)
    monkeypatch.setattr(unit_api, "PAGE", 2)
    east, lane = world.areas["east"].code, world.areas["lane"].code
    with scope(world.tenant):
        world.areas["pond"].valid_to = world.areas["pond"].valid_from
        world.areas["pond"].save()
    assert [row["code"] for row in pages(call, f"{API}areas/?parent={east}")] == [lane]
    assert len(pages(call, f"{API}areas/?level=street")) == 2
    assert {row["level"] for row in pages(call, f"{API}areas/?")} >= {"district", "street", "grid"}
    assert [row["code"] for row in pages(call, f"{API}units/?parent=water")] == ["pipes"]
    departments = pages(call, f"{API}units/?kind=department")
    assert [(row["code"], row["name"]) for row in departments] == [("water", "水务局"), ("parks", "园林局")]
    assert {row["area"] for row in pages(call, f"{API}units/?area={lane}")} == {lane}
    for name in ("areas", "units"):
        holds(schema, f"/{{tenant}}/api/v1/{name}/", "get", call.get(f"{API}{name}/"))
        refused(call.get(f"{API}{name}/?cursor=x"), 400, "bad_cursor", "cursor")
    refused(call.get(f"{API}areas/?level=planet"), 400, "unknown_choice", "level")


def test_the_codes_need_a_scope_and_stay_in_their_district(world, client, call):
    def get(path, token):
        return client.get(path, headers={"Authorization": f"Bearer {token}"})

    for name in ("areas/", "units/"):
        refused(get(API + name, call.token("clerk", ("tickets:move",))), 403, "scope")
        assert get(API + name, call.token("clerk", ("tickets:report",))).status_code == 200
        other = call.token("neighbour", tenant=world.other)
        assert get(API + name, other).status_code == 401
        theirs = {row["code"] for row in get(f"/beta/api/v1/{name}", other).json()["results"]}
        assert theirs
        assert theirs.isdisjoint(row["code"] for row in call.get(API + name).json()["results"])
