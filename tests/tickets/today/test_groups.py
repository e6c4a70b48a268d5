"""A wave of equal reports is one line of the first page, and the line leads to exactly these tickets."""

from datetime import timedelta
from urllib.parse import parse_qsl

from django.utils import timezone

from governance.tenancy.scope import scope
from tests.pages import folded
from tests.tickets.matters import DESK, reported
from tests.tickets.walks.test_statements import counted
from tickets.lists.filters import filters_for
from tickets.models import Ticket
from tickets.ticket.queries import page
from tickets.today import queries
from tickets.today.groups import LEAST, groups_of


def wave(world, count, **given):
    return [reported(world, category="0101", text=f"路灯不亮 {n}", **given).ticket for n in range(count)]


def of(world, who):
    with scope(world.tenant):
        now = timezone.now()
        return world.actor(who, now), groups_of(world.actor(who, now), now), now


def test_a_wave_is_one_line_that_leads_to_exactly_its_tickets(world, as_):
    wave(world, LEAST)
    other = reported(world, category="0102", text="水管漏水").ticket
    actor, (group,), now = of(world, "community")
    assert (group.count, group.late) == (LEAST, False)
    with scope(world.tenant):
        found = page(actor, filters_for(dict(parse_qsl(group.address)), actor), at=now)
        assert len(found.rows) == LEAST
        rows = queries.rows(actor, now, beside=[group.condition])
        assert [row["number"] for row in rows] == [other.number]
    shown = folded(as_("community").get(DESK))
    assert f"{LEAST} 件待办" in shown
    assert shown.count('<div role="row" class="ticket-row">') == 1


def test_few_old_and_others_work_are_no_wave(world):
    wave(world, LEAST - 1)
    assert of(world, "community")[1] == []
    wave(world, 1)
    assert len(of(world, "community")[1]) == 1
    assert of(world, "pond_community")[1] == []
    with scope(world.tenant):
        Ticket.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert of(world, "community")[1] == []


def test_groups_cost_one_statement(world):
    wave(world, LEAST)
    with scope(world.tenant):
        now = timezone.now()
        actor = world.actor("community", now)
        groups_of(actor, now)
        _found, statements = counted(lambda: groups_of(actor, now))
    assert statements == 1
