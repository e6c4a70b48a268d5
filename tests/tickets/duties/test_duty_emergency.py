"""An emergency goes directly to the unit on duty: never refused, and counted as a push."""

from datetime import date

import pytest

from governance.events.models import Event
from governance.tenancy import config
from tests.tickets.duty_lists import LINES, published
from tests.tickets.walks.test_statements import WRITE, counted
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Category, Push
from tickets.states import State

pytestmark = [pytest.mark.django_db]


def leads_in_emergencies(walk, unit):
    Category.objects.filter(code="0103").update(duty_unit=walk.units[unit])
    config.changed(walk.tenant)


def straight(walk):
    """Report an emergency whose category names its duty unit; returns (ticket, number of statements)."""
    draft = intake.Draft(text="闻到煤气味", area=walk.areas["lane"].code, category="0103", name="钱")
    by = walk.actor("clerk")
    ticket, sent = counted(lambda: intake.report(draft, by=by, at=at(23, 9)).ticket)
    assert ticket.state == State.DISPATCHED
    return ticket, sent


GAS = ("7", "燃气安全检查", "上级部门收回", "水务局", "", "", "0103")


def test_an_emergency_that_goes_straight_to_a_street_is_counted_and_never_refused(walk):
    leads_in_emergencies(walk, "east_office")
    straight(walk)
    assert not Push.objects.exists()  # without a published list nothing is a push
    published(walk, *LINES, GAS)
    straight(walk)  # fills the caches of the process
    ticket, sent = straight(walk)
    assert sent <= WRITE
    push = Push.objects.get(ticket=ticket)
    assert (push.verdict, push.verb, push.onto) == ("emergency", "report", walk.units["east_office"])
    assert (push.department, push.unit_id) == (walk.units["water"], walk.actor("clerk").unit_id)
    assert ticket.duty_item.code == "7"
    facts = Event.objects.get(kind="ticket.report", subject_id=ticket.pk).facts
    assert (facts["gate"], facts["followed"]) == ("emergency", False)


def test_an_emergency_on_the_units_own_list_or_for_a_department_is_not_counted(walk):
    published(walk, *LINES, GAS)
    ticket, _sent = straight(walk)
    assert (ticket.lead_unit, ticket.duty_item.code) == (walk.units["water"], "7")
    assert Event.objects.get(kind="ticket.report", subject_id=ticket.pk).facts["followed"] is True
    published(walk, *LINES, ("8", "燃气应急处置", "基本履职", "街道", "", "", "0103"), since=date(2026, 2, 1))
    leads_in_emergencies(walk, "east_office")
    straight(walk)
    assert not Push.objects.exists()
