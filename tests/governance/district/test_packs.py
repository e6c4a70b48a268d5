"""Packs of standard settings: shown with what they add, loaded with one click, and only what is missing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.district import packs
from governance.errors import Forbidden
from governance.events.models import Event
from governance.tenancy.scope import scope
from grids.models import Area, Unit, UnitKind
from grids.units import bureaus
from tests.worlds import at
from tickets.catalog import standard
from tickets.models import Category, ReplyTemplate, ServiceLevel
from tickets.replies import pack as reply_pack
from tickets.replies.queries import MARKS
from tickets.states import Tier

pytestmark = pytest.mark.django_db
NOW = at(24, 10)
PAGE = "/alpha/desk/settings/gaps/"
LEAVES = [(top, leaf) for (top, _english), leaves in standard.STANDARD.items() for leaf in leaves]


def load(world, slug, by="admin"):
    with scope(world.tenant):
        return packs.load(slug, tenant=world.tenant, by=world.actor(by), at=NOW)


def test_the_content_is_what_a_county_needs():
    assert 38 <= len(LEAVES) <= 46
    assert 20 <= len(bureaus.BUREAUS) <= 25
    assert len(reply_pack.TEXTS) == 12
    assert {leaf.bureau for _top, leaf in LEAVES} <= set(bureaus.BUREAUS)
    names = [(top, leaf.name) for top, leaf in LEAVES]
    assert len(set(names)) == len(names)
    assert {leaf.tier for _top, leaf in LEAVES} == set(Tier)


def test_marks_of_the_templates_are_known():
    for text in reply_pack.TEXTS.values():
        left = text
        for mark in MARKS:
            left = left.replace(mark, "")
        assert "{" not in left, text


def test_departments_are_added_except_those_that_are_there(world):
    assert load(world, "bureaus") == len(bureaus.BUREAUS) - 1  # 水务局 is there
    with scope(world.tenant):
        units = Unit.objects.filter(kind=UnitKind.DEPARTMENT)
        assert units.filter(name="水务局").count() == 1
        made = units.get(name="公安局")
        assert made.area == world.areas["district"]
        assert made.group_id
        assert made.code.startswith("BM")
    assert load(world, "bureaus") == 0


@pytest.mark.parametrize("name", ["滨城区综合行政执法局", "城管局", "城市管理局"])
def test_a_department_is_known_by_its_usual_words(world, name):
    with scope(world.tenant):
        Unit.objects.filter(code="parks").update(name=name)
        assert "城市管理局" not in packs.offer("bureaus").adds


def test_without_a_territory_no_department_is_offered(world):
    with scope(world.tenant):
        Area.objects.update(valid_to=NOW.date())
        assert packs.offer("bureaus").adds == []


def test_categories_come_with_urgency_departments_and_limits(world):
    load(world, "bureaus")
    assert load(world, "categories") == len(LEAVES)
    with scope(world.tenant):
        gas = Category.objects.get(name="燃气泄漏", parent__name="公用事业")
        assert (gas.tier, gas.duty_unit.name, gas.leaf, gas.level) == ("emergency", "燃气公司", True, 2)
        assert gas.code.startswith(gas.parent.code)
        assert not gas.parent.leaf
        lights = ServiceLevel.objects.get(category__name="路灯不亮")
        assert (lights.tier, lights.purpose, lights.budget, lights.unit) == ("", "resolve", 3, "workdays")
        assert Category.objects.get(code="01").name == "城乡建设"  # the district's own stays
        assert not Category.objects.filter(
            parent__name__in=[top for top, _ in LEAVES], duty_unit=None
        ).exists()
        assert Event.objects.filter(kind="district.pack_loaded", facts__pack="categories").count() == 1
    assert load(world, "categories") == 0
    with scope(world.tenant):
        assert Event.objects.filter(kind="district.pack_loaded", facts__pack="categories").count() == 1


def test_departments_loaded_later_are_added_to_the_categories(world):
    load(world, "categories")
    with scope(world.tenant):
        assert Category.objects.get(name="噪声扰民").duty_unit is None
    load(world, "bureaus")
    with scope(world.tenant):
        assert "首办单位：噪声扰民 → 生态环境局" in packs.offer("categories").adds
    assert load(world, "categories") == sum(leaf.bureau != "水务局" for _top, leaf in LEAVES)
    with scope(world.tenant):
        assert Category.objects.get(name="噪声扰民").duty_unit.name == "生态环境局"


def test_what_the_district_changed_stays(world):
    load(world, "categories")
    with scope(world.tenant):
        Category.objects.filter(name="噪声扰民").update(tier="urgent", duty_unit=world.units["parks"])
        ServiceLevel.objects.filter(category__name="路灯不亮").update(budget=9)
        ServiceLevel.objects.filter(category=None, tier="urgent").delete()
        Category.objects.get(name="犬只管理").delete()
        assert packs.offer("categories").adds == ["城市秩序 / 犬只管理", "默认办理时限 1 条"]
    assert load(world, "categories") == 2
    with scope(world.tenant):
        noise = Category.objects.get(name="噪声扰民")
        assert (noise.tier, noise.duty_unit.code) == ("urgent", "parks")
        assert ServiceLevel.objects.get(category__name="路灯不亮").budget == 9
        assert ServiceLevel.objects.filter(category=None, tier="urgent").count() == 1


def test_templates_are_added_once(world):
    assert load(world, "replies") == 12
    assert load(world, "replies") == 0
    with scope(world.tenant):
        assert ReplyTemplate.objects.count() == 12


def test_only_an_administrator_loads(world):
    for who in ("leader", "county", "street"):
        with pytest.raises(Forbidden):
            load(world, "replies", by=who)
    with scope(world.tenant):
        assert not ReplyTemplate.objects.exists()
    with scope(world.other):
        assert not ReplyTemplate.objects.exists()


@pytest.mark.parametrize(
    ("slug", "page", "name"),
    [
        ("bureaus", "/alpha/desk/settings/units/", "公安局"),
        ("categories", "/alpha/desk/settings/categories/", "市政设施 / 路灯不亮"),
        ("replies", "/alpha/desk/settings/replies/", "非本单位职责"),
    ],
)
def test_both_pages_show_what_is_added_and_load_it(world, as_, slug, page, name):
    admin = as_("admin")
    for shown in (PAGE, page):
        text = admin.get(shown).content.decode()
        assert f"/alpha/desk/settings/packs/{slug}/" in text
        assert name in text
    answer = admin.post(f"/alpha/desk/settings/packs/{slug}/")
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert f"/alpha/desk/settings/packs/{slug}/" not in admin.get(page).content.decode()
    assert (
        "没有需要新增的内容"
        in admin.post(f"/alpha/desk/settings/packs/{slug}/", follow=True).content.decode()
    )
    assert as_("county").post(f"/alpha/desk/settings/packs/{slug}/").status_code == 403


def test_an_unknown_pack_is_not_found(as_):
    assert as_("admin").post("/alpha/desk/settings/packs/none/").status_code == 404


def test_offers_take_a_fixed_number_of_statements(world):
    def asked():
        with scope(world.tenant), CaptureQueriesContext(connection) as found:
            packs.offers()
        return len(found)

    before = asked()
    load(world, "bureaus")
    load(world, "categories")
    load(world, "replies")
    assert asked() == before
