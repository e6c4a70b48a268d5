"""The elder version (长辈版): it stays until it is left, and a report can be undone with one click."""

import re
from datetime import timedelta

from django.utils import timezone

from governance.tenancy.scope import scope
from grids.models import Unit
from tests.pages import folded
from tests.tickets.matters import TO_RATING, form_of, picture, walked
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


STEP = "/alpha/elder/report/"


def fields_of(page):
    """The values that a browser without scripts sends with the next button."""
    form = page[page.index('<form method="post" enctype') : page.rindex("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
        if given.get("type") == "hidden" or (given.get("type") == "text" and given.get("value")):
            found[given["name"]] = given.get("value", "")
    return found


def test_a_report_asks_one_question_a_screen_and_loses_nothing(world, client):
    page = folded(client.get(STEP))
    assert "出了什么事" in page
    assert "照片" not in page.partition("<main")[2].partition("<form")[0]
    page = folded(client.post(STEP, {**fields_of(page), "text": " ", "go": "where"}))
    assert "请先说说是什么事" in page
    page = folded(client.post(STEP, {**fields_of(page), "text": "井盖松动", "go": "where"}))
    assert "在什么地方" in page
    assert 'href="tel:12345"' in page  # a number to call instead
    lane = {"area": world.areas["lane"].code, "address": "三单元门口"}
    page = folded(client.post(STEP, {**fields_of(page), **lane, "go": "photo"}))
    page = folded(client.post(STEP, {**fields_of(page), "photos": [picture()], "go": "send"}))
    for words in ("井盖松动", "里巷社区 三单元门口", "1 张"):
        assert words in page
    before = folded(client.post(STEP, {**fields_of(page), "name": "钱居民", "go": "where"}))
    assert 'value="三单元门口"' in before
    page = folded(client.post(STEP, {**fields_of(before), **lane, "go": "send"}))
    assert fields_of(page)["name"] == "钱居民"
    refused = client.post(STEP, {**fields_of(page), "go": "done"})
    assert refused.status_code == 400  # the notice was not accepted
    page = folded(refused)
    assert "核对并提交" in page
    answer = client.post(STEP, {**fields_of(page), "accepted": "on", "go": "done"})
    assert answer.status_code == 302
    with scope(world.tenant):
        ticket = Ticket.objects.get()
        assert (ticket.text, ticket.address, ticket.area.code) == ("井盖松动", "三单元门口", lane["area"])
        assert ticket.attachments.count() == 1
        assert ticket.reporters.get().name == "钱居民"


def test_the_community_of_a_printed_code_is_the_number_to_call(world, client):
    with scope(world.tenant):
        Unit.objects.filter(pk=world.units["lane"].pk).update(phone="0543-1234567")
    page = folded(client.get(f"{STEP}?area={world.areas['lane_building'].code}"))
    page = folded(client.post(STEP, {**fields_of(page), "text": "井盖松动", "go": "where"}))
    assert 'href="tel:0543-1234567"' in page
    assert world.areas["lane_building"].code in page


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
