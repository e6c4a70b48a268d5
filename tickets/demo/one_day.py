"""One day of the demo district in a minute: people act, clocks run, and each hour prints a line."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from governance import events
from governance.clocks import compiled_calendars
from governance.events import feed
from governance.events.models import Event
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.demo.simulation import RELATED, Play
from tickets.demo.territory import load
from tickets.states import OPEN
from tickets.ticket.models.ticket import Ticket

A_DAY, REPORTS = timedelta(days=1), 40
HOUR = timedelta(hours=1)


def play(tenant: Tenant, *, at: datetime, seconds: float, seed: int, tell: Callable[[str], None]) -> datetime:
    """Play the day after the district's last event within `seconds`; returns the simulated time at its end.

    The day consists of ordinary actions and the ordinary timer, so every line can be checked afterwards.
    """
    with scope(tenant):
        last = Event.objects.order_by("-at").values_list("at", flat=True).first() or at
        begin = _morning(tenant, max(at, last))
        district = load(tenant, random.Random(seed + begin.toordinal()))
        run = Play(district, begin, begin + A_DAY, told_from=begin)
        for ticket in Ticket.objects.filter(state__in=OPEN).select_related(*RELATED).order_by("id"):
            run.plan(ticket, begin)
        run.whistles.all_open(begin)
        run.put(begin + 2 * HOUR, run.whistles.some)
        run.expect(REPORTS)
    began = time.monotonic()

    def after(now: datetime) -> None:
        feed.deliver(tenant, now)
        tell(_hour(tenant, now))
        share = (now - begin) / A_DAY
        time.sleep(max(0.0, began + share * seconds - time.monotonic()))

    run.go_on(HOUR, after)
    return run.end


def _morning(tenant: Tenant, at: datetime) -> datetime:
    """An hour before the offices open next, or now if they are open, so that the day has events."""
    calendar = compiled_calendars.calendar_for(tenant, None, at)
    return at if calendar.is_open(at) else max(at, calendar.next_open(at) - HOUR)


def _hour(tenant: Tenant, now: datetime) -> str:
    with scope(tenant):
        happened = Event.objects.filter(at__gt=now - HOUR, at__lte=now).values_list("kind", flat=True)
        counted = Counter(happened).most_common(6)
        late = Ticket.objects.overdue(now).count()
    what = "、".join(f"{events.sentence(kind)} {n}" for kind, n in counted) or "—"
    local = now.astimezone(ZoneInfo(tenant.zone))
    return f"{local:%m-%d %H:%M}  {what}；超期 overdue {late}"
