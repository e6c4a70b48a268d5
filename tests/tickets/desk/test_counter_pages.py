"""The report form for staff: the counter registers for a resident, a grid worker solves on the spot."""

import pytest

from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, form_of, picture
from tickets.models import Reporter, Ticket
from tickets.orders.actions import triage


def test_the_counter_registers_for_a_resident(world, as_):
    client = as_("clerk")
    assert client.get(DESK + "tickets/new/").status_code == 200
    answer = client.post(DESK + "tickets/new/", form_of(world, channel="hotline"), follow=True)
    assert answer.status_code == 200
    assert "已登记" in answer.content.decode()
    assert "查询码" in answer.content.decode()
    with scope(world.tenant):
        assert Ticket.objects.get().channel == "hotline"


def test_a_grid_worker_settles_on_the_spot(world, as_):
    client = as_("worker")
    page = client.get(DESK + "tickets/new/").content.decode()
    assert f'value="{world.areas["lane_grid"].code}" selected' in page
    given = {"channel": "grid", "name": "", "phone": "", "solved": "拧紧了井盖"}
    outside = client.post(DESK + "tickets/new/", form_of(world, **given))
    assert outside.status_code == 403
    assert "拧紧了井盖" in outside.content.decode()
    body = form_of(world, **given, spot=world.areas["lane_grid"].code, photos=picture())
    answer = client.post(DESK + "tickets/new/", body)
    assert answer.status_code == 302, answer.content.decode()
    said = client.get(DESK).content.decode()
    with scope(world.tenant):
        ticket = Ticket.objects.get()
        assert ticket.number in said
        assert "查询码" not in said
        assert Reporter.objects.get().code not in said
        assert ticket.outcome == "fixed"
        assert ticket.attachments.get().purpose == "evidence"


def test_wrong_input_at_the_counter_keeps_what_was_typed(world, as_):
    body = form_of(world, channel="desk", phone="12ab", text="说了很多话")
    answer = as_("community").post(DESK + "tickets/new/", body)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "电话应为" in page
    assert "说了很多话" in page
    assert as_("head").post(DESK + "tickets/new/", form_of(world, channel="desk")).status_code == 403
    with scope(world.tenant):
        assert not Ticket.objects.exists()


def on_site(world, client, step, **given):
    """Report a finding as a grid worker with one of the two buttons; returns the ticket."""
    where = {"spot": world.areas["lane_grid"].code, "channel": "grid", "name": "", "phone": ""}
    answer = client.post(DESK + "tickets/new/", form_of(world, **where, step=step, **given))
    assert answer.status_code == 302, answer.content.decode()
    with scope(world.tenant):
        return Ticket.objects.latest("id")


def test_on_site_the_camera_is_first_and_two_buttons_decide(world, as_):
    client = as_("worker")
    page = client.get(DESK + "tickets/new/").content.decode()
    first, *others = (page.index(one) for one in ('capture="environment"', 'id="id_area"', 'id="id_text"'))
    assert [first, *others] == sorted([first, *others])
    assert page.index('value="onward"') < page.index('id="id_title"')
    assert on_site(world, client, "settled", text="清走了一袋垃圾").outcome == "fixed"
    onward = on_site(world, client, "onward", text="墙皮要掉了")
    assert (onward.state, onward.outcome) == ("reported", "")
    assert "capture" not in as_("clerk").get(DESK + "tickets/new/").content.decode()


def test_the_form_is_one_tap_away_on_a_phone(as_):
    page = as_("worker").get(DESK).content.decode()
    bar = page[page.index('class="thumb-bar"') :]
    assert 'href="/alpha/desk/tickets/new/"' in bar
    assert "tickets/new" not in as_("head").get(DESK).content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"tier": "urgent"},
        {"tier": "emergency"},
        {"text": "燃气泄漏，味道很大", "category": ""},
        {"text": "煤气 泄漏"},
        {"text": "着火了，有人触电", "category": ""},
        {"tier": "ordinary", "category": "0102"},
        {"tier": "ordinary", "category": "0103", "text": "有气味"},
    ],
)
def test_nobody_closes_a_serious_matter_alone(world, as_, monkeypatch, given):
    monkeypatch.setattr(triage, "sampled", lambda ticket: False)
    client = as_("worker")
    assert on_site(world, client, "settled", text="清走了一袋垃圾，天气很热").state == "closed"
    serious = on_site(world, client, "settled", **{"text": "井盖没了", **given})
    assert (serious.state, serious.outcome) == ("resolved", "fixed")


def test_a_matter_sent_straight_to_a_unit_cannot_be_settled_on_the_way(world, as_):
    body = {"spot": world.areas["lane_grid"].code, "channel": "grid", "name": "", "phone": ""}
    body = form_of(world, **body, category=world.categories["gas"].code, text="有气味", step="settled")
    answer = as_("worker").post(DESK + "tickets/new/", body)
    assert answer.status_code == 400
    assert "请点“上报”" in answer.content.decode()
