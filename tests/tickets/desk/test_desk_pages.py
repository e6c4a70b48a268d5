"""The desk: access, lists, inbox, and the number of statements of its pages."""

import pytest
from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, statements, walked
from tickets.orders.actions import handling


def test_the_desk_asks_for_a_log_in_and_hides_from_strangers(world, client, as_):
    answer = client.get(DESK)
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/alpha/desk/")
    assert as_("neighbour").get(DESK).status_code == 404
    assert as_("community").get(DESK).status_code == 200


@pytest.mark.parametrize(
    "name", ["worker", "community", "center", "county", "head", "clerk", "leader", "admin"]
)
def test_every_role_opens_the_desk(world, as_, name):
    reported(world)
    client = as_(name)
    for path in (
        "",
        "tickets/",
        "tickets/?mine=1&order=due",
        "tickets/?state=reported&tier=ordinary",
        "inbox/",
    ):
        assert client.get(DESK + path).status_code == 200, path


def test_the_list_shows_what_the_reader_may_see(world, as_):
    number = reported(world).ticket.number
    page = folded(as_("community").get(DESK + "tickets/"))
    assert number in page
    assert "待分单" in page
    assert "里巷社区居委会" in page
    assert number not in folded(as_("pond_community").get(DESK + "tickets/"))
    assert as_("pond_community").get(f"{DESK}tickets/{number}/").status_code == 404


def test_a_filter_that_does_not_hold_is_named(world, as_):
    answer = as_("community").get(DESK + "tickets/?state=nonsense")
    assert answer.status_code == 400
    assert "nonsense" in folded(answer)


def test_htmx_gets_the_rows_alone(world, as_):
    reported(world)
    client = as_("community")
    part = client.get(DESK + "tickets/", headers={"HX-Request": "true"})
    assert "<html" not in folded(part)
    assert "HX-Request" in part["Vary"]


def test_notices_are_read_and_lead_to_their_ticket(world, as_):
    from governance.events.models import Event, Notice

    number = reported(world).ticket.number
    with scope(world.tenant):
        event = Event.objects.filter(kind="ticket.report").get()
        member = world.members["community"]
        notice = Notice.objects.create(
            member=member,
            event=event,
            subject_type="tickets.ticket",
            subject_id=event.subject_id,
            kind=event.kind,
            facts={"number": number, "say": "state", "now": "reported"},
            link=f"desk/tickets/{number}/",
            created_at=timezone.now(),
            rings_at=timezone.now(),
        )
    client = as_("community")
    page = folded(client.get(DESK + "inbox/"))
    assert number in page
    assert "待分单" in page
    answer = client.post(DESK + "inbox/read/", {"notice": notice.pk, "open": "1"})
    assert answer["Location"] == f"/alpha/desk/tickets/{number}/"
    with scope(world.tenant):
        assert Notice.objects.get().read_at is not None


@pytest.mark.parametrize("path", ["", "tickets/", "tickets/?q=%E6%A5%BC%E9%81%93%E7%81%AF"])
def test_statements_do_not_grow_with_rows(world, as_, path):
    client = as_("community")
    reported(world)
    client.get(DESK + path)
    few = statements(client, DESK + path)
    reported(world)
    reported(world)
    assert (few <= 5, statements(client, DESK + path)) == (True, few)


def test_statements_of_a_ticket_do_not_grow(world, as_):
    receipt = walked(world, *TO_HANDLING)
    url, client = f"{DESK}tickets/{receipt.ticket.number}/", as_("community")
    client.get(url)
    few = statements(client, url)
    with scope(world.tenant):
        by = world.actor("community", timezone.now())
        for n in range(3):
            handling.note(receipt.ticket, by=by, at=timezone.now(), text=f"进展{n}")
    assert (few <= 6, statements(client, url)) == (True, few)


def test_places_and_units_are_found_by_the_first_letters_of_their_pinyin(world, as_):
    client = as_("county")
    page = folded(client.get(DESK + "tickets/?q=swj"))
    assert "水务局</a>" in page
    assert "?holder=water" in page
    assert client.get(DESK + "initials/").json()["水"] == "s"
    assert 'name="initials" content="/alpha/desk/initials/"' in page
