"""Service levels and categories on the settings pages."""

import re

import pytest

from governance.access.models import User
from governance.clocks.models import Purpose
from governance.events.models import Event
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.web import menus
from tickets.catalog.service_levels import policy_of
from tickets.models import Category, ServiceLevel

URL = "/alpha/desk/settings/"


@pytest.fixture
def admin(world, client):
    client.force_login(
        User.objects.get(pk=world.members["admin"].user_id), "governance.access.backend.LoginBackend"
    )
    return client


def test_a_level_is_changed_for_what_begins_later(world, admin):
    given = {"purpose": "resolve", "tier": "ordinary", "category": "0102", "budget": "3", "unit": "workdays"}
    assert admin.post(URL + "levels/", given).status_code == 302
    tenant = Tenant.objects.get(slug="alpha")
    with scope(tenant):
        level = ServiceLevel.objects.get(category__code="0102")
        policy = policy_of(tenant, Purpose.RESOLVE, "ordinary", world.categories["leak"].pk)
        assert (level.budget, policy.budget) == (3, 3)
        general = ServiceLevel.objects.filter(tier="", category=None).first()
        assert Event.objects.get(kind="settings.changed").facts["budget"] == 3
    assert admin.post(f"{URL}levels/{general.pk}/drop/").status_code == 400
    assert admin.post(f"{URL}levels/{level.pk}/drop/").status_code == 302
    assert admin.post(f"{URL}levels/{level.pk}/drop/").status_code == 404


@pytest.mark.parametrize("budget", ["0", "-1", "abc", "99999999"])
def test_a_budget_that_does_not_hold_is_named(world, admin, budget):
    given = {"purpose": "resolve", "tier": "", "category": "0102", "budget": budget, "unit": "workdays"}
    answer = admin.post(URL + "levels/", given)
    assert answer.status_code == 400
    assert "时限" in answer.content.decode()
    with scope(world.tenant):
        assert not ServiceLevel.objects.filter(category__code="0102").exists()


def test_categories_are_folded_by_top_category_and_found_by_name_code_and_initials(world, admin):
    with scope(world.tenant):
        Category.objects.create(code="02", name="市容环境", leaf=False)
        Category.objects.create(code="0201", name="乱堆乱放", parent=Category.objects.get(code="02"), level=2)
        config.changed(world.tenant)
    page = admin.get(URL + "categories/").content.decode()
    assert page.count('<details class="card fold" >') == 2
    for q in ("乱堆", "0201", "ldlf"):
        page = admin.get(URL + "categories/", {"q": q}).content.decode()
        assert page.count('<details class="card fold" open>') == 1
        assert "乱堆乱放" in page
        assert ">0101<" not in page
    assert "没有符合条件的分类" in admin.get(URL + "categories/", {"q": "月球"}).content.decode()


def test_a_category_is_added_below_another(world, admin):
    given = {"parent": "0101", "code": "010101", "name": "楼道灯", "tier": "urgent", "matter": "help"}
    assert admin.post(URL + "categories/", given).status_code == 302
    with scope(world.tenant):
        made = Category.objects.get(code="010101")
        assert (made.level, made.leaf, made.parent.leaf) == (3, True, False)
    assert "楼道灯" in admin.get("/alpha/report/").content.decode()
    again = admin.post(URL + "categories/", given)
    assert again.status_code == 409
    assert "已被使用" in again.content.decode()
    deep = admin.post(URL + "categories/", {**given, "parent": "010101", "code": "x"})
    assert deep.status_code == 400


def test_a_category_is_changed(world, admin):
    given = {"name": "路灯照明", "tier": "urgent", "matter": "help", "duty_unit": "water", "active": "on"}
    assert admin.post(URL + "categories/0101/", given).status_code == 302
    with scope(world.tenant):
        found = Category.objects.get(code="0101")
        assert (found.name, found.tier, found.needs_eyes, found.duty_unit.code) == (
            "路灯照明",
            "urgent",
            False,
            "water",
        )
    assert not found.unlisted
    assert admin.post(URL + "categories/0101/", {**given, "unlisted": "on"}).status_code == 302
    with scope(world.tenant):
        assert Category.objects.get(code="0101").unlisted
    checked = admin.get(URL + "categories/0101/").context["form"]
    assert checked["unlisted"].value() is True
    taken = admin.post(URL + "categories/0101/", {**given, "name": "供水管道"})
    assert taken.status_code == 409
    assert admin.get(URL + "categories/none/").status_code == 404


def test_limits_are_read_and_typed_in_hours_and_days(world, as_):
    client, url = as_("admin"), "/alpha/desk/settings/levels/"
    body = {"purpose": "resolve", "tier": "urgent", "budget": "36", "unit": "natural_hours"}
    page = client.post(url, body, follow=True)
    with scope(world.tenant):
        level = ServiceLevel.objects.get(tier="urgent", purpose="resolve", category=None)
        assert (level.budget, level.unit) == (36 * 60, "natural_minutes")
    limits = {row.pk: limit for row, _label, limit, _steps in page.context["rows"]}
    assert limits[level.pk] == (36, "natural_hours")
    assert {(7, "workdays"), (2, "work_hours"), (7, "natural_days")} <= set(limits.values())
    assert "1440" not in page.content.decode()
    assert "10080" not in page.content.decode()


def test_each_settings_page_names_itself(world, as_):
    client = as_("admin")
    with scope(world.tenant):
        paths = [entry.path for entry in menus.entries("settings", world.actor("admin"))]
    titles = {}
    for path in paths:
        answer = client.get(f"/alpha/{path}")
        if answer.status_code == 200:
            titles[path] = re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", answer.content.decode(), re.DOTALL)[1]
    assert len(titles) > 10
    assert titles["desk/settings/gaps/"] == "开通检查"
    assert all(titles.values())
    assert len(set(titles.values())) == len(titles), titles


def test_a_level_can_warn_and_rise_at_its_own_times(world, as_):
    client, url = as_("admin"), "/alpha/desk/settings/levels/"
    body = {"purpose": "resolve", "tier": "urgent", "budget": "300", "unit": "work_minutes"}
    page = client.post(url, {**body, "warn": "40、90", "rise": "2 4"}, follow=True).content.decode()
    assert "用到 40%、90% 时预警；超时 2 个工作日、4 个工作日后升级" in page
    with scope(world.tenant):
        policy = policy_of(Tenant.objects.get(pk=world.tenant.pk), "resolve", "urgent", None)
    assert policy.warn_shares == (40, 90)
    assert [amount for amount, _unit in policy.escalate_after] == [2, 4]
    client.post(url, {**body, "budget": "240"})  # the form in the row keeps warnings and escalations
    with scope(world.tenant):
        assert ServiceLevel.objects.get(tier="urgent", purpose="resolve", category=None).warn_shares == [
            40,
            90,
        ]
    for wrong in ({"warn": "90 40"}, {"warn": "40 60 80"}, {"warn": "120"}, {"rise": "many"}):
        answer = client.post(url, {**body, **wrong})
        assert answer.status_code == 400, wrong


def test_what_residents_meet_is_set_on_its_own_page(world, admin):
    given = {
        "hotline": "0531-12345",
        "emergency_lines": "119、110 120",
        "phone_proof": "on",
        "codes_per_phone": "3",
        "codes_per_address": "50",
    }
    assert admin.post(URL + "portal/", given).status_code == 302
    tenant = Tenant.objects.get(slug="alpha")
    assert tenant.setting("emergency_lines") == ["119", "110", "120"]
    assert (tenant.setting("hotline"), tenant.setting("phone_proof")) == ("0531-12345", True)
    home = admin.get("/alpha/").content.decode()
    assert home.index("tel:119") < home.index("tel:110")
    assert 'value="119 110 120"' in admin.get(URL + "portal/").content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hotline", "请拨打"),
        ("hotline", ""),
        ("emergency_lines", "119 x"),
        ("emergency_lines", " ".join(["110"] * 9)),
        ("codes_per_phone", "0"),
    ],
)
def test_what_is_no_telephone_is_refused(world, admin, name, value):
    given = {"hotline": "12345", "emergency_lines": "110", "codes_per_phone": "5", "codes_per_address": "60"}
    assert admin.post(URL + "portal/", {**given, name: value}).status_code == 400
    assert Tenant.objects.get(slug="alpha").settings == {}


def test_a_category_with_others_on_offer_below_is_not_retired(world, as_):
    body = {"name": "市政设施", "tier": "ordinary", "matter": "help"}
    answer = as_("admin").post(URL + "categories/01/", body)
    assert answer.status_code == 409
    assert "还有 4 个下级分类在用" in answer.content.decode()
    with scope(world.tenant):
        assert Category.objects.get(code="01").active
