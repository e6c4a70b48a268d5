"""People and posts on the settings pages."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.access import passwords
from governance.access.models import Member, User
from governance.errors import Conflict, Forbidden
from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from grids.models import Post
from grids.people import actions as people_actions
from grids.people import records
from grids.people.subscribers import tell_of_a_post
from grids.tree import local_day
from tests.pages import folded
from tests.worlds import PASSWORD

URL = "/alpha/desk/settings/people/"


@pytest.fixture
def admin(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    return client


def test_a_person_joins_and_must_change_the_initial_password(world, admin, client):
    answer = admin.post(URL, {"username": "alpha-new", "name": "新同志", "phone": "139 0000 0000"})
    password = re.search(r'class="secret number">([^<]+)<', folded(answer))[1]
    assert password not in folded(admin.get(URL))
    client.logout()
    entered = client.post("/login/", {"username": "alpha-new", "password": password})
    assert entered["Location"].startswith("/password/")


def test_a_person_is_found_by_the_initials_of_the_name(world, admin):
    page = folded(admin.get(URL + "?q=ssq"))
    assert "孙社区" in page
    assert "王网格" not in page


def test_a_person_is_found_by_name(world, admin):
    page = folded(admin.get(URL + "?q=孙"))
    assert "孙社区" in page
    assert "王网格" not in page


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"username": "坏 名", "name": "某人"}, 400, "登录名"),
        ({"username": "alpha-worker", "name": "某人"}, 409, "该登录名不能使用"),
        ({"username": "alpha-x", "name": ""}, 400, "姓名"),
        ({"username": "alpha-x", "name": "某人", "phone": "abc"}, 400, "电话应为"),
    ],
)
def test_wrong_input_is_named_and_kept(world, admin, given, status, words):
    answer = admin.post(URL, given)
    page = folded(answer)
    assert answer.status_code == status
    assert words in page
    assert given["username"] in page
    with scope(world.tenant):
        assert not Member.objects.filter(name="某人").exists()


def test_a_taken_log_in_gets_the_same_answer_wherever_it_is_taken(world, admin):
    User.objects.create_user("left-long-ago")
    answers = {}
    for username in ("alpha-worker", "ALPHA-Worker", "beta-county", "left-long-ago"):
        answer = admin.post(URL, {"username": username, "name": "某人"})
        refusal = re.findall(r"[^>]*不能使用[^<]*", folded(answer))
        answers[username] = answer.status_code, *refusal
    assert len(set(answers.values())) == 1
    with scope(world.tenant):
        assert not Member.objects.filter(name="某人").exists()


def test_a_post_is_given_and_ended(world, admin):
    member = world.members["nobody"]
    page = f"{URL}{member.pk}/"
    given = {
        "unit": "lane_grids",
        "role": "grid_worker",
        "since": timezone.localdate().isoformat(),
        "areas": world.areas["lane_grid"].code,
    }
    assert admin.post(page, {**given, "areas": "123"}).status_code == 400
    early = admin.post(page, {**given, "since": "2026-01-01"})
    assert (early.status_code, "任职日期不能早于今天" in folded(early)) == (400, True)
    assert admin.post(page, given).status_code == 302
    assert "里巷社区网格" in folded(admin.get(page))
    with scope(world.tenant):
        post = Post.objects.get(member=member)
    assert admin.post(f"{URL}posts/{post.pk}/relieve/").status_code == 302
    assert admin.post(f"{URL}posts/{post.pk}/relieve/").status_code == 404
    with scope(world.tenant):
        kinds = Event.objects.filter(subject_type="governance.member", subject_id=member.pk).order_by("seq")
        assert list(kinds.values_list("kind", flat=True)) == ["person.posted", "person.relieved"]
        assert Post.objects.get(pk=post.pk).valid_to is not None


def test_a_reset_password_is_shown_once_and_must_be_changed(world, admin, client):
    member = world.members["community"]
    answer = admin.post(f"{URL}{member.pk}/password/")
    password = re.search(r'class="secret number">([^<]+)<', folded(answer))[1]
    assert answer["Cache-Control"] == "no-store"
    assert password not in folded(admin.get(f"{URL}{member.pk}/"))
    client.logout()
    old = client.post("/login/", {"username": "alpha-community", "password": PASSWORD})
    assert old.status_code == 400
    entered = client.post("/login/", {"username": "alpha-community", "password": password})
    assert entered["Location"].startswith("/password/")
    with scope(world.tenant):
        event = Event.objects.get(kind="person.password_reset")
        assert event.subject_id == member.pk
        assert password not in str(event.facts)


def test_a_log_in_that_is_not_this_districts_alone_is_not_reset(world, admin):
    shared, operator = world.members["head"], world.members["clerk"]
    with scope(world.other):
        records.add_member(username="alpha-head", name="兼职")
    User.objects.filter(pk=operator.user_id).update(is_operator=True)
    for member in (shared, operator):
        before = User.objects.get(pk=member.user_id).password
        answer = admin.post(f"{URL}{member.pk}/password/")
        assert answer.status_code == 403
        assert "平台运维" in folded(answer)
        assert User.objects.get(pk=member.user_id).password == before
    assert admin.post(f"{URL}{world.members['neighbour'].pk}/password/").status_code == 404


def test_a_person_is_switched_off_and_on(world, admin, client):
    member = world.members["community"]
    url = f"{URL}{member.pk}/active/"
    assert admin.post(url, {"active": "0"}).status_code == 302
    assert admin.post(url, {"active": "0"}).status_code == 302
    page = folded(admin.get(f"{URL}{member.pk}/"))
    assert "离岗" in page
    assert "重置密码" not in page
    assert admin.post(f"{URL}{member.pk}/password/").status_code == 409
    worker = Client()
    worker.force_login(User.objects.get(pk=member.user_id), "governance.access.backend.LoginBackend")
    assert worker.get("/alpha/desk/").status_code == 404
    assert admin.post(url, {"active": "1"}).status_code == 302
    assert worker.get("/alpha/desk/").status_code == 200
    assert worker.post(url, {"active": "0"}).status_code == 403
    with scope(world.tenant):
        kinds = Event.objects.filter(subject_type="governance.member", subject_id=member.pk).order_by("seq")
        assert list(kinds.values_list("kind", flat=True)) == ["person.left", "person.back"]


def test_nobody_switches_off_themselves(world, admin):
    member = world.members["admin"]
    assert admin.post(f"{URL}{member.pk}/active/", {"active": "0"}).status_code == 409
    assert admin.get(URL).status_code == 200


def test_first_passwords_must_be_changed(world):
    with scope(world.tenant):
        records.add_member(username="alpha-late", name="新来")
        ((username, _name, password),) = people_actions.give_first_passwords()
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert passwords.expired(user, timezone.now())


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


def test_an_administrator_does_not_end_the_last_own_post(walk):
    by, at = walk.actor("admin"), timezone.now()
    post = Post.objects.get(member=walk.members["admin"], role="tenant_admin")
    with pytest.raises(Conflict) as error:
        people_actions.relieve_person(post.pk, until=local_day(at), by=by, at=at)
    assert error.value.code == "own_account"
    people_actions.post_person(
        post.member, walk.units["water"], "tenant_admin", since=local_day(at), by=walk.system, at=at
    )
    people_actions.relieve_person(post.pk, until=local_day(at), by=by, at=at)


def test_an_administrator_does_not_change_the_own_posts(walk):
    by, at = walk.actor("admin"), timezone.now()
    post = Post.objects.get(member=walk.members["admin"], role="tenant_admin")
    given = {"since": local_day(at), "by": by, "at": at}
    with pytest.raises(Forbidden):
        people_actions.post_person(post.member, walk.units["county_center"], "county_center", **given)
    with pytest.raises(Forbidden):
        people_actions.cover(post, [walk.areas["lane"]], by=by, at=at)
    other = people_actions.post_person(walk.members["clerk"], post.unit, "tenant_admin", **given)
    second = {**given, "by": walk.actor("clerk", at)}
    made = people_actions.post_person(post.member, walk.units["county_center"], "county_center", **second)
    assert (other.role, made.role) == ("tenant_admin", "county_center")
    event = Event.objects.filter(kind="person.posted").latest("id")
    tell_of_a_post(event)
    assert Notice.objects.get(kind="person.posted").member_id == post.member_id


def test_an_administrator_goes_once_somebody_else_holds_the_same(walk):
    by, at = walk.actor("admin"), timezone.now()
    post = Post.objects.get(member=walk.members["admin"], role="tenant_admin")
    given = {"since": local_day(at), "by": by, "at": at}
    other = people_actions.post_person(walk.members["clerk"], post.unit, "tenant_admin", **given)
    people_actions.leave(other.member, by=by, at=at)
    with pytest.raises(Conflict):
        people_actions.relieve_person(post.pk, until=local_day(at), by=by, at=at)
    people_actions.come_back(other.member, by=by, at=at)
    assert people_actions.relieve_person(post.pk, until=local_day(at), by=by, at=at).valid_to == local_day(at)


def test_a_name_and_a_telephone_are_put_right(world, admin):
    member = world.members["worker"]
    url = f"{URL}{member.pk}/change/"
    with scope(world.tenant):
        Member.objects.filter(pk=member.pk).update(phone="13900001234")
    assert "139****1234" in folded(admin.get(f"{URL}{member.pk}/"))
    assert admin.post(url, {"known-name": "", "known-phone": ""}).status_code == 400
    wrong = admin.post(url, {"known-name": "王网格", "known-phone": "abc"})
    assert "电话应为" in folded(wrong)
    assert wrong.status_code == 400
    assert admin.post(url, {"known-name": "王网各", "known-phone": ""}).status_code == 302
    assert admin.post(url, {"known-name": "王网各", "known-phone": "１３８ 0000 5678"}).status_code == 302
    with scope(world.tenant):
        kept = Member.objects.get(pk=member.pk)
        assert (kept.name, kept.phone) == ("王网各", "13800005678")
        facts = Event.objects.filter(kind="person.changed").order_by("seq").values_list("facts", flat=True)
        assert list(facts) == [{"changed": ["name"]}, {"changed": ["phone"]}]


def test_all_who_came_by_a_list_are_given_a_password_at_once(world, admin, client):
    with scope(world.tenant):
        for number in (1, 2):
            records.add_member(username=f"alpha-list-{number}", name=f"新人{number}")
        records.add_member(username="beta-too", name="兼职")
    with scope(world.other):
        records.add_member(username="beta-too", name="兼职")
    assert "有 3 人未设初始密码" in folded(admin.get(URL))
    sheet = admin.post(f"{URL}passwords/")
    assert "接着生成其余 1 人的" in folded(sheet)
    found = re.findall(r'class="secret number">([^<]+)<', folded(sheet))
    assert sheet["Cache-Control"] == "no-store"
    assert len(found) == 2
    assert "有 1 人未设初始密码" in folded(admin.get(URL))
    client.logout()
    entered = client.post("/login/", {"username": "alpha-list-1", "password": found[0]})
    assert entered["Location"].startswith("/password/")


def test_a_post_that_begins_later_is_not_in_office(world, admin):
    """On the pages of the unit, the units, the person and the people."""
    with scope(world.tenant):
        soon = local_day(timezone.now()) + timedelta(days=7)
        Post.objects.filter(member=world.members["head"]).update(valid_from=soon)
        Post.objects.filter(unit=world.units["water"]).exclude(member=world.members["head"]).delete()
    begins = f"{soon.month}月{soon.day}日"
    unit = folded(admin.get("/alpha/desk/settings/units/water/"))
    assert "现在无人任职" in unit
    person = folded(admin.get(f"{URL}{world.members['head'].pk}/"))
    assert "在任" not in person
    for page in (unit, person, folded(admin.get(f"{URL}?q=alpha-head"))):
        assert begins in page
        assert "起任职" in page
    assert re.search(
        r"水务局.*?<td[^>]*>\s*0\s*</td>", folded(admin.get("/alpha/desk/settings/units/?q=water"))
    )


def test_an_administrator_to_come_does_not_let_the_last_one_go(world):
    with scope(world.tenant):
        by = world.actor("admin", timezone.now())
        post = Post.objects.get(member=world.members["admin"], role="tenant_admin")
        soon = local_day(timezone.now()) + timedelta(days=7)
        records.appoint(world.members["head"], post.unit, "tenant_admin", since=soon)
        with pytest.raises(Conflict):
            people_actions.relieve_person(post.pk, until=local_day(timezone.now()), by=by, at=timezone.now())
