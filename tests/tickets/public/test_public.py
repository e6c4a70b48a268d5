"""The public list (身边事): the facts that it shows of a ticket, and the facts that it hides."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.utils import timezone

from governance.errors import Invalid
from governance.tenancy import config
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import TO_RATING, reported, statements, walked
from tickets.catalog import actions as catalog
from tickets.intake import similar
from tickets.models import Category, Reporter, Ticket
from tickets.orders.actions import judging
from tickets.public import queries as public
from tickets.ticket import queries

MATTERS = "/alpha/matters/"


def closed(world, answer="灯已修好"):
    """Create a ticket about a lamp, closed with an answer; returns the receipt."""
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        ticket, at = receipt.ticket, timezone.now()
        ticket.remarks.filter(verb="resolve", visibility="public").update(text=answer)
        stars = {"speed": 5, "attitude": 5, "result": 5, "solved": True, "text": "谢谢钱"}
        judging.rate(ticket, by=world.actor("colleague", at), at=at, **stars)
    return receipt


def shown(client, **query):
    answer = client.get(MATTERS, query)
    assert answer.status_code == 200
    return folded(answer)


def test_a_closed_matter_is_told_without_its_reporter(world, client):
    receipt = closed(world, "3单元楼道灯已修好")
    page = shown(client)
    assert "里巷社区 里巷社区第一网格" in page
    assert "*单元楼道灯已修好" in page
    for word in ("钱居民", "13800001234", "三单元楼道灯不亮", receipt.ticket.number, "1号楼", "谢谢钱"):
        assert word not in page


@pytest.mark.parametrize(
    "answer",
    [
        "钱居民您好，灯已修好",
        "请张女士放心，已修好",
        "已电告 138 0000 1234",
        "已回复13800001234",
        "3栋502的灯已修好",
        "B座1203已修好",
        "五〇二室已修好",
        "0571-88001234 已回复，修好",
        "已与业主张师傅说好，修好",
        "王某家的灯已修好",
        "车辆鲁A12345已挪，修好",
    ],
)
def test_an_answer_that_tells_who_asked_is_not_shown(world, client, answer):
    closed(world, answer)
    page = shown(client)
    assert "里巷社区" in page
    assert "修好" not in page
    assert "1234" not in page


@pytest.mark.parametrize("gone", [{"name": "", "phone": "", "phone_hash": ""}])
def test_an_answer_is_not_shown_once_nobody_can_say_whom_it_names(world, client, gone):
    closed(world, "请钱阿强放心，灯已修好")
    with scope(world.tenant):
        Reporter.objects.update(name="钱阿强")
    assert "修好" not in shown(client)
    with scope(world.tenant):
        Reporter.objects.update(**gone)
    assert "修好" not in shown(client)


def test_an_answer_that_names_who_reported_what_was_merged_is_not_shown(world, client):
    into = closed(world, "请李小四放心，灯已修好").ticket
    with scope(world.tenant):
        other = reported(world, name="李小四").ticket
        Ticket.objects.filter(pk=other.pk).update(
            merged_into=into, state="closed", outcome="duplicate", closed_at=timezone.now()
        )
    assert "修好" not in shown(client)


def test_a_leaf_below_a_category_of_disputes_is_not_shown(world, client):
    reported(world, category="0101")
    assert "里巷社区第一网格" in shown(client)
    with scope(world.tenant):
        Category.objects.filter(children__code="0101").update(dispute=True)
        config.changed(Tenant.objects.get(pk=world.tenant.pk))
    assert "里巷社区第一网格" not in shown(client)


def test_the_way_to_the_next_page_tells_no_time(world, client, monkeypatch):
    monkeypatch.setattr(public, "PAGE", 1)
    for _n in range(2):
        reported(world)
    way = re.search(r"cursor=([^\"&]+)", shown(client))[1]
    with pytest.raises(Invalid):
        queries.after(queries.Filters(), unquote(way))
    assert client.get(f"{MATTERS}?cursor={way}").status_code == 200
    assert client.get(f"{MATTERS}?cursor=abc").status_code == 400


def test_an_answer_to_residents_at_large_is_shown(world, client):
    closed(world, "请居民女士放心，已修好")
    assert "请居民女士放心" in shown(client)


@pytest.mark.parametrize(
    "change",
    [
        {"private": True},
        {"matter": "accusation"},
        {"created_at": timezone.now() - timedelta(days=366)},
        {"outcome": "withdrawn", "state": "closed", "closed_at": timezone.now()},
    ],
)
def test_what_is_nobody_elses_business_is_not_shown(world, client, change):
    reported(world)
    assert "里巷社区第一网格" in shown(client)
    with scope(world.tenant):
        Ticket.objects.update(**change)
    assert "里巷社区第一网格" not in shown(client)


def test_neither_quarrels_nor_matters_about_a_unit_are_shown(world, client):
    first, second = reported(world, category="0101"), reported(world)
    with scope(world.tenant):
        Category.objects.filter(code="0101").update(dispute=True)
        config.changed(world.tenant)
        Ticket.objects.filter(pk=second.ticket.pk).update(against_unit=world.units["water"])
    assert first.ticket.category_id
    assert "里巷社区第一网格" not in shown(client)


@pytest.mark.parametrize("code", ["0101", "01"], ids=["itself", "the one above it"])
def test_a_category_kept_off_the_list_is_told_to_no_neighbour(world, client, code):
    place = {"lat": Decimal("36.050123"), "lng": Decimal("117.050321")}
    ticket = reported(world, category="0101", **place).ticket
    follow, near = f"/alpha/report/follow/?number={ticket.number}", "/alpha/matters/map/data/"
    typed = {"text": "三单元楼道灯不亮", "area": world.areas["lane"].code, "category": "0101"}

    def offered():
        return ticket.number in folded(client.post("/alpha/report/similar/", typed))

    option = f'<option value="{code}"'
    assert option in folded(client.get("/alpha/matters/"))
    assert "里巷社区第一网格" in shown(client)
    assert (client.get(follow).status_code, offered()) == (200, True)
    with scope(world.tenant):
        by = {"by": world.actor("admin", timezone.now()), "at": timezone.now()}
        kept = Category.objects.get(code=code)
        catalog.change_category(kept, name=kept.name, unlisted=True, **by)
    cache.clear()  # the squares are cached for a minute
    assert option not in folded(client.get("/alpha/matters/"))
    assert "里巷社区第一网格" not in shown(client)
    assert client.get(near).json()["squares"] == []
    assert (client.get(follow).status_code, offered()) == (404, False)
    with scope(world.tenant):
        officer = world.actor("community", timezone.now())
        matter = similar.Case("三单元楼道灯不亮", ticket.area_path)
        assert len(similar.to_report(matter, timezone.now(), officer)) == 1


def test_the_filters_stand_in_the_address(world, client):
    closed(world)
    reported(world, area=world.areas["hill"].code, category="0101")
    assert "山坡社区 ·" not in shown(client, area=world.areas["east"].code)
    assert "里巷社区 里巷社区第一网格" in shown(client, area=world.areas["east"].code)
    assert "里巷社区第一网格" not in shown(client, state="open")
    assert "山坡社区 ·" not in shown(client, state="closed")
    assert "里巷社区第一网格" not in shown(client, category="01")
    for wrong in ({"area": "x"}, {"category": "x"}, {"state": "x"}, {"cursor": "x"}):
        assert client.get(MATTERS, wrong).status_code == 400


def test_pages_follow_one_another(world, client, monkeypatch):
    monkeypatch.setattr(public, "PAGE", 2)
    for _ in range(3):
        reported(world)
    with scope(world.tenant):
        by, at = world.system, timezone.now()
        first = public.page(public.queries.Filters(), by=by, at=at)
        second = public.page(public.queries.Filters(), by=by, at=at, cursor=first.next)
    ids = [row["id"] for row in (*first.rows, *second.rows)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 3
    assert second.next is None


def test_the_list_costs_the_same_for_one_row_and_three(world, client):
    closed(world)
    client.get(MATTERS)
    assert statements(client, MATTERS) <= 5
    for _ in range(2):
        closed(world)
    assert statements(client, MATTERS) <= 5


def test_another_district_shows_its_own(world, client):
    closed(world)
    assert "里巷社区" not in folded(client.get("/beta/matters/"))


def test_the_filters_stand_behind_one_line_that_says_what_is_chosen(world, client):
    assert "<summary>筛选：全部</summary>" in shown(client)
    page = shown(client, area=world.areas["lane"].code, state="closed")
    fold = page[page.index('<details class="filter-fold"') : page.index("</details>")]
    assert f"<summary>筛选：{world.areas['lane'].name} · 已办结</summary>" in fold
    assert 'name="category"' in fold
