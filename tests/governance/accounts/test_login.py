"""Access: start page, log-in, lock-out, change of password, language, errors, tokens and general settings."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance.access.models import ApiToken, User
from governance.accounts.demo_accounts import DEMO_ACCOUNTS
from governance.clocks.models import CalendarYear
from governance.events.models import Event
from governance.tenancy.defaults import DEFAULTS, RANGES
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.models import Post
from tests.worlds import PASSWORD

DESK = "/alpha/desk/"
SETTINGS = DESK + "settings/"


@pytest.fixture
def as_(world, client):
    """Return a function that logs in a named member and returns the client."""

    def log_in(name):
        client.force_login(
            User.objects.get(pk=world.members[name].user_id), "governance.access.backend.LoginBackend"
        )
        return client

    return log_in


def test_the_door_shows_every_active_district(world, client):
    Tenant.objects.filter(slug="beta").update(active=False)
    page = client.get("/").content.decode()
    assert "甲区" in page
    assert "乙区" not in page
    assert 'href="/alpha/"' in page
    assert 'href="/alpha/desk/"' not in page  # staff log in below, once for all districts
    client.post("/login/", {"username": "alpha-community", "password": PASSWORD})
    assert 'href="/alpha/desk/"' in client.get("/").content.decode()
    assert client.get("/beta/").status_code == 404


def test_a_log_in_goes_where_it_was_meant_to(world, client):
    given = {"username": "alpha-community", "password": PASSWORD, "next": DESK}
    answer = client.post("/login/", given)
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    client.post("/logout/")
    assert client.get(DESK).status_code == 302
    elsewhere = client.post("/login/", {**given, "next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/"


@pytest.fixture
def operator(client, db):
    """A browser in which the platform's operator has logged in."""
    User.objects.create_user("ops", password=PASSWORD, is_operator=True)
    answer = client.post("/login/", {"username": "ops", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    return client


def test_an_operator_finds_the_own_pages_and_the_way_out_at_the_door(operator):
    page = operator.get("/").content.decode()
    assert 'href="/admin/"' in page
    assert 'action="/logout/"' in page


DISTRICT = {
    "slug": "north",
    "name": "北区",
    "code": "990200000000",
    "prefix": "NORTH",
    "zone": "Asia/Shanghai",
}


@pytest.mark.parametrize(
    "wrong", [{"slug": "East_1"}, {"slug": "login"}, {"zone": "Mars/Base"}, {"code": "9902"}]
)
def test_an_operator_adds_no_district_that_takes_its_pages_away(operator, wrong):
    answer = operator.post("/admin/governance/tenant/add/", {**DISTRICT, **wrong, "active": "on"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Tenant.objects.filter(name="北区").exists()
    assert operator.get("/").status_code == 200


def test_a_district_that_an_operator_adds_begins_like_any_other(operator):
    answer = operator.post("/admin/governance/tenant/add/", {**DISTRICT, "active": "on"})
    assert answer.status_code == 302, answer.content.decode()
    made = Tenant.objects.get(slug="north")
    with scope(made):
        assert CalendarYear.objects.filter(year=2026, published=True).exists()
    operator.post(
        f"/admin/governance/tenant/{made.pk}/change/", {**DISTRICT, "slug": "other", "name": "新北区"}
    )
    made.refresh_from_db()
    assert (made.slug, made.name, made.active) == ("north", "新北区", False)


@pytest.mark.parametrize(
    ("given", "onwards"),
    [
        ("http://testserver/alpha/desk/settings/?q=1", "/alpha/desk/settings/?q=1"),
        ("http://testserver//elsewhere.example/", DESK),
        ("https://elsewhere.example/alpha/desk/", DESK),
        ("", DESK),
    ],
)
def test_who_sent_something_after_the_session_ended_goes_back_to_the_page(world, client, given, onwards):
    answer = client.post(SETTINGS + "calendar/day/", {}, headers={"referer": given})
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/login/?" + urlencode({"next": onwards}, safe="/"),
    )


def test_an_address_that_only_takes_what_is_sent_says_so(world, as_, client):
    for method in (client.get, as_("admin").get):
        answer = method(SETTINGS + "calendar/day/")
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "<h1" in answer.content.decode()
        assert "不能这样打开" in answer.content.decode()
    answer = client.put("/alpha/api/v1/categories/")
    assert answer.status_code in {401, 403, 405}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_password_is_said_and_five_lock(world, client):
    cache.clear()
    given = {"username": "alpha-head", "password": "wrong"}
    first = client.post("/login/", given)
    assert first.status_code == 400
    assert "密码有误" in first.content.decode()
    assert 'value="alpha-head"' in first.content.decode()
    for _ in range(4):
        last = client.post("/login/", given)
    assert last.status_code == 429
    assert "暂时不能登录" in last.content.decode()
    assert client.post("/login/", {**given, "password": PASSWORD}).status_code == 429


def test_an_old_password_is_changed_first(world, client):
    User.objects.update(password_set_at=timezone.now() - timedelta(days=91))
    answer = client.post("/login/", {"username": "alpha-community", "password": PASSWORD, "next": DESK})
    assert answer["Location"].startswith("/password/?next=")
    assert client.get(DESK)["Location"].startswith("/password/")
    weak = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    )
    assert weak.status_code == 400
    new = "Reed-2026-bank"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new, "next": DESK}
    changed = client.post("/password/", given)
    assert (changed.status_code, changed["Location"]) == (302, DESK)
    assert client.get(DESK).status_code == 200


def test_the_language_is_chosen(client, db):
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert '<html lang="en"' in client.get("/login/").content.decode()


def test_errors_speak_chinese(world, client):
    for path in ("/nowhere/", "/alpha/nowhere/", "/x"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "没有找到" in answer.content.decode()


def test_a_form_without_its_token_is_explained(world):

    answer = Client(enforce_csrf_checks=True).post("/alpha/report/", {"text": "x"})
    assert answer.status_code == 403
    assert "表单未提交" in answer.content.decode()


def test_demo_accounts_are_shown_in_demo_mode_only(client, db, settings):
    assert "演示账号" not in client.get("/login/").content.decode()
    settings.DEMO, settings.DEMO_PASSWORD = True, "Demo-pass-2026"
    page = client.get("/login/").content.decode()
    assert "演示账号" in page
    assert "Demo-pass-2026" in page


PAGES = [
    "",
    "calendar/",
    "calendar/?year=2026",
    "tokens/",
    "levels/",
    "categories/",
    "categories/0101/",
    "people/",
]


@pytest.mark.parametrize("path", PAGES)
def test_settings_open_for_the_administrator_alone(world, as_, path):
    assert as_("admin").get(SETTINGS + path).status_code == 200
    assert as_("community").get(SETTINGS + path).status_code == 403
    assert as_("neighbour_admin").get(SETTINGS + path).status_code == 404


GENERAL = {
    **{name: str(DEFAULTS[name]) for name, bounds in RANGES.items() if bounds},
    **{name: "on" for name, bounds in RANGES.items() if bounds is None and DEFAULTS[name]},
    "sampling_percent": "25",
}


def test_a_general_setting_is_changed_and_written_down(world, as_):
    before = Tenant.objects.get(slug="alpha").config_version
    assert as_("admin").post(SETTINGS, GENERAL).status_code == 302
    after = Tenant.objects.get(slug="alpha")
    assert (after.setting("sampling_percent"), after.config_version) == (25, before + 1)
    with scope(world.tenant):
        assert Event.objects.get(kind="settings.changed").facts == {"sampling_percent": 25}


def test_a_setting_out_of_range_is_named(world, as_):
    answer = as_("admin").post(SETTINGS, {**GENERAL, "sampling_percent": "130"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "抽查比例" in page
    assert 'value="130"' in page
    assert Tenant.objects.get(slug="alpha").setting("sampling_percent") == 10


def post_in_the_centre(world):
    """Give the administrator a post with which a token can do something."""
    with scope(world.tenant):
        given = {
            "unit": world.units["county_center"],
            "role": "county_center",
            "valid_from": date(2026, 1, 1),
        }
        Post.objects.create(member=world.members["admin"], **given)


def test_an_administrator_without_such_a_post_is_led_to_service_accounts(world, as_):
    page = as_("admin").get(SETTINGS + "tokens/").content.decode()
    assert "/alpha/desk/settings/services/" in page
    assert 'name="scopes"' not in page
    given = {"name": "热线对接", "scopes": ["tickets:report"], "days": "30"}
    assert as_("admin").post(SETTINGS + "tokens/", given).status_code == 400
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_revoked(world, as_):
    post_in_the_centre(world)
    client = as_("admin")
    given = {"name": "热线对接", "scopes": ["tickets:report"], "days": "30"}
    issued = client.post(SETTINGS + "tokens/", given).content.decode()
    assert "gov_" in issued
    page = client.get(SETTINGS + "tokens/").content.decode()
    assert "热线对接" in page
    assert "gov_" not in page
    token = ApiToken.objects.get()
    assert client.post(f"{SETTINGS}tokens/{token.pk}/revoke/").status_code == 302
    assert not ApiToken.objects.get().is_good(timezone.now())
    assert client.post(SETTINGS + "tokens/", {**given, "days": "0"}).status_code == 400
    assert as_("neighbour_admin").post(f"/beta/desk/settings/tokens/{token.pk}/revoke/").status_code == 404
    with scope(world.tenant):
        kinds = Event.objects.filter(kind__startswith="token").order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["token.issued", "token.revoked"]


def test_a_token_is_issued_in_the_own_name_only(world, as_):
    given = {
        "name": "借名",
        "member": world.members["community"].pk,
        "scopes": ["tickets:move"],
        "days": "30",
    }
    post_in_the_centre(world)
    as_("admin").post(SETTINGS + "tokens/", given)
    assert ApiToken.objects.get().user_id == world.members["admin"].user_id
    assert "孙社区" not in as_("admin").get(SETTINGS + "tokens/").content.decode()


def test_demo_accounts_are_named_as_their_posts_are(world, client, settings):
    settings.DEMO, settings.DEMO_PASSWORD = True, "x"
    page = client.get("/login/").content.decode()
    assert {"网格员", "街道指挥中心", "区县运行中心"} < {str(role) for _name, role, _english in DEMO_ACCOUNTS}
    assert all(f"<code>{name}</code> {role}" in page for name, role, _english in DEMO_ACCOUNTS)


def log_in(client, **more):
    """Log in without a `next` address; returns the address of the redirect."""
    given = {"username": "alpha-community", "password": PASSWORD, **more}
    return client.post("/login/", given)["Location"]


def test_a_log_in_leads_to_the_desk_that_the_browser_was_on_last(world, client):
    assert log_in(client) == "/"  # a member of two districts, no desk in the cookie
    assert client.get(DESK).cookies["desk"].value == "alpha"
    assert "desk" not in client.get(DESK).cookies  # the cookie is set only once
    client.post("/logout/")
    assert log_in(client) == DESK


@pytest.mark.parametrize("noted", ["beta", "no-such", "../x", "", "a b"])
def test_a_noted_desk_that_is_not_ones_own_leads_to_the_door(world, client, noted):
    client.cookies["desk"] = noted
    assert log_in(client) == "/"


def test_a_desk_that_refuses_is_not_noted(world, client):
    log_in(client)
    assert client.get("/beta/desk/").status_code == 404
    assert "desk" not in client.cookies
