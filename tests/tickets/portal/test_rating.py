"""Rating by link: what was done, two taps, what follows, and the photos of the result."""

import pytest
from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import picture
from tests.tickets.portal.own_matters import finish, follower, make, rate_page
from tickets.intake import actions as intake
from tickets.models import Rating, Ticket
from tickets.portal import reporter_view
from tickets.states import State
from tickets.ticket import photos

pytestmark = pytest.mark.django_db


def test_who_rates_reads_what_was_done_and_only_the_own_words(world, client, matter):
    _keys, ticket = matter
    joined, _other = follower(world, ticket)
    finish(world, ticket)
    with scope(world.tenant):
        author = ticket.reporters.order_by("id").first()
    _token, own = rate_page(world, client, author)
    assert "路灯不亮" in own
    assert "已办好" in own
    _token, others = rate_page(world, client, joined)
    assert "路灯不亮" not in others


def test_who_rated_sees_the_own_stars_and_that_it_is_done_again(world, client, matter):
    keys, ticket = matter
    finish(world, ticket)
    with scope(world.tenant):
        author = ticket.reporters.order_by("id").first()
    token, _page = rate_page(world, client, author)
    stars = {"speed": "2", "attitude": "3", "result": "1", "solved": "false", "comment": "还是不亮"}
    assert client.post(f"/alpha/r/{token}/", stars).status_code == 302
    page = folded(client.get("/alpha/track/", keys))
    assert "办理结果 1 星，办理速度 2 星，服务态度 3 星" in page
    assert "正在第 1 次重新办理" in page


def test_two_taps_are_a_rating_and_the_page_says_what_follows(world, client, matter):
    keys, ticket = matter
    finish(world, ticket)
    with scope(world.tenant):
        token, _page = rate_page(world, client, ticket.reporters.order_by("id").first())
    answer = client.post(f"/alpha/r/{token}/", {"result": "5", "solved": "true"}, follow=True)
    assert "您的评价已提交，该事项已办结。" in folded(answer)
    with scope(world.tenant):
        rating = Rating.objects.get()
        assert (rating.result, rating.speed, rating.attitude, rating.solved) == (5, None, None, True)
    page = folded(client.get("/alpha/track/", keys))
    assert "办理结果 5 星" in page
    assert "办理速度" not in page


def test_a_rating_that_sends_it_back_names_the_unit_and_the_time(world, client, matter):
    _keys, ticket = matter
    finish(world, ticket)
    with scope(world.tenant):
        token, _page = rate_page(world, client, ticket.reporters.order_by("id").first())
    answer = client.post(f"/alpha/r/{token}/", {"result": "4", "solved": "false"}, follow=True)
    with scope(world.tenant):
        ticket = Ticket.objects.select_related("lead_unit").get(pk=ticket.pk)
    assert ticket.state == State.HANDLING
    assert f"该事项已退回{ticket.lead_unit.name}重新办理，最迟" in folded(answer)
    assert client.post(f"/alpha/r/{token}/", {"result": "", "solved": "true"}).status_code == 409


def test_the_author_sees_the_photos_of_the_result_and_nobody_else_does(world, client, matter, monkeypatch):
    keys, ticket = matter
    _joined, others = follower(world, ticket)
    with scope(world.tenant):
        by = world.actor("community", timezone.now())
        kept = photos.add(ticket, picture(colour="red"), by=by, at=timezone.now(), purpose="evidence")
    address = f"/alpha/track/photos/{kept.pk}/"
    assert client.get(address, keys).status_code == 404  # not verified yet
    finish(world, ticket)
    with scope(world.tenant):
        token, _page = rate_page(world, client, ticket.reporters.order_by("id").first())
    assert "办理结果照片" in folded(client.get("/alpha/track/", keys))
    assert client.get(address, keys).status_code == 200
    assert client.get(address, others).status_code == 404
    assert "办理结果照片" not in folded(client.get("/alpha/track/", others))
    page = folded(client.get(f"/alpha/r/{token}/"))
    assert f"/alpha/r/{token}/photos/{kept.pk}/" in page
    assert client.get(f"/alpha/r/{token}/photos/{kept.pk}/").status_code == 200
    assert client.get(f"/alpha/r/{token}/photos/{kept.pk + 1}/").status_code == 404
    assert client.get(f"/alpha/r/x{token}/photos/{kept.pk}/").status_code == 404
    monkeypatch.setattr(reporter_view, "is_dispute", lambda category: True)  # there they stay inside
    assert client.get(address, keys).status_code == 404


def test_photos_of_work_that_was_never_verified_or_of_another_matter_stay_inside(world, client, matter):
    keys, ticket = matter
    with scope(world.tenant):
        by = world.actor("community", timezone.now())
        kept = photos.add(ticket, picture(colour="red"), by=by, at=timezone.now(), purpose="evidence")
        draft = intake.Draft(text="路灯也不亮", area=world.areas["lane_building"].code)
        other = intake.report(draft, by=world.actor("clerk"), at=timezone.now())
    address = f"/alpha/track/photos/{kept.pk}/"
    make(world, other.ticket, "community", "merge", into=ticket, reason="同一件")
    merged = {"number": other.ticket.number, "code": other.reporter.code}
    with scope(world.tenant):
        Ticket.objects.filter(pk=ticket.pk).update(private=False)
    finish(world, ticket)
    assert client.get(address, keys).status_code == 200
    assert client.get(address, merged).status_code == 404
    with scope(world.tenant):
        Ticket.objects.filter(pk=ticket.pk).update(
            state="closed", outcome="withdrawn", closed_at=timezone.now()
        )
    assert client.get(address, keys).status_code == 404
