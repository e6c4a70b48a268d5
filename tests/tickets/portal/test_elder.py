"""The elder version (长辈版): it stays until it is left, and a report can be undone with one click."""

import re
from datetime import timedelta

from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import TO_RATING, form_of, walked
from tickets.models import Reporter, Ticket

FACE = 'class="elder"'


def test_the_elder_version_stays_on_every_page_until_it_is_left(world, client):
    assert FACE not in folded(client.get("/alpha/report/"))
    page = folded(client.get("/alpha/elder/"))
    assert FACE in page
    assert 'href="tel:12345"' in page
    for address in ("/alpha/report/", "/alpha/track/", "/alpha/matters/"):
        page = folded(client.get(address))
        assert FACE in page, address
        assert "退出长辈版" in page
    assert client.post("/alpha/elder/leave/")["Location"] == "/alpha/"
    assert FACE not in folded(client.get("/alpha/report/"))
    assert client.get("/alpha/elder/leave/").status_code == 405


def test_another_district_is_left_as_it_was(world, client):
    cookie = client.get("/alpha/elder/").cookies["elder"]
    assert cookie["path"] == "/alpha/"
    assert cookie["httponly"]


def undo_form(page):
    """The hidden fields of the undo form, or None if the page has none."""
    form = re.search(r'<form method="post" action="/alpha/track/withdraw/".*?</form>', page, re.DOTALL)
    return form and dict(re.findall(r'name="(number|code|text)" value="([^"]*)"', form[0]))


def test_what_was_sent_by_mistake_is_taken_back_with_one_press(world, client):
    address = client.post("/alpha/report/", form_of(world))["Location"]
    given = undo_form(folded(client.get(address)))
    assert client.post("/alpha/track/withdraw/", given).status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.get().outcome == "withdrawn"
    assert undo_form(folded(client.get(address))) is None


def test_after_ten_minutes_the_press_is_gone(world, client):
    address = client.post("/alpha/report/", form_of(world))["Location"]
    with scope(world.tenant):
        Reporter.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert undo_form(folded(client.get(address))) is None


def test_what_is_done_already_is_not_taken_back(world, client):
    receipt = walked(world, *TO_RATING)
    given = {"number": receipt.ticket.number, "code": receipt.reporter.code}
    assert undo_form(folded(client.get("/alpha/receipt/", given))) is None
