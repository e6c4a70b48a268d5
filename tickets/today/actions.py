"""Send the morning brief (早报) to the inbox of each member."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import connection

from governance import events
from governance.access import actors
from governance.access.models import Member
from governance.clocks import compiled_calendars
from governance.events import notices
from governance.events.models import Event, Notice
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from tickets.today.brief import AT, PARTS, count_parts, overseen_work, own_work, parts, span

UNTIL = time(12, 0)  # a brief that could not be sent by noon is dropped
BATCH = 200
BEGUN, SENT = "desk.brief", "desk.briefed"


def send(tenant: Tenant, at: datetime) -> int:
    """Put today's brief into the inbox of each member with something new, due or overdue, and return how many
    got one.

    Sent once per working day, from 08:30 on; an interrupted run continues where it stopped. Opens its own
    scopes.
    """
    event = _begin(tenant, at)
    if event is None:
        return 0
    told, after = 0, 0
    while people := _people(tenant, event, after):
        with scope(tenant):
            told += sum(_tell(user, event, at) for _pk, user in people)
        after = people[-1][0]
    with scope(tenant):
        events.record(SENT, tenant, by=actors.system(tenant.pk), at=at, told=told)
    return told


def _begin(tenant: Tenant, at: datetime) -> Event | None:
    """Today's brief event, recorded now if there is none; None if it is not time yet or the brief has been
    sent."""
    with scope(tenant):
        local = at.astimezone(ZoneInfo(tenant.zone))
        if not tenant.setting("brief") or not AT <= local.time() < UNTIL:
            return None
        if not compiled_calendars.calendar_for(tenant, None, at).is_workday(local.date()):
            return None
        with connection.cursor() as sql:  # two workers must not begin it twice
            sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [BEGUN, tenant.pk])
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        today = Event.objects.filter(subject_type="governance.tenant", subject_id=tenant.pk, at__gte=midnight)
        done = {event.kind: event for event in today.filter(kind__in=[BEGUN, SENT])}
        if BEGUN not in done:
            events.record(BEGUN, tenant, by=actors.system(tenant.pk), at=at)
            return today.get(kind=BEGUN)
        return None if SENT in done else done[BEGUN]


def _people(tenant: Tenant, event: Event, after: int) -> list[tuple[int, int]]:
    """The next members without a notice of this brief, as (member id, user id)."""
    with scope(tenant):
        told = Notice.objects.filter(event=event).values("member_id")
        found = Member.objects.filter(active=True, pk__gt=after).exclude(pk__in=told).order_by("pk")
        return list(found.values_list("pk", "user_id")[:BATCH])


def _tell(user_id: int, event: Event, at: datetime) -> int:
    actor = actors.of_user(user_id, event.tenant_id, at)
    if not actor.grants:
        return 0
    when, found = span(at), overseen_work(actor)
    facts = count_parts(own_work(actor), parts(when, "state_since"))
    if found is not None and not any(facts[name] for name in PARTS):
        facts = count_parts(found, parts(when, "created_at"))
    if not any(facts[name] for name in PARTS):
        return 0
    return notices.tell([actor.member_id], event, facts=facts, link="desk/brief/", now=True, in_person=True)
