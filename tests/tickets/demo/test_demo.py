"""The demo district: created by the ordinary actions, and one more day simulated."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance.clocks.models import Clock
from governance.events import log
from governance.events.models import Event
from governance.tenancy import gaps
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.models import DutyShift, Unit, UnitKind
from tickets.demo import matters, one_day
from tickets.demo.territory import DEPARTMENTS
from tickets.duties import proposals
from tickets.duties import queries as duty_queries
from tickets.models import Category, HeadConsent, Ticket, Whistle, WorkAdmission
from tickets.states import OPEN
from tickets.ticket import sharing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.fixture(autouse=True)
def fresh_permissions():
    """Clear the cached permission: a test that commits recreates the permissions with other ids."""
    sharing._read_permission.clear()
    yield
    sharing._read_permission.clear()


def test_a_day_is_played_with_the_ordinary_actions_and_clocks(capsys):
    with pytest.raises(CommandError):
        call_command("demo", "--play")
    call_command("demo", "--tickets", "40")
    tenant, lines = Tenant.objects.get(slug="demo"), []
    with scope(tenant):
        before = Event.objects.count()
        stands_beside(timezone.now())
        assert not Category.objects.filter(name_en="").exists()
        assert Category.objects.get(unlisted=True).name == "低保救助"
        reached = Unit.objects.exclude(phone="").values_list("kind", flat=True).distinct()
        assert {*reached} == {UnitKind.COMMUNITY, UnitKind.STREET_CENTER, UnitKind.COUNTY_CENTER}
        is_plausible(timezone.now())
    end = one_day.play(tenant, at=timezone.now(), seconds=0, seed=7, tell=lines.append)
    assert len(lines) == 24
    with scope(tenant):
        kinds = Counter(Event.objects.values_list("kind", flat=True))
        assert Event.objects.count() > before
        assert kinds["ticket.report"] >= 40 + one_day.REPORTS
        assert kinds["clock.warned"]
        assert kinds["whistle.blow"] > 2  # the simulated day blows another one
        assert Event.objects.filter(at__gt=end - timedelta(days=1), kind="clock.warned").exists()
        assert list(log.verify()) == []
        assert not Ticket.objects.filter(created_at__gt=end).exists()


def is_plausible(now):
    """Check that no ticket is forgotten and that each is at a department that may deal with it."""
    assert not Ticket.objects.filter(state__in=OPEN, due_at__lt=now - timedelta(days=21)).exists()
    usual = {leaf: department for _top, leaf, _t, _m, _e, department, _s in matters.MATTERS}
    led = Ticket.objects.filter(lead_unit__kind=UnitKind.DEPARTMENT, parent=None)
    for leaf, unit in led.values_list("category__name", "lead_unit__name"):
        fitting = {usual[leaf], *matters.NEXT_DOOR.get(usual[leaf], ())}
        assert unit in {DEPARTMENTS[n] for n in fitting}, (leaf, unit)


def stands_beside(now):
    """Check the demo data besides its tickets: duty list, admission, consent, whistles, roster."""
    assert [str(gap.title) for gap in gaps.run_checks(now) if gap.grave and gap.count] == []
    assert DutyShift.objects.count() == 7  # the coming nights
    entries = {entry.kind for entry in duty_queries.in_force(now).entries}
    assert Category.objects.get(dispute=True).name == "邻里纠纷"
    assert entries == {"basic", "cooperating", "taken_back", "delegated"}
    ticket = Ticket.objects.filter(category__name="燃气异味").first() or Ticket.objects.first()
    ticket.category = Category.objects.get(name="燃气异味")
    advice = proposals.propose(ticket, now)[0]
    assert (advice.unit.name, advice.source) == ("燃气公司", "duty_list")
    assert "城镇燃气管理条例" in advice.why
    admission = WorkAdmission.objects.get()
    assert (admission.state, admission.budget) == ("approved", 86000)
    assert HeadConsent.objects.get().state == "asked"
    running = {}
    for one in Whistle.objects.filter(state="working").order_by("-created_at"):  # the newest of each kind
        running.setdefault(one.kind, one)
    for kind, seen_by in (("emergency", "place"), ("pressing", "desk")):
        parties = running[kind].parties.order_by("id")
        assert [party.stage for party in parties] == ["on_site", "answered"]
        assert parties[0].seen_by == seen_by
    arrivals = Clock.objects.filter(subject_type="tickets.whistle", purpose="arrive", state="running")
    assert arrivals.filter(subject_id=running["emergency"].pk, due_at__lt=now).count() == 1
