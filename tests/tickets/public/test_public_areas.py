"""The pages of communities (我的社区): the units that serve them, and the figures of this quarter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance.clocks.models import Clock
from governance.tenancy.scope import scope
from grids.models import Unit, UnitKind
from grids.people import records as territory
from tests.pages import folded
from tests.tickets.matters import TO_RATING, reported, statements, walked
from tests.worlds import MONDAY
from tickets.models import Rating, Ticket
from tickets.orders.actions import judging
from tickets.public import figures


def opened(client, world, key):
    answer = client.get(f"/alpha/areas/{world.areas[key].code}/")
    assert answer.status_code == 200
    return folded(answer)


def rated(world, solved):
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        at, stars = timezone.now(), {"speed": 5, "attitude": 5, "result": 5 if solved else 1}
        judging.rate(receipt.ticket, by=world.actor("colleague", at), at=at, solved=solved, **stars)
    return receipt


def test_a_community_says_who_serves_it(world, client):
    page = opened(client, world, "lane")
    for word in ("里巷社区居委会", "东街道指挥中心", "里巷社区第一网格", "王网格", "tel:12345"):
        assert word in page
    for word in ("荷塘社区", "孙社区", "13800001234"):
        assert word not in page


def test_how_its_units_are_reached_is_told_with_a_number_to_touch(world, client):
    before = opened(client, world, "lane")
    assert before.count("tel:") == 1
    reached = {"phone": "05433201234", "address": "里巷 1 号", "opening": "周一至周五 8:30-17:30"}
    with scope(world.tenant):
        Unit.objects.filter(kind=UnitKind.COMMUNITY, area=world.areas["lane"]).update(**reached)
        Unit.objects.filter(kind=UnitKind.COMMUNITY, area=world.areas["hill"]).update(phone="05433209999")
    page = opened(client, world, "lane")
    assert 'href="tel:05433201234"' in page
    assert "里巷 1 号 · 周一至周五 8:30-17:30" in page
    assert "05433209999" not in page


def test_who_left_the_post_is_not_named(world, client):
    with scope(world.tenant):
        post = world.members["worker"].posts.get()
        territory.relieve(post, until=timezone.localdate() - timedelta(days=1))
    page = opened(client, world, "lane")
    assert "王网格" not in page
    assert "李网格" in page


def test_a_street_names_its_communities(world, client):
    page = opened(client, world, "east")
    assert f"/alpha/areas/{world.areas['lane'].code}/" in page
    assert "山坡社区" not in page
    assert "王网格" not in page


def test_only_streets_and_communities_have_a_page(world, client):
    for key in ("district", "lane_grid", "lane_building"):
        assert client.get(f"/alpha/areas/{world.areas[key].code}/").status_code == 404
    assert client.get("/alpha/areas/", {"area": "x"}).status_code == 404
    code = world.areas["lane"].code
    assert client.get("/alpha/areas/", {"area": code})["Location"] == f"/alpha/areas/{code}/"
    assert "里巷社区" in folded(client.get("/alpha/areas/"))


def test_few_matters_are_not_counted_in_public(world, client):
    for _ in range(4):
        reported(world)
    assert "为保护反映人" in opened(client, world, "lane")
    reported(world)
    page = opened(client, world, "lane")
    assert "0 / 5 件(0%)" in page
    assert page.count("不足 5 件，不公布") == 2


def test_the_figures_are_of_the_quarter_and_name_what_they_are_a_part_of(world):
    rated(world, solved=True)
    rated(world, solved=False)  # not solved: reopened
    last, void = reported(world), reported(world)
    reported(world, area=world.areas["hill"].code)
    with scope(world.tenant):
        Ticket.objects.filter(pk=last.ticket.pk).update(created_at=timezone.now() - timedelta(days=100))
        Ticket.objects.filter(pk=void.ticket.pk).update(
            state="closed", outcome="void", closed_at=timezone.now()
        )
        found = figures.of_place(world.areas["lane"].path, timezone.now())
    assert found.received == 2
    assert found.closed == figures.Share(1, 2)
    assert (found.solved, found.unproven) == (figures.Share(1, 2), figures.Share(0, 0))


def test_late_without_a_reason_that_counts_is_not_on_time(world):
    first, second = rated(world, solved=True), rated(world, solved=True)
    with scope(world.tenant):
        clocks = Clock.objects.filter(purpose="resolve", subject_id=first.ticket.pk)
        late = {"outcome": "late", "breached_at": timezone.now()}
        assert clocks.update(**late)
        at, path = timezone.now(), world.areas["lane"].path
        assert figures.of_place(path, at).on_time == figures.Share(1, 2)
        clocks.update(excused_at=timezone.now())
        assert figures.of_place(path, at).on_time == figures.Share(2, 2)
    assert second.ticket.pk


def test_the_quarter_begins_in_the_districts_own_zone(world):
    with scope(world.tenant):
        assert figures.quarter_start(MONDAY).isoformat() == "2026-10-01T00:00:00+08:00"
        eve = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)  # half past midnight in the district
        assert figures.quarter_start(eve).isoformat() == "2026-10-01T00:00:00+08:00"


def test_the_page_costs_the_same_with_more_matters(world, client):
    reported(world)
    address = f"/alpha/areas/{world.areas['lane'].code}/"
    client.get(address)
    first = statements(client, address)
    for _ in range(2):
        reported(world)
    assert statements(client, address) == first <= 6


@pytest.mark.parametrize(("others", "told"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_street_minus_its_communities_tells_no_small_number(world, others, told):
    for _n in range(5):
        reported(world)
    for _n in range(others):
        reported(world, area=world.areas["pond"].code)
    with scope(world.tenant):
        at = timezone.now()
        lane, street, whole = (
            figures.of_place(world.areas[one].path, at) for one in ("lane", "east", "district")
        )
    assert lane.told
    assert (street.told, street.received) == (told, 5 + others)
    assert whole.told == told  # the district minus the community would tell the same number


def test_a_share_whose_rest_is_small_is_hidden_alone(world):
    """One rating of another community must not follow from the street's ratings."""
    for _n in range(5):
        rated(world, solved=True)
        reported(world, area=world.areas["pond"].code)
    with scope(world.tenant):
        other = reported(world, area=world.areas["pond"].code).ticket
        given = {
            "speed": 5,
            "attitude": 5,
            "result": 5,
            "solved": False,
            "at": timezone.now(),
            "proven": True,
        }
        Rating.objects.create(ticket=other, reporter=other.reporters.get(), **given)
        street = figures.of_place(world.areas["east"].path, timezone.now())
    assert street.told
    assert (street.solved, street.solved.rest) == (figures.Share(5, 6), 1)
    assert not street.solved.told
