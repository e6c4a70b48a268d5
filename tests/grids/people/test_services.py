"""Service accounts: made on a page, working by token only, in their own name, and only with what their post gives."""

import re

import pytest
from django.utils import timezone

from governance.access.backend import LoginBackend
from governance.access.models import ApiToken, Member, User
from governance.access.permissions import GRANTS, TOKEN_SCOPES, Role
from governance.accounts import actions as account_actions
from governance.errors import Conflict, Forbidden, Invalid
from governance.events.models import Event
from governance.tenancy import gaps
from governance.tenancy.scope import scope
from grids.models import Post
from grids.people import actions, services
from grids.people import queries as people_queries
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
PAGE = "/alpha/desk/settings/services/"
API = "/alpha/api/v1/"
BACKEND = "governance.access.backend.LoginBackend"


@pytest.fixture
def admin(world, client):
    client.force_login(world.members["admin"].user, BACKEND)
    return client


def form(**more):
    return {
        "name": "12345热线系统",
        "purpose": "热线转办",
        "unit": "county_center",
        "scopes": ["tickets:read", "tickets:report"],
        "days": "90",
        **more,
    }


def made(admin, role="clerk", **more):
    """Add an account on the page; returns its token."""
    page = admin.post(f"{PAGE}?role={role}", form(**more)).content.decode()
    return re.search(r"gov_[\w-]+", page)[0]


def of(token):
    return {"Authorization": f"Bearer {token}"}


def test_only_scopes_that_the_post_can_use_are_offered(admin):
    page = admin.get(f"{PAGE}?role=clerk").content.decode()
    offered = set(re.findall(r'name="scopes" value="([\w:]+)"', page))
    assert offered == {name for name, can in TOKEN_SCOPES.items() if can & GRANTS[Role.CLERK]}
    assert "duties:decide" not in offered
    assert 'value="tenant_admin"' not in page
    assert 'name="scopes"' not in admin.get(f"{PAGE}?role=tenant_admin").content.decode()
    refused = admin.post(f"{PAGE}?role=clerk", form(scopes=["duties:decide"]))
    assert refused.status_code == 400
    assert not User.objects.filter(is_service=True).exists()


def test_the_token_is_shown_once_with_a_call_that_works(world, admin):
    page = admin.post(f"{PAGE}?role=clerk", form()).content.decode()
    call = re.search(
        r"curl -s -H &quot;Authorization: Bearer (gov_[\w-]+)&quot; &quot;http://[^/]+(/\S+?)&quot;", page
    )
    assert admin.get(call[2], headers=of(call[1])).status_code == 200
    later = admin.get(PAGE).content.decode()
    assert "12345热线系统" in later
    assert call[1] not in later
    with scope(world.tenant):
        kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["person.added", "person.posted", "token.issued"]


def test_its_acts_are_in_its_own_name(world, admin):
    token = made(admin)
    body = {"client_id": "0d0c9f0e-5b7e-4f0c-9d5e-2f6a1f6b7c11", "text": "井盖缺失", "area": "990101001001"}
    answer = admin.post(f"{API}tickets/", body, content_type="application/json", headers=of(token))
    assert answer.status_code == 201, answer.content.decode()
    with scope(world.tenant):
        member = Member.objects.get(name="12345热线系统")
        event = Event.objects.filter(subject_type="tickets.ticket").earliest("pk")
        assert (event.actor_kind, event.actor_id) == ("token", member.pk)
    admin.force_login(world.members["county"].user, BACKEND)
    number = answer.json()["number"]
    assert "12345热线系统" in admin.get(f"/alpha/desk/tickets/{number}/").content.decode()


def test_it_cannot_log_in_even_with_a_password(world, admin, client):
    made(admin)
    user = User.objects.get(is_service=True)
    assert not user.has_usable_password()
    user.set_password("Reed-2026-bank")
    user.save()
    client.logout()
    client.post("/login/", {"username": user.username, "password": "Reed-2026-bank"})
    assert client.get("/alpha/desk/").status_code == 302
    found = LoginBackend().authenticate(None, username=user.username, password="Reed-2026-bank")
    assert found is None


def test_nobody_gives_it_a_password(world, admin):
    made(admin)
    with scope(world.tenant):
        member, by = Member.objects.get(user__is_service=True), world.actor("admin")
        assert member not in actions.without_password()
        with pytest.raises(Conflict):
            actions.reset_password(member, by=by, at=timezone.now())
        assert member.user.username not in {row[0] for row in actions.give_first_passwords()}


def test_switched_off_it_can_do_nothing(world, admin):
    token = made(admin)
    assert admin.get(f"{API}tickets/", headers=of(token)).status_code == 200
    with scope(world.tenant):
        pk = Member.objects.get(user__is_service=True).pk
    assert admin.post(f"{PAGE}{pk}/off/").status_code == 302
    assert admin.get(f"{API}tickets/", headers=of(token)).status_code == 401
    assert "已停用或过期" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}{world.members['worker'].pk}/off/").status_code == 404


def test_it_reaches_no_other_district_and_no_page(world, admin, client):
    token = made(admin)
    client.logout()
    assert client.get("/beta/api/v1/tickets/", headers=of(token)).status_code == 401
    assert client.get("/alpha/desk/", headers=of(token)).status_code in {302, 401, 403}
    client.force_login(world.members["neighbour_admin"].user, BACKEND)
    assert "12345热线系统" not in client.get("/beta/desk/settings/services/").content.decode()
    with scope(world.tenant):
        pk = Member.objects.get(user__is_service=True).pk
    assert client.post(f"/beta/desk/settings/services/{pk}/off/").status_code == 404
    assert client.post(f"{PAGE}?role=clerk", form(name="x")).status_code in {403, 404}
    assert ApiToken.objects.count() == 1


def test_only_an_administrator_adds_one(world):
    given = {"purpose": "x", "role": "clerk", "scopes": ["tickets:read"], "days": 9, "at": timezone.now()}
    with scope(world.tenant):
        unit = world.units["county_center"]
        for who in ("county", "leader", "street"):
            with pytest.raises(Forbidden):
                services.add_service(name="a", unit=unit, by=world.actor(who), **given)
        with pytest.raises(Conflict):
            services.add_service(name="王网格", unit=unit, by=world.actor("admin"), **given)
        with pytest.raises(Invalid):
            services.add_service(name="a", unit=unit, by=world.actor("admin"), **given | {"scopes": []})
        with pytest.raises(Forbidden):
            account_actions.issue_service_token(
                world.members["county"],
                name="x",
                scopes=[],
                days=1,
                by=world.actor("admin"),
                at=timezone.now(),
            )
        assert not Ticket.objects.exists()


def test_it_does_not_count_as_staff(world, admin):
    with scope(world.tenant):
        Post.objects.filter(unit=world.units["parks"]).delete()
    made(admin, role="unit_head", unit="parks", scopes=["tickets:read"])
    with scope(world.tenant):
        found = {str(gap.title): gap for gap in gaps.run_checks(timezone.now())}
    assert "园林局" in found["无人在岗的单位"].names


def test_no_notice_and_no_work_goes_to_a_service(world, admin):
    made(admin)
    with scope(world.tenant):
        pk = Member.objects.get(user__is_service=True).pk
        post = Post.objects.get(member=pk)
        assert pk not in people_queries.receivers([post.unit_id], timezone.now())
        assert pk not in {member for _unit, member in people_queries.staff([post.unit_id], timezone.now())}
        assert pk not in people_queries.posted_over(post.unit.area.path, post.role, timezone.now())
