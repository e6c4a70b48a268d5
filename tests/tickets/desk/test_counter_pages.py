"""The report form for staff: the counter registers for a resident, a grid worker solves on the spot."""

from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, form_of, picture
from tickets.models import Reporter, Ticket


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
