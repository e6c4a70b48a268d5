"""Tiles under the maps: set by the district, named on every map, and the only other host of pictures."""

import pytest
from django.utils import timezone

from governance.district import actions as configuring
from governance.errors import Invalid
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from governance.web.map_tiles import is_address

LAYER = "https://t0.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk={key}"
GIVEN = {"map_tiles": [LAYER], "map_key": "abc", "map_credit": "天地图", "map_approval": "GS(2024)0650号"}

pytestmark = pytest.mark.django_db


def configure(world, **given):
    with scope(world.tenant):
        by = world.actor("admin")
        configuring.configure(Tenant.objects.get(pk=world.tenant.pk), given, by=by, at=timezone.now())


def images(answer):
    policy = answer["Content-Security-Policy"].split(";")
    return next(part for part in policy if part.strip().startswith("img-src"))


def test_maps_of_the_district_load_its_tiles_from_exactly_its_host(world, client, as_):
    assert "tianditu" not in images(client.get("/alpha/matters/map/"))
    configure(world, **GIVEN)
    public = client.get("/alpha/matters/map/")
    assert images(public).count("https://") == 1
    assert "https://t0.tianditu.gov.cn" in images(public)
    for page in (public, as_("worker").get("/alpha/desk/tickets/new/"), client.get("/alpha/report/")):
        text = page.content.decode()
        assert "tk=abc" in text
        assert "审图号：GS(2024)0650号" in text
    assert "tianditu" not in images(client.get("/"))
    assert "tianditu" not in images(client.get("/beta/report/"))


@pytest.mark.parametrize(
    "layer",
    [
        "http://t0.example.org/{z}/{x}/{y}",
        "https://t{s}.example.org/{z}/{x}/{y}",
        "https://*.example.org/{z}/{x}/{y}",
        "https://a.example.org;script-src/{z}/{x}/{y}",
        "https://user@a.example.org/{z}/{x}/{y}",
        "https://a.example.org/{z}/{x}",
        "https://a.example.org/{z}/{x}/{y}\x00",
        "https://a.example.org:0/{z}/{x}/{y}",
        "https://a.example.org:99999/{z}/{x}/{y}",
        "https://localhost/{z}/{x}/{y}",
        "https://127.0.0.1:8000/{z}/{x}/{y}",
        "https://a..org/{z}/{x}/{y}",
        'https://a.example.org/{z}/{x}/{y}"onload=',
        "javascript:alert(1)//{z}{x}{y}",
    ],
)
def test_no_other_address_is_taken(world, layer):
    assert not is_address(layer)
    with pytest.raises(Invalid):
        configure(world, **{**GIVEN, "map_tiles": [layer]})


@pytest.mark.parametrize("number", ["", " ", "\u200b"])
def test_tiles_need_an_approval_number(world, number):
    with pytest.raises(Invalid) as refused:
        configure(world, **{**GIVEN, "map_approval": number})
    assert refused.value.field == "map_approval"
