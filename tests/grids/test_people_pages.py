"""People and posts on the settings pages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.access.models import Member, User
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Post

URL = "/alpha/desk/settings/people/"


@pytest.fixture
def admin(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    return client


def test_a_person_joins_and_must_change_the_initial_password(world, admin, client):
    answer = admin.post(URL, {"username": "alpha-new", "name": "新同志", "phone": "139 0000 0000"})
    password = re.search(r'class="secret number">([^<]+)<', answer.content.decode())[1]
    assert password not in admin.get(URL).content.decode()
    client.logout()
    entered = client.post("/login/", {"username": "alpha-new", "password": password})
    assert entered["Location"].startswith("/password/")


def test_a_person_is_found_by_name(world, admin):
    page = admin.get(URL + "?q=孙").content.decode()
    assert "孙社区" in page
    assert "王网格" not in page


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"username": "坏 名", "name": "某人"}, 400, "登录名"),
        ({"username": "alpha-worker", "name": "某人"}, 409, "已是本区县人员"),
        ({"username": "alpha-x", "name": ""}, 400, "姓名"),
        ({"username": "alpha-x", "name": "某人", "phone": "abc"}, 400, "电话应为"),
    ],
)
def test_wrong_input_is_named_and_kept(world, admin, given, status, words):
    answer = admin.post(URL, given)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert given["username"] in page
    with scope(world.tenant):
        assert not Member.objects.filter(name="某人").exists()


def test_a_post_is_given_and_ended(world, admin):
    member = world.members["nobody"]
    page = f"{URL}{member.pk}/"
    given = {
        "unit": "lane_grids",
        "role": "grid_worker",
        "since": "2026-01-01",
        "areas": world.areas["lane_grid"].code,
    }
    assert admin.post(page, {**given, "areas": "123"}).status_code == 400
    assert admin.post(page, given).status_code == 302
    assert "里巷社区网格" in admin.get(page).content.decode()
    with scope(world.tenant):
        post = Post.objects.get(member=member)
    assert admin.post(f"{URL}posts/{post.pk}/relieve/").status_code == 302
    assert admin.post(f"{URL}posts/{post.pk}/relieve/").status_code == 404
    with scope(world.tenant):
        kinds = Event.objects.filter(subject_type="governance.member", subject_id=member.pk).order_by("seq")
        assert list(kinds.values_list("kind", flat=True)) == ["person.posted", "person.relieved"]
        assert Post.objects.get(pk=post.pk).valid_to is not None


def test_statements_do_not_grow_with_people(world, admin):
    admin.get(URL)
    with CaptureQueriesContext(connection) as few:
        admin.get(URL)
    for n in range(3):
        admin.post(URL, {"username": f"alpha-more{n}", "name": f"同志{n}"})
    with CaptureQueriesContext(connection) as more:
        admin.get(URL)
    assert len(more) == len(few)


def test_nobody_of_another_district_is_shown(world, admin):
    assert admin.get(f"{URL}{world.members['neighbour'].pk}/").status_code == 404
