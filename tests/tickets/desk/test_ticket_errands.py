"""Information that an officer reads on a ticket, in the brief and in the inbox."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import events
from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, TO_HANDLING, reported, walked
from tests.worlds import MONDAY
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import dispatching
from tickets.replies import actions as replies

pytestmark = pytest.mark.django_db
LIST = DESK + "tickets/"
TO_ASKED = [
    ("community", "triage_major", {"reason": "需要部门"}),
    ("center", "refer", {"reason": "需要水务"}),
]


def opened(client, address):
    return folded(client.get(address))


def test_a_warning_says_of_which_promise_and_stays_off_the_paper(world, as_):
    ticket = reported(world).ticket
    with scope(world.tenant):
        facts = {"purpose": "triage", "step": 0}
        events.record("clock.warned", ticket, by=world.system, at=timezone.now(), **facts)
        said = events.sentence("clock.warned")
    client = as_("community")
    page = opened(client, f"{LIST}{ticket.number}/")
    assert f"{said}（分单）" in page
    paper = opened(client, f"{LIST}{ticket.number}/print/")
    assert said not in paper
    assert "点单" in paper


def test_who_decides_reads_what_is_asked_beside_the_form(world, as_):
    ticket = walked(world, *TO_ASKED).ticket
    with scope(world.tenant):
        now = timezone.now()
        unit = world.units["water"]
        ticket = dispatching.dispatch(ticket, by=world.actor("county", now), at=now, unit=unit)
        ticket = dispatching.accept(ticket, by=world.actor("head", now), at=now)
        asked = {"days": 3, "reason": "等配件到货"}
        actions.VERBS["request_extension"](ticket, by=world.actor("head", now), at=now, **asked)
    form = opened(as_("county"), f"{LIST}{ticket.number}/?move=approve_extension")
    form = form[form.index('id="move-title"') :]
    form = form[: form.index("</form>")]
    assert "3 天" in form
    assert "等配件到货" in form
    assert "现在的办结时限是" in form


def test_a_reason_is_taken_from_a_template(world, as_):
    with scope(world.tenant):
        now = timezone.now()
        given = {"verb": "triage_minor", "title": "社区能办", "text": "社区和物业能够办理", "category": None}
        made = replies.keep(**given, by=world.actor("admin", now), at=MONDAY)
    number = reported(world).ticket.number
    page = opened(as_("community"), f"{LIST}{number}/?move=triage_minor&template={made.pk}")
    assert re.search(r'<textarea name="reason"[^>]*>\s*社区和物业能够办理</textarea>', page)


def test_what_waits_for_the_office_to_open_is_not_called_unread(world, as_):
    ticket = reported(world).ticket
    with scope(world.tenant):
        event, now = Event.objects.get(kind="ticket.report"), timezone.now()
        common = {"member": world.members["community"], "event": event, "subject_type": "tickets.ticket"}
        common |= {"subject_id": ticket.pk, "kind": event.kind, "link": f"desk/tickets/{ticket.number}/"}
        facts = {"number": ticket.number, "say": "state", "now": "reported"}
        later = now + timedelta(hours=9)
        Notice.objects.create(**common, facts=facts, created_at=now, rings_at=later)
    page = opened(as_("community"), DESK + "inbox/")
    assert "上班后提醒" in page
    assert ">未读<" not in page


def test_the_figures_of_the_brief_open_what_they_count(world, as_):
    for _n in range(2):
        reported(world)
    walked(world, *TO_HANDLING)
    with scope(world.tenant):
        late = timezone.now() - timedelta(days=1)
        Ticket.objects.filter(pk=Ticket.objects.first().pk).update(due_at=late)
    client = as_("center")
    page = opened(client, DESK + "brief/")
    links = re.findall(
        r'href="(/alpha/desk/tickets/\?[^"]+)">(?:<span[^>]*>▲</span>\s*)?(?:<b>)?(\d+)<', page
    )
    named = re.findall(r'id="part-\w+">\D+(\d+)</h2><a [^>]*href="([^"]+)"', page)
    figures = [(html.unescape(link), count) for link, count in [*links, *((link, n) for n, link in named)]]
    assert len(figures) >= 7, page  # the figures of the area, of each unit, and the own ones
    assert {count for _link, count in figures} >= {"3", "1"}
    for link, count in figures:
        assert f"共 {count} 件" in opened(client, link), link
