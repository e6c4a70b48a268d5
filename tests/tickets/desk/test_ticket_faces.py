"""Parts of the ticket page: conversation, folded moves, time line of a clock, printout."""

from datetime import timedelta

from django.template import Context, Template
from django.utils import timezone

from governance.access.actors import Actor
from governance.clocks.queries import Passage
from governance.tenancy.scope import scope
from grids.models import Unit
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, walked
from tickets.models import Reporter, Ticket
from tickets.orders import actions
from tickets.templatetags.tickets import clock_bar
from tickets.ticket import sharing

ASKED = [*TO_HANDLING, ("community", "ask_resident", {"question": "哪一层的灯"})]


def page(client, number, tail=""):
    return folded(client.get(f"{DESK}tickets/{number}/{tail}"))


def test_the_talk_keeps_apart_what_the_resident_reads(world, as_):
    receipt = walked(world, *ASKED)
    resident = Actor("reporter", world.tenant.pk, reporter_id=receipt.reporter.pk)
    with scope(world.tenant):
        ticket = Ticket.objects.get(pk=receipt.ticket.pk)
        actions.VERBS["reply"](ticket, by=resident, at=timezone.now(), text="三层")
        by = world.actor("community", timezone.now())
        actions.VERBS["note"](ticket, by=by, at=timezone.now(), text="要换灯座")
    told = page(as_("community"), receipt.ticket.number)
    sides = [part.split('"')[0] for part in told.split('<li class="remark remark-')[1:]]
    assert sides == ["public", "resident", "internal"]
    assert told.index("哪一层的灯") < told.index("三层") < told.index("要换灯座")


def test_progress_is_written_below_the_talk(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    client = as_("community")
    assert 'class="composer"' in page(client, number)
    body = {"text": "已到现场", "public": "true", "expected": "handling"}
    assert client.post(f"{DESK}tickets/{number}/moves/note/", body).status_code == 302
    assert "已到现场" in page(client, number)
    assert 'class="composer"' not in page(as_("leader"), number)


def test_the_ordinary_next_move_leads_and_the_rest_is_folded(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    told = page(as_("community"), number)
    open_part, folded = told.split("更多动作")
    assert 'btn-primary" href="?move=resolve#move"' in open_part
    assert "move=merge" in folded
    assert open_part.count('href="?move=') == 5
    assert '<details class="fold" open><summary>更多动作' in page(as_("community"), number, "?move=merge")


def test_who_has_no_next_move_sees_no_primary_button(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    assert "btn-primary" not in page(as_("leader"), number).partition("</main>")[0]


def test_the_place_is_named_from_the_street_down(world, as_):
    number = reported(world).ticket.number
    told = page(as_("community"), number)
    assert "里巷社区 · " in told.replace("\n", "")


def test_the_paper_says_all_and_masks_who_reported(world, as_):
    number = walked(world, *TO_HANDLING).ticket.number
    paper = page(as_("community"), number, "print/")
    for words in (
        number,
        "三单元楼道灯不亮",
        "钱*",
        "138****1234",
        "本社区可办",
        "负责人签字",
        "（盖章）",
        "2026年",
    ):
        assert words in paper
    assert "13800001234" not in paper
    assert as_("pond_community").get(f"{DESK}tickets/{number}/print/").status_code == 404


class Promise:
    """The attributes of a clock that the time line uses."""

    def __init__(self, started, due, segments, ended=None, breached=None):
        self.started_at, self.due_at, self.segments, self.ended_at = started, due, segments, ended
        self.breached_at = breached


def passage(state, start, end):
    return Passage(state, "", start, end, "", "", None, "", 0, "")


def test_a_promise_is_drawn_with_its_pauses_and_where_it_is_due():
    begin = timezone.now() - timedelta(hours=10)
    hours = [begin + timedelta(hours=n) for n in range(11)]
    parts = (passage("running", hours[0], hours[2]), passage("paused", hours[2], hours[4]))
    drawn = clock_bar(Promise(begin, hours[5], parts, ended=hours[10]))
    assert drawn["due"] == 50
    assert [(part["left"], part["width"]) for part in drawn["parts"]] == [(0, 20), (20, 20)]
    late = clock_bar(Promise(begin, hours[5], parts, ended=hours[10], breached=hours[5]))
    assert late["parts"][-1] == {"state": "late", "left": 50, "width": 50}
    told = Template("{% load tickets %}{% clock_bar one %}").render(
        Context({"one": Promise(begin, hours[5], parts, ended=hours[10])})
    )
    assert "clock-part-paused" in told
    assert "left: 20.0%" in told


def test_a_part_names_the_whole_only_to_who_may_open_it(world, as_):
    """The water bureau leads the part and sees nothing of the ticket that was split."""
    whole, part = reported(world).ticket.number, reported(world).ticket
    with scope(world.tenant):
        parent = Ticket.objects.get(number=whole)
        water = world.units["water"]
        Ticket.objects.filter(pk=part.pk).update(parent=parent, lead_unit=water, state="handling")
        sharing.involve(part, water)
    assert whole in page(as_("community"), part.number)
    told = page(as_("head"), part.number)
    assert whole not in told
    assert "不在您的查看范围内" in told


def test_the_letter_of_answer_names_the_unit_and_masks_the_reporter(world, as_):
    ticket = walked(world, *TO_HANDLING).ticket
    client, address = as_("community"), f"{DESK}tickets/{ticket.number}/letter/"
    assert "暂无可答复的办理结果" in folded(client.get(address, follow=True))
    assert "答复函" not in page(client, ticket.number)
    with scope(world.tenant):
        by, now = world.actor("community", timezone.now()), timezone.now()
        given = {"outcome": "fixed", "answer": "灯泡已更换，恢复照明", "evidence": "更换灯泡"}
        actions.VERBS["resolve"](Ticket.objects.get(pk=ticket.pk), by=by, at=now, **given)
        assert "答复函" not in page(client, ticket.number)  # not before somebody has verified it
        Ticket.objects.filter(pk=ticket.pk).update(state="rating")
    assert "答复函" in page(client, ticket.number)
    letter = client.get(address).content.decode()
    assert "灯泡已更换，恢复照明" in letter
    assert "更换灯泡" not in letter.replace("灯泡已更换", "")
    assert world.units["lane"].name in letter
    with scope(world.tenant):
        reporter = Reporter.objects.get(ticket_id=ticket.pk)
        assert reporter.masked_name in letter
        assert reporter.name not in letter
    assert as_("pond_community").get(address).status_code == 404


def test_a_letter_holds_only_while_its_answer_does_and_is_printed_by_who_answers(world, as_):
    ticket = walked(world, *TO_HANDLING).ticket
    address = f"{DESK}tickets/{ticket.number}/letter/"
    with scope(world.tenant):
        by, now = world.actor("community", timezone.now()), timezone.now()
        given = {"outcome": "fixed", "answer": "灯泡已更换", "evidence": "更换灯泡"}
        actions.VERBS["resolve"](Ticket.objects.get(pk=ticket.pk), by=by, at=now, **given)
        Ticket.objects.filter(pk=ticket.pk).update(state="rating")
    assert as_("community").get(address).status_code == 200
    assert as_("center").get(address).status_code == 200
    assert as_("clerk").get(address).status_code == 403
    assert as_("worker").get(address).status_code == 403
    assert "答复函" not in page(as_("clerk"), ticket.number)
    for state in ("handling", "in_review", "resolved"):
        with scope(world.tenant):
            Ticket.objects.filter(pk=ticket.pk).update(state=state)
        assert as_("community").get(address).status_code == 302


def test_the_unit_and_an_unmasked_reporter_are_called_with_a_tap(world, as_):
    number = reported(world, name="钱居民", phone="13800001234").ticket.number
    with scope(world.tenant):
        Unit.objects.filter(pk=world.units["lane"].pk).update(phone="0543-3160001")
        reporter = Reporter.objects.get(ticket__number=number)
    client = as_("community")
    assert 'href="tel:0543-3160001"' in page(client, number)
    assert 'href="tel:13800001234"' not in page(client, number)
    given = {"reporter": reporter.pk, "reason": "核对地址"}
    assert 'href="tel:13800001234"' in folded(client.post(f"{DESK}tickets/{number}/unmask/", given))
    track = f"/alpha/track/?number={number}&code={reporter.code}"
    assert 'href="tel:0543-3160001"' in folded(client.get(track))
