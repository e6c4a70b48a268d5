"""The demo district: made by the ordinary actions, and one more day of it played."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance.events import log
from governance.events.models import Event
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.actions import dispatching
from tickets.demo import live
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.fixture(autouse=True)
def fresh_permissions():
    """A test that commits empties the tables and has the permissions made anew, with other ids."""
    dispatching._read_permission.clear()
    yield
    dispatching._read_permission.clear()


def test_a_day_is_played_with_the_ordinary_actions_and_clocks(capsys):
    with pytest.raises(CommandError):
        call_command("demo", "--play")
    call_command("demo", "--tickets", "40")
    tenant, lines = Tenant.objects.get(slug="demo"), []
    with scope(tenant):
        before = Event.objects.count()
    end = live.play(tenant, at=timezone.now(), seconds=0, seed=7, tell=lines.append)
    assert len(lines) == 24
    with scope(tenant):
        kinds = Counter(Event.objects.values_list("kind", flat=True))
        assert Event.objects.count() > before
        assert kinds["ticket.report"] >= 40 + live.REPORTS
        assert kinds["clock.warned"]
        assert Event.objects.filter(at__gt=end - timedelta(days=1), kind="clock.warned").exists()
        assert list(log.verify()) == []
        assert not Ticket.objects.filter(created_at__gt=end).exists()
