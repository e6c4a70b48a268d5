"""Parts of the ticket page: conversation, folded moves, time line of a clock, printout."""

from datetime import timedelta

from django.template import Context, Template
from django.utils import timezone

from governance.access.actors import Actor
from governance.clocks.queries import Passage
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, walked
from tickets.models import Ticket
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
    assert "btn-primary" not in page(as_("leader"), number).split('id="idle"')[0]


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
