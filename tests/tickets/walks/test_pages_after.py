"""Stale pages, ratings on the ticket page, search by phone, figures of the desk, explaining a clock."""

import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, TO_RATING, reported, statements, walked
from tickets.models import Reporter, Ticket
from tickets.orders.actions import judging, rating_links
from tickets.today import queries as today


def rated(world, **more):
    """Create a ticket that its reporter rated by the link; returns the receipt."""
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        link = rating_links.of_token(rating_links.token_of(Reporter.objects.get(ticket=receipt.ticket), 0))
        given = {"speed": 5, "attitude": 4, "result": 5, "solved": True, "comment": "来得很快", **more}
        judging.rate_by_link(link, judging.Stars(**given), at=timezone.now())
    return receipt


def test_the_ticket_page_shows_the_stars_with_words(world, as_):
    receipt = walked(world, *TO_RATING)
    url, client = f"{DESK}tickets/{receipt.ticket.number}/", as_("community")
    assert 'id="ratings"' not in folded(client.get(url))
    url = f"{DESK}tickets/{rated(world).ticket.number}/"
    block = folded(client.get(url)).split('id="ratings"')[1].split("</section>")[0]
    assert block.count("★★★★★") == 2
    assert '<span class="visually-hidden">4 星</span>' in block
    for words in ("办理速度", "服务态度", "办理结果", "解决了", "来得很快", "首次办理"):
        assert words in block
    assert "网格员代读" not in block


def test_stars_read_out_by_a_grid_worker_stand_apart(world, as_):
    receipt = walked(world, *TO_RATING)
    with scope(world.tenant):
        by = world.actor("colleague", timezone.now())
        given = {"speed": 3, "attitude": 3, "result": 4, "solved": True, "text": "老人口述"}
        judging.rate(receipt.ticket, by=by, at=timezone.now(), **given)
    page = folded(as_("community").get(f"{DESK}tickets/{receipt.ticket.number}/"))
    block = page.split('id="ratings"')[1].split("</section>")[0]
    assert "网格员代读" in block
    assert "由李网格上门代读" in block
    assert "老人口述" in block


@pytest.mark.parametrize("q", ["13800001234", "138 0000 1234", "%2B8613800001234"])
def test_a_lost_receipt_is_found_by_the_whole_phone_number(world, as_, q):
    number = reported(world).ticket.number
    secret = reported(world, anonymous=True).ticket.number
    other = reported(world, phone="13800009999").ticket.number
    page = folded(as_("community").get(f"{DESK}tickets/?q={q}"))
    assert number in page
    assert secret not in page
    assert other not in page
    assert number not in folded(as_("pond_community").get(f"{DESK}tickets/?q={q}"))


def test_digits_that_are_no_phone_stay_words(world, as_):
    number = reported(world, text="告示上写着 84512345 无人接听").ticket.number
    client = as_("community")
    assert number in folded(client.get(DESK + "tickets/?q=84512345"))
    assert number not in folded(client.get(DESK + "tickets/?q=1380000"))


def test_the_desk_counts_only_what_the_reader_may_see(world, as_):
    reported_open = walked(world, *TO_RATING[:-1]).ticket
    with scope(world.tenant):
        by = world.actor("worker", timezone.now())

        def verifying():
            return next(c.count for c in today.counters(by, timezone.now(), 0) if "verifying" in c.address)

        seen = verifying()
        Ticket.objects.filter(pk=reported_open.pk).update(private=True, holder_unit=None, lead_unit=None)
        visible = Ticket.objects.visible_to(by).filter(pk=reported_open.pk).exists()
        assert (seen, visible, verifying()) == (1, False, 0)


def test_statements_of_a_rated_ticket_and_of_a_phone_search(world, as_):
    url, client = f"{DESK}tickets/{rated(world).ticket.number}/", as_("community")
    client.get(url)
    client.get(DESK + "tickets/?q=13800001234")
    assert statements(client, url) <= 6
    assert statements(client, DESK + "tickets/?q=13800001234") <= 5


def test_explain_clock_tells_local_time_and_labels(world):
    number = walked(world, *TO_HANDLING).ticket.number
    told = io.StringIO()
    call_command("explain_clock", number, tenant="alpha", stdout=told)
    lines = told.getvalue()
    assert "计时中" in lines
    assert "到期" in lines
    assert not re.search(r"running|warn_|escalate_|\+00:00", lines)
    with scope(world.tenant):
        begun = timezone.localtime(Ticket.objects.get().created_at, ZoneInfo(world.tenant.zone))
    assert f"{begun:%Y-%m-%d %H:%M}" in lines


def test_a_stale_page_says_so_and_keeps_what_was_typed(world, as_):
    receipt = walked(world, *TO_HANDLING)
    answer = as_("community").post(
        f"{DESK}tickets/{receipt.ticket.number}/moves/triage_major/",
        {"reason": "写了很久的理由", "expected": "reported"},
    )
    page = folded(answer)
    assert answer.status_code == 409
    assert "办理中" in page
    assert "写了很久的理由" in page


def test_a_stale_page_can_be_sent_again_while_the_move_is_there(world, as_):
    receipt = walked(world, *TO_HANDLING)
    body = {"outcome": "fixed", "answer": "已修好", "evidence": "换了灯泡", "expected": "reported"}
    answer = as_("community").post(f"{DESK}tickets/{receipt.ticket.number}/moves/resolve/", body)
    page = folded(answer)
    assert answer.status_code == 409
    assert ">确认" in page
    assert 'name="expected" value="handling"' in page


def test_a_move_that_is_gone_keeps_the_words_without_a_button(world, as_):
    receipt = walked(world, *TO_HANDLING)
    answer = as_("community").post(
        f"{DESK}tickets/{receipt.ticket.number}/moves/triage_minor/",
        {"reason": "写了很久的理由", "expected": "reported"},
    )
    page = folded(answer)
    assert answer.status_code == 409
    assert "readonly>写了很久的理由</textarea>" in page
    assert "当前状态不能执行该操作" in page
    assert ">确认" not in page
    assert "前办结" not in page
    assert 'name="reason"' not in page.split('id="move"')[1].split("</section>")[0]
