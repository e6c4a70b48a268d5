"""Tasks on the ticket list: from a figure to the list, filters, the next ticket, moves on many tickets."""

import io
import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, walked
from tickets.models import Ticket
from tickets.replies import actions as replies

pytestmark = pytest.mark.django_db
LIST = DESK + "tickets/"


def opened(client, address):
    return folded(client.get(address))


def test_a_filter_of_a_counter_stays_while_others_change(world, as_):
    reported(world)
    page = opened(as_("community"), LIST + "?todo=1&order=due")
    assert '<input type="hidden" name="todo" value="1">' in page
    assert 'type="hidden" name="returned"' not in page


def test_the_list_says_how_many_there_are(world, as_, monkeypatch):
    client = as_("community")
    for _n in range(3):
        reported(world)
    assert "共 3 件" in opened(client, LIST)
    monkeypatch.setattr("tickets.ticket.queries.PAGE", 2)
    assert "共 3 件" in opened(client, LIST + "count/?todo=1")
    monkeypatch.setattr("tickets.lists.views.ticket_list.MAX_EXACT_COUNT", 2)
    assert "2 件以上" in opened(client, LIST + "count/")


def test_the_list_is_narrowed_by_the_day_of_the_report(world, as_):
    number = reported(world).ticket.number
    client, day = as_("community"), timezone.localdate()
    with scope(world.tenant):
        Ticket.objects.update(created_at="2026-11-20T15:30:00Z")  # 23:30 in the district
    assert number in opened(client, LIST + "?created_after=2026-11-20&created_before=2026-11-20")
    assert number not in opened(client, LIST + "?created_before=2026-11-19")
    assert number not in opened(client, LIST + "?created_after=2026-11-21")
    page = opened(client, LIST + f"?created_before={day.isoformat()}")
    assert f"到 {day.isoformat()}" in page
    assert client.get(LIST + "?created_before=昨天").status_code == 400


def test_a_place_is_said_with_its_community(world, as_):
    reported(world, area=world.areas["lane_building"].code, address="1号楼3单元")
    client = as_("community")
    assert "里巷社区 1号楼" in opened(client, LIST)
    assert "里巷社区 1号楼3单元" in opened(client, DESK)
    sheet = load_workbook(io.BytesIO(client.post(LIST + "export/", {"query": ""}).content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    place = next(row for row in rows if "地点" in row).index("地点")
    assert rows[-1][place] == "东街道 里巷社区 1号楼"


def test_a_whole_number_opens_its_ticket_and_full_width_letters_are_the_same(world, as_):
    number = reported(world).ticket.number
    client = as_("community")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    assert client.get(LIST, {"q": number.lower()})["Location"] == f"{LIST}{number}/"
    assert number in opened(client, f"{LIST}?q={wide}&state=reported")
    assert as_("pond_community").get(LIST, {"q": number}).status_code == 200


def test_the_next_matter_is_one_click_away(world, as_):
    first, second = (reported(world).ticket.number for _n in range(2))
    client = as_("community")
    assert f"{DESK}next/?after={first}" in opened(client, f"{LIST}{first}/")
    assert client.get(f"{DESK}next/?after={first}")["Location"] == f"{LIST}{second}/?move=triage_minor#move"
    assert client.get(f"{DESK}next/?after={second}")["Location"] == f"{LIST}{first}/?move=triage_minor#move"
    empty = as_("pond_community").get(f"{DESK}next/", follow=True)
    assert "暂无其他待办事项" in folded(empty)
    assert f"{DESK}next/" not in opened(as_("leader"), f"{LIST}{first}/")


def test_what_a_post_does_not_give_is_not_offered(world, as_):
    number = reported(world).ticket.number
    for name, may in (("community", True), ("leader", False)):
        client = as_(name)
        assert (f'href="{LIST}new/"' in opened(client, LIST)) is may
        assert ('id="add-photos"' in opened(client, f"{LIST}{number}/")) is may


def test_a_leader_is_not_told_to_do_what_the_centre_does(world, as_):
    reported(world, area="")
    counted = re.compile(r"<b>(\d+)</b>待我办")
    assert counted.search(opened(as_("county"), DESK))[1] == "1"
    assert counted.search(opened(as_("leader"), DESK)) is None


def test_what_is_due_next_is_named(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    client = as_("community")
    assert "首次联系 " in re.search(r'class="left left-.*?</dd>', opened(client, f"{LIST}{number}/"))[0]
    assert "?move=contact#move" in opened(client, DESK)


def test_the_community_puts_a_category_right_while_it_sorts(world, as_):
    number = reported(world, category="0101").ticket.number
    client = as_("community")
    given = {"reason": "社区能办", "category": "0102", "expected": "reported"}
    assert client.post(f"{LIST}{number}/moves/triage_minor/", given).status_code == 302
    with scope(world.tenant):
        assert Ticket.objects.get(number=number).category.code == "0102"


def test_a_batch_leads_back_to_the_list_it_came_from(world, as_):
    number = reported(world).ticket.number
    client, bulk = as_("community"), LIST + "bulk/"
    row, back = f"{number}.reported", f'href="{LIST}?todo=1&amp;order=due"'
    page = opened(client, LIST + "?todo=1&order=due")
    assert '<input type="hidden" name="back" value="todo=1&amp;order=due">' in page
    given = {"row": row, "move": "triage_major", "back": "todo=1&order=due"}
    assert back in folded(client.get(bulk, given))
    assert back in folded(client.post(bulk, given))
    done = folded(client.post(bulk, {**given, "reason": "社区无力办"}, follow=True))
    assert "成功 1 件" in done
    assert back in done
    assert f'href="{LIST}"' in folded(client.get(bulk, {"row": row, "back": "state=nonsense"}))


def test_a_batch_takes_its_reason_from_a_template_that_fits_all(world, as_):
    with scope(world.tenant):
        now = timezone.now()
        kept = {"verb": "triage_minor", "category": None, "by": world.actor("admin", now), "at": now}
        made = replies.keep(**kept, title="社区能办", text="社区和物业能够办理")
        replies.keep(**kept, title="一件的", text="{编号}由社区办理")
    given = {"row": f"{reported(world).ticket.number}.reported", "move": "triage_minor"}
    client = as_("community")
    page = folded(client.get(LIST + "bulk/", given))
    assert "社区能办" in page
    assert "一件的" not in page
    page = folded(client.get(LIST + "bulk/", {**given, "template": made.pk}))
    assert re.search(r'<textarea name="reason"[^>]*>\s*社区和物业能够办理</textarea>', page)


def test_the_list_has_tabs_and_one_line_of_filters(world, as_):
    page = opened(as_("community"), LIST + "?todo=1&order=due")
    tabs = page[page.index('<ul class="views">') :]
    words = [tabs.index(f">{one}</a>") for one in ("待我办", "超期", "我经手的", "全部")]
    assert words == sorted(words)
    assert re.search(r'todo=1&amp;order=due" aria-current="page"\s*>待我办', tabs)
    line, more = page.index('id="f-q"'), page.index('<details class="filter-more">')
    assert line < more < page.index('id="f-area"')


def test_what_a_member_has_handled_is_found_again(world, as_):
    mine, other = walked(world, *TO_HANDLING).ticket.number, reported(world).ticket.number
    client = as_("community")
    with scope(world.tenant):
        Ticket.objects.get(number=mine).remarks.update(member=world.members["community"])
    page = opened(client, LIST + "?touched=1")
    assert mine in page
    assert other not in page
    assert mine not in opened(as_("colleague"), LIST + "?touched=1")
