"""Admissions (工作准入) and consents about stationed heads over REST: the pages' rules, stable codes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.access.models import User
from governance.accounts import actions as account_actions
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.units import records as unit_records
from tests.tickets.calls import ALL, refused, stored
from tickets.models import HeadConsent, WorkAdmission

pytestmark = [pytest.mark.django_db]

ADMISSIONS, CONSENTS = "/alpha/api/v1/admissions/", "/alpha/api/v1/consents/"


def wish(**more):
    today = timezone.localdate()
    given = {"unit": "water", "name": "管道巡查", "category": "0102", "onto_kind": "street_office"}
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=9)).isoformat()}
    return {**given, **days, "reason": "汛期", "budget": "2000.50", "budget_source": "防汛专项", **more}


@pytest.fixture
def station(world):
    with scope(world.tenant):
        given = {"area": world.areas["east"], "parent": world.units["water"]}
        return unit_records.add_unit(kind="stationed_agency", code="station", name="东街道水务所", **given)


def say(**more):
    given = {"asked_unit": "water", "unit": "station", "person": "马所长", "what": "appoint"}
    return {**given, "reason": "轮岗", **more}


def test_a_department_asks_and_the_leader_admits(call):
    made = call.post(ADMISSIONS, wish(), "head")
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["state"], one["budget"], one["unit"], one["category"]) == ("asked", 2000.5, "water", "0102")
    assert (one["may_decide"], one["decided_at"]) == (False, None)
    path = f"{ADMISSIONS}{one['id']}/"
    assert call.get(path, "leader").json()["may_decide"] is True
    listed = call.get(f"{ADMISSIONS}?state=asked", "leader").json()
    assert [row["id"] for row in listed["results"]] == [one["id"]]
    assert listed["next"] is None
    done = call.post(f"{path}decide/", {"verdict": "approve", "answer": "同意"}, "leader")
    assert (done.status_code, done.json()["state"], done.json()["answer"]) == (200, "approved", "同意")
    assert done.json()["may_decide"] is False
    assert call.get(f"{ADMISSIONS}?state=asked", "leader").json()["results"] == []
    refused(call.post(f"{path}decide/", {"verdict": "refuse", "answer": "不"}, "leader"), 409, "decided")


@pytest.mark.parametrize(
    ("who", "body", "status", "code", "fields"),
    [
        ("head", {"unit": "parks"}, 403, "forbidden", []),
        ("member", {}, 403, "forbidden", []),
        ("county", {}, 403, "forbidden", []),
        ("head", {"category": "9999"}, 400, "unknown_category", ["category"]),
        ("head", {"unit": "nowhere"}, 400, "unknown_unit", ["unit"]),
        ("head", {"onto_kind": ""}, 400, "required", ["onto_kind"]),
        ("head", {"onto_kind": "", "onto": ["parks"]}, 400, "not_below", ["onto"]),
        ("head", {"budget_source": ""}, 400, "required", ["budget_source"]),
        ("head", {"budget": "-1"}, 400, "invalid", ["budget"]),
        ("head", {"valid_until": "2020-01-01"}, 400, "date_order", ["valid_until"]),
        ("head", {"valid_until": "tomorrow", "name": ""}, 400, "invalid", ["name", "valid_until"]),
        ("head", {"reason": "\x00"}, 400, "invalid", ["reason"]),
    ],
)
def test_what_does_not_hold_is_named_and_nothing_is_kept(call, world, who, body, status, code, fields):
    call.headers(who)
    before = stored(world)
    refused(call.post(ADMISSIONS, wish(**body), who), status, code, *fields)
    assert stored(world) == before


def test_an_admission_may_name_units(call, world):
    one = call.post(ADMISSIONS, wish(onto_kind="", onto=["east_office", "east_office"]), "head").json()
    assert one["onto"] == ["east_office"]


def test_who_has_nothing_to_do_with_admissions_neither_reads_nor_decides(call):
    one = call.post(ADMISSIONS, wish(), "head").json()
    path = f"{ADMISSIONS}{one['id']}/"
    for who in ("worker", "clerk", "member"):
        refused(call.get(path, who), 403, "forbidden")
        refused(call.get(ADMISSIONS, who), 403, "forbidden")
    for who in ("head", "center"):
        refused(call.post(f"{path}decide/", {"verdict": "approve"}, who), 403, "forbidden")
    refused(call.post(f"{path}decide/", {"verdict": "refuse"}, "leader"), 400, "required", "answer")
    refused(call.post(f"{path}decide/", {"verdict": "perhaps"}, "leader"), 400, "invalid", "verdict")
    refused(call.get(f"{ADMISSIONS}?state=lost", "leader"), 400, "unknown_choice", "state")
    refused(call.get(f"{ADMISSIONS}?cursor=x", "leader"), 400, "bad_cursor", "cursor")
    refused(call.get(f"{ADMISSIONS}999999/", "leader"), 404, "not_found")


def test_a_list_goes_on_after_fifty(call, world):
    call.post(ADMISSIONS, wish(), "head")
    with scope(world.tenant):
        first = WorkAdmission.objects.get()
        for n in range(51):
            first.pk, first.name = None, f"巡查{n}"
            first.save(force_insert=True)
    one = call.get(ADMISSIONS, "leader").json()
    two = call.get(f"{ADMISSIONS}?cursor={one['next']}", "leader").json()
    ids = [row["id"] for page in (one, two) for row in page["results"]]
    assert (len(one["results"]), len(two["results"]), len(set(ids))) == (50, 2, 52)
    assert ids == sorted(ids, reverse=True)
    assert two["next"] is None


def test_the_street_is_asked_and_answers(call, world, station):
    made = call.post(CONSENTS, say(), "head")
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["street"], one["state"], one["may_decide"]) == ("east_center", "asked", False)
    refused(call.post(CONSENTS, say(), "head"), 409, "asked_already", "person")
    path = f"{CONSENTS}{one['id']}/"
    assert call.get(path, "center").json()["may_decide"] is True
    assert call.get(path, "county").json()["may_decide"] is False
    refused(call.post(f"{path}decide/", {"verdict": "agree"}, "center"), 400, "invalid", "answer")
    done = call.post(f"{path}decide/", {"verdict": "refuse", "answer": "与街道工作不熟"}, "center")
    assert (done.status_code, done.json()["state"]) == (200, "refused")
    again = {"verdict": "agree", "answer": "改主意了"}
    refused(call.post(f"{path}decide/", again, "center"), 409, "decided")
    with scope(world.tenant):
        assert HeadConsent.objects.get().answer == "与街道工作不熟"
        assert "马所长" not in str([event.facts for event in Event.objects.all()])


@pytest.mark.parametrize(
    ("who", "body", "status", "code", "fields"),
    [
        ("parks_head", {"asked_unit": "parks"}, 400, "not_yours", ["unit"]),
        ("parks_head", {}, 403, "forbidden", []),
        ("center", {}, 403, "forbidden", []),
        ("head", {"unit": "east_office"}, 400, "not_stationed", ["unit"]),
        ("head", {"what": "praise"}, 400, "invalid", ["what"]),
        ("head", {"person": " "}, 400, "invalid", ["person"]),
    ],
)
def test_a_say_is_asked_only_about_ones_own_agency(call, world, station, who, body, status, code, fields):
    call.headers(who)
    before = stored(world)
    refused(call.post(CONSENTS, say(**body), who), status, code, *fields)
    assert stored(world) == before


def test_a_head_is_nobody_elses_business(call, world, station):
    path = f"{CONSENTS}{call.post(CONSENTS, say(), 'head').json()['id']}/"
    for who in ("west_center", "parks_head"):
        refused(call.get(path, who), 404, "not_found")
        assert call.get(CONSENTS, who).json()["results"] == []
    refused(call.get(CONSENTS, "worker"), 403, "forbidden")
    refused(
        call.post(f"{path}decide/", {"verdict": "agree", "answer": "好"}, "west_center"), 404, "not_found"
    )
    for who in ("head", "county"):
        answer = call.post(f"{path}decide/", {"verdict": "agree", "answer": "好"}, who)
        refused(answer, 403, "forbidden")


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [((), 403, 403), (("tickets:read",), 200, 403), (("tickets:report",), 403, 403), (ALL, 200, 201)],
)
def test_a_token_reads_and_asks_no_more_than_its_scopes(call, station, scopes, reads, writes):
    call.kept["head"] = call.token("head", scopes)
    for path, body in ((ADMISSIONS, wish()), (CONSENTS, say())):
        assert call.get(path, "head").status_code == reads
        assert call.post(path, body, "head").status_code == writes


def test_another_district_has_its_own(call, world, station):
    ids = {
        path: call.post(path, body, "head").json()["id"]
        for path, body in ((ADMISSIONS, wish()), (CONSENTS, say()))
    }
    user = User.objects.get(pk=world.members["neighbour"].user_id)
    token = account_actions.create_token(user, world.other, name="n", scopes=list(ALL), at=timezone.now())
    headers = {"Authorization": f"Bearer {token}"}
    for path, pk in ids.items():
        theirs = path.replace("alpha", "beta")
        assert call.client.get(f"{path}{pk}/", headers=headers).status_code == 401
        assert call.client.get(theirs, headers=headers).json()["results"] == []
        refused(call.client.get(f"{theirs}{pk}/", headers=headers), 404, "not_found")


def test_the_schema_names_both(client, world):
    found = client.get("/alpha/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    for name, shape in (("admissions", "AdmissionVerdictIn"), ("consents", "ConsentVerdictIn")):
        path = found["paths"][f"/{{tenant}}/api/v1/{name}/{{id}}/decide/"]["post"]
        body = path["requestBody"]["content"]["application/json"]["schema"]
        assert body["$ref"].endswith(shape)
        assert {"200", "409"} <= set(path["responses"])
