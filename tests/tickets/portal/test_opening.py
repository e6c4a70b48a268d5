"""A district is closed to residents until its administrator opens it; its members see the pages for residents."""

import pytest

from governance.district import actions as configuring
from governance.errors import Conflict, Forbidden
from governance.events.models import Event
from governance.tenancy.actions import create_tenant
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tests.tickets.matters import form_of
from tests.worlds import at
from tickets.models import Ticket

PAGE = "/alpha/desk/settings/gaps/"
PUBLIC = [
    "/alpha/",
    "/alpha/report/",
    "/alpha/matters/",
    "/alpha/areas/",
    "/alpha/track/",
    "/alpha/elder/",
    "/alpha/r/x/",
]


@pytest.fixture
def closed(world):
    Tenant.objects.filter(pk=world.tenant.pk).update(open=False, opened_at=None)
    world.tenant.refresh_from_db()
    return world


def test_a_new_district_is_closed(db):
    found = create_tenant(slug="new", name="新区", code="990103000000")
    assert (found.open, found.opened_at) == (False, None)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_visitor_sees_that_it_is_closed_and_whom_to_call(closed, client, address):
    page = client.get(address)
    assert page.status_code == 403
    words = page.content.decode()
    assert "尚未对外开放" in words
    assert 'href="tel:110"' in words


def test_a_visitor_reports_nothing(closed, client):
    assert client.post("/alpha/report/", form_of(closed)).status_code == 403
    with scope(closed.tenant):
        assert not Ticket.objects.exists()


def test_members_of_the_district_try_it_out_and_others_do_not(closed, as_):
    page = as_("community").get("/alpha/report/")
    assert page.status_code == 200
    assert "尚未对居民开放" in page.content.decode()
    assert as_("community").post("/alpha/report/", form_of(closed)).status_code == 302
    assert as_("neighbour").get("/alpha/report/").status_code == 403


def test_the_list_of_districts_names_open_ones_only(closed, client):
    words = client.get("/").content.decode()
    assert "乙区" in words
    assert "甲区" not in words


def test_the_administrator_opens_and_closes_it(closed, as_, client):
    words = as_("admin").get(PAGE).content.decode()
    assert "尚未开放" in words
    answer = as_("admin").post(PAGE, {"despite": "on"})
    assert answer.status_code == 302
    client.logout()
    assert client.get("/alpha/").status_code == 200
    assert as_("admin").post(PAGE, {"despite": "on"}).status_code == 409
    assert as_("admin").post(PAGE, {"close": "1"}).status_code == 302
    client.logout()
    assert client.get("/alpha/").status_code == 403
    with scope(closed.tenant):
        kinds = (
            Event.objects.filter(kind__startswith="district.").order_by("seq").values_list("kind", flat=True)
        )
        assert list(kinds) == ["district.opened", "district.closed"]


def test_the_first_opening_is_kept(closed):
    with scope(closed.tenant):
        by = closed.actor("admin")
        configuring.open_to_residents(closed.tenant, despite=True, by=by, at=at(23, 9))
        configuring.close_to_residents(closed.tenant, by=by, at=at(23, 10))
        with pytest.raises(Conflict):
            configuring.close_to_residents(closed.tenant, by=by, at=at(23, 10))
        configuring.open_to_residents(closed.tenant, despite=True, by=by, at=at(23, 11))
    closed.tenant.refresh_from_db()
    assert (closed.tenant.open, closed.tenant.opened_at) == (True, at(23, 9))


def test_what_stops_work_is_to_be_acknowledged_first(closed, as_):
    answer = as_("admin").post(PAGE, {})
    assert answer.status_code == 400
    assert "项必须完善；确需先行开放的" in answer.content.decode()
    closed.tenant.refresh_from_db()
    assert not closed.tenant.open


def test_only_an_administrator_opens_it(closed, as_):
    assert as_("community").post(PAGE, {"despite": "on"}).status_code == 403
    with scope(closed.tenant), pytest.raises(Forbidden):
        configuring.open_to_residents(closed.tenant, despite=True, by=closed.actor("leader"), at=at(23, 9))
