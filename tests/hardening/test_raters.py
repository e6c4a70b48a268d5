"""Only who reported, or has proven the phone, rates; followers follow; unproven stars stand apart."""

import pytest
from django.utils import timezone

from governance.access import actors
from governance.errors import Forbidden
from governance.events.models import Event
from governance.messages.models import Message
from governance.tenancy.scope import scope
from tests.tickets.matters import TO_RATING, walked
from tickets.intake import actions as intake
from tickets.models import Rating, RatingLink, Reporter, Ticket
from tickets.orders.actions import VERBS, judging, merging, rating_links
from tickets.orders.subscribers import text_the_rating_link
from tickets.phones import actions as phones
from tickets.phones.models import PhoneProof
from tickets.portal import reporter_view
from tickets.public import figures
from tickets.states import State

pytestmark = pytest.mark.django_db
FIVE = judging.Stars(speed=5, attitude=5, result=5, solved=True)
ONE = judging.Stars(speed=1, attitude=1, result=1, solved=False)


@pytest.fixture
def matter(world):
    """(ticket in work, its reporter, a follower who left a phone)."""
    receipt = walked(world, *TO_RATING[:1])
    with scope(world.tenant):
        public = actors.public(world.tenant.pk)
        Ticket.objects.update(category=world.categories["lamp"])
        given = {"name": "看客", "phone": "13711112222", "notice_version": 0}
        follower = merging.follow(receipt.ticket, by=public, at=timezone.now(), **given)
    return receipt.ticket, receipt.reporter, follower


def to_rating(world, ticket):
    for who, verb, more in TO_RATING[1:]:
        VERBS[verb](ticket, by=world.actor(who, timezone.now()), at=timezone.now(), **more)
    ticket.refresh_from_db()
    return ticket


def link_of(reporter):
    return RatingLink.objects.get(reporter=reporter)


def test_a_follower_cannot_send_it_back_with_one_star(world, matter):
    ticket, reporter, follower = matter
    with scope(world.tenant):
        to_rating(world, ticket)
        with pytest.raises(Forbidden):
            judging.rate_by_link(link_of(follower), ONE, at=timezone.now())
        assert not reporter_view.view_of(follower, ticket).asked()
        ticket = judging.rate_by_link(link_of(reporter), FIVE, at=timezone.now())
        assert ticket.state == State.CLOSED  # nobody waits for the follower


def test_the_page_says_so_in_words(world, client, matter):
    ticket, _reporter, follower = matter
    with scope(world.tenant):
        to_rating(world, ticket)
        token = rating_links.token_of(follower, 0)
    stars = {"speed": "1", "attitude": "1", "result": "1", "solved": "false"}
    answer = client.post(f"/alpha/r/{token}/", stars)
    assert answer.status_code == 403
    assert "评价由反映人来做" in answer.content.decode()
    with scope(world.tenant):
        assert not Rating.objects.exists()
        keys = {"number": ticket.number, "code": follower.code}
    assert "/alpha/r/" not in client.get("/alpha/track/", keys).content.decode()


def test_only_raters_are_texted(world, matter, django_capture_on_commit_callbacks):
    ticket, reporter, _follower = matter
    with scope(world.tenant):
        to_rating(world, ticket)
        text_the_rating_link(Event.objects.filter(kind="ticket.verify").latest("pk"))
        assert [one.phone for one in Message.objects.filter(kind="rating")] == [reporter.phone]


def test_who_proves_the_phone_rates(world, matter):
    ticket, _reporter, follower = matter
    with scope(world.tenant):
        to_rating(world, ticket)
        at = timezone.now()
        asked = phones.send_code("13711112222", at=at).pk
        code = Message.objects.get(kind="code").code
        phones.prove(asked, "13711112222", code, at=at)
        assert PhoneProof.objects.exclude(proven_at=None).exists()
        follower = Reporter.objects.get(pk=follower.pk)
        assert reporter_view.view_of(follower, ticket).asked()
        judging.rate_by_link(link_of(follower), FIVE, at=at)
        assert Rating.objects.get().proven


def test_a_staff_finding_with_an_unproven_follower_closes(world):
    """Nobody may rate it, so it does not wait for stars."""
    with scope(world.tenant):
        now = timezone.now()
        draft = intake.Draft(text="灯不亮", area=world.areas["lane_building"].code, channel="grid")
        ticket = intake.report(draft, by=world.actor("worker", now), at=now).ticket
        merging.follow(ticket, by=world.system, at=now)
        for who, verb, more in TO_RATING:
            by = world.actor("colleague" if who == "worker" else who, now)
            VERBS[verb](ticket, by=by, at=now, **more)
        ticket.refresh_from_db()
        assert ticket.state == State.CLOSED


def test_unproven_stars_stand_apart_in_the_figures(world, matter):
    ticket, reporter, _follower = matter
    with scope(world.tenant):
        to_rating(world, ticket)
        judging.rate_by_link(link_of(reporter), FIVE, at=timezone.now())
        found = figures.of_place(world.areas["lane"].path, timezone.now())
    assert (found.solved, found.unproven) == (figures.Share(0, 0), figures.Share(1, 1))
