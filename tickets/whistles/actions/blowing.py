"""Blow a whistle (吹哨): a street summons units to a place, with or without a ticket, and may summon more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.actions import NewClock
from governance.clocks.calendar import Unit as Measure
from governance.clocks.models import Purpose
from governance.errors import Invalid
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from grids import tree as territory
from grids.areas import bounds
from grids.models import Area, Unit, UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries
from tickets.catalog.service_levels import policy_of
from tickets.ticket import accused, moving
from tickets.ticket.models.ticket import Ticket
from tickets.whistles import queries, rights
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.sharing import share
from tickets.whistles.workflow import BLOW, TIERS, Part, WhistleKind, WhistleState

MOST_PARTIES = 30
SOONEST, LATEST = 5, 30 * 24 * 60  # limits in minutes for a time to arrive that the street sets


@dataclass(frozen=True, slots=True)
class Called:
    """One party to summon: a unit, or one member of it in one of the six roles."""

    unit: Unit
    member: Member | None = None
    role: str = Part.UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Summons:
    """The reason for a whistle, the parties to summon, and the place; without an area the ticket's place."""

    kind: str
    text: str
    parties: tuple[Called, ...]
    area: Area | None = None
    address: str = ""
    lat: Decimal | None = None
    lng: Decimal | None = None
    arrive_by: datetime | None = None


def blow(summons: Summons, *, by: Actor, at: datetime) -> Whistle:
    """吹哨 without a ticket.

    Raises Forbidden unless `by` commands the area's street, Invalid naming the field.
    """
    return _blow(summons, None, by=by, at=at)


def whistle(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    kind: str,
    text: str,
    units: Iterable[Unit],
    expected: str = "",
) -> Ticket:
    """吹哨 on a ticket: the summoned units can read it until the whistle ends."""
    summons = Summons(kind=kind, text=text, parties=tuple(Called(unit) for unit in units))
    return blow_on(ticket, summons, by=by, at=at, expected=expected).ticket


def blow_on(ticket: Ticket, summons: Summons, *, by: Actor, at: datetime, expected: str = "") -> Whistle:
    """The same with a full `Summons`; also recorded on the ticket."""
    ticket, move = moving.lock_for(ticket, "whistle", by=by, expected=expected)
    made = _blow(summons, ticket, by=by, at=at)
    moving.record_move(ticket, move, by=by, at=at, whistle=made.pk)
    return made


def _blow(summons: Summons, ticket: Ticket | None, *, by: Actor, at: datetime) -> Whistle:
    made = _whistle(summons, ticket, at)
    policy.require(by, Permission.TICKET_STREET, made)
    made.blown_by_id, made.member_id = _street_of(by, made.area_path), by.member_id
    called = _checked(summons.parties, made.area_path, ticket, at)
    made.number = next_number(at)
    made.save(force_insert=True)
    parties, begin = summon_parties(made, called, ticket, at)
    clocks.start_all(made, begin, at=at)
    facts = {"ticket": made.ticket_id, "units": sorted({party.unit_id for party in parties})}
    events.record(BLOW, made, by=by, at=at, what=str(made.kind), **facts)
    return made


def _whistle(summons: Summons, ticket: Ticket | None, at: datetime) -> Whistle:
    if summons.kind not in WhistleKind.values:
        raise Invalid(_("请选择吹哨类型"), code="unknown_choice", field="kind")
    text = web_fields.required(summons.text, "text", _("吹哨事由"))
    if summons.area is None and ticket is None:
        raise Invalid(_("请选择集合地点所在社区"), code="required", field="area")
    area_id = summons.area.pk if summons.area else ticket.area_id
    path = summons.area.path if summons.area else ticket.area_path
    if (summons.lat is None) != (summons.lng is None):
        raise Invalid(_("经纬度要同时填写"), code="half_a_place", field="lat")
    if summons.lat is not None and summons.lng is not None:
        bounds.require_inside(summons.lat, summons.lng)
    placed = summons if summons.lat is not None or ticket is None else ticket
    if summons.arrive_by and not SOONEST <= _minutes(at, summons.arrive_by) <= LATEST:
        raise Invalid(_("要求到场时间应在 5 分钟以后、30 天以内"), code="out_of_range", field="arrive_by")
    return Whistle(
        kind=summons.kind,
        ticket=ticket,
        area_id=area_id,
        area_path=path,
        address=web_fields.trimmed(summons.address or (ticket.address if ticket else ""))[:200],
        lat=placed.lat,
        lng=placed.lng,
        text=text,
        arrive_by=summons.arrive_by,
        state=WhistleState.BLOWN,
        state_since=at,
        created_at=at,
    )


def _street_of(by: Actor, path: str) -> int | None:
    """The id of the centre that gives the actor command over the area."""
    grants = by.grants_with(Permission.TICKET_STREET)
    return next((g.unit_id for g in grants for own in g.area_paths if path.startswith(own)), by.unit_id)


def _checked(parties: Iterable[Called], path: str, ticket: Ticket | None, at: datetime) -> list[Called]:
    """Each party once; raises Invalid for none or too many.

    Also for inactive units, those of another street, members not posted in their unit, and the unit complained about.
    """
    called = list({(one.unit.pk, one.member and one.member.pk, one.role): one for one in parties}.values())
    if not called:
        raise Invalid(_("请选择要召集的单位"), code="required", field="units")
    if len(called) > MOST_PARTIES:
        raise Invalid(_("一次最多召集 %(n)d 方") % {"n": MOST_PARTIES}, code="too_many", field="units")
    for one in called:
        if not one.unit.active:
            raise Invalid(_("%(unit)s已停用") % {"unit": one.unit.name}, code="unit_inactive", field="units")
        if one.member is None and not queries.may_be_summoned(one.unit, territory.street_path(path)):
            message = _("%(unit)s不在可召集的范围内") % {"unit": one.unit.name}
            raise Invalid(message, code="out_of_reach", field="units")
        if ticket is not None:
            accused.not_about(ticket, one.unit, "units")
    persons = [one for one in called if one.member]
    kept_out = accused.people_in_line(ticket, at) if ticket is not None and persons else frozenset()
    if theirs := next((one.member for one in persons if one.member.pk in kept_out), None):
        message = _("%(name)s在被反映的单位或其上下级单位任职") % {"name": theirs.name}
        raise Invalid(message, code="against_it", field="parties")
    posted = set(people_queries.staff([one.unit.pk for one in persons], at)) if persons else set()
    for one in persons:
        if (one.unit.pk, one.member.pk) not in posted:
            message = _("%(name)s不在%(unit)s任职") % {"name": one.member.name, "unit": one.unit.name}
            raise Invalid(message, code="not_in_unit", field="parties")
    return called


def summon_parties(
    made: Whistle, called: list[Called], ticket: Ticket | None, at: datetime
) -> tuple[list[WhistleParty], list[NewClock]]:
    """Store the parties and their shares of the ticket; returns the rows and the clocks of their units."""
    fresh = share(ticket, [one.unit for one in called]) if ticket else set()
    parties = [
        WhistleParty(
            whistle=made,
            unit=one.unit,
            member=one.member,
            role=one.role,
            shared=one.unit.group_id in fresh,
            asked_at=at,
        )
        for one in called
    ]
    WhistleParty.objects.bulk_create(parties)
    units = dict.fromkeys(party.unit_id for party in parties)
    purposes = (Purpose.ANSWER, Purpose.ARRIVE)
    return parties, [promise(made, purpose, unit, at) for unit in units for purpose in purposes]


def promise(made: Whistle, purpose: Purpose, unit_id: int | None, at: datetime) -> NewClock:
    """One clock of the whistle: by the service level for its urgency, or until the street's own time."""
    category = made.ticket.category_id if made.ticket_id else None
    held = policy_of(current(), purpose, TIERS[WhistleKind(made.kind)], category)
    if purpose == Purpose.ARRIVE and made.arrive_by:
        minutes = max(_minutes(at, made.arrive_by), SOONEST)
        held = replace(held, budget=minutes, unit=Measure.NATURAL_MINUTES)
    return NewClock(purpose=purpose, policy=held, unit_id=unit_id)


def foreseen(kind: str, ticket: Ticket | None, at: datetime) -> tuple[datetime | None, datetime | None]:
    """The times to answer and to arrive of a whistle blown now, by the district's working hours."""
    made = Whistle(kind=kind, ticket=ticket)
    answer, arrive = (
        clocks.due_of(promise(made, purpose, None, at), at) for purpose in (Purpose.ANSWER, Purpose.ARRIVE)
    )
    return answer, arrive


def decision(made: Whistle) -> NewClock:
    """The county's clock to decide on a refusal: as long as the time to answer, as others wait on site."""
    county = unit_queries.holders_of(made.area_path).get(UnitKind.COUNTY_CENTER)
    return replace(promise(made, Purpose.ANSWER, county, made.created_at), purpose=Purpose.ARBITRATE)


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def summon(
    found: Whistle,
    *,
    by: Actor,
    at: datetime,
    units: Iterable[Unit] = (),
    parties: Iterable[Called] = (),
    expected: str = "",
) -> Whistle:
    """增派: summon more units, each with its own clocks from now.

    Raises Invalid for a unit already summoned.
    """
    rows = Whistle.objects.select_for_update(of=("self",), no_key=True).select_related("ticket")
    locked = rows.get(pk=found.pk)
    move, _party = rights.check(locked, "summon", by=by, expected=expected)
    called = _checked([*(Called(unit) for unit in units), *parties], locked.area_path, locked.ticket, at)
    there = {(party.unit_id, party.member_id, party.role) for party in locked.summoned}
    if twice := [c for c in called if (c.unit.pk, c.member and c.member.pk, c.role) in there]:
        message = _("%(unit)s已在召集之列") % {"unit": twice[0].unit.name}
        raise Invalid(message, code="already_called", field="units")
    parties, begin = summon_parties(locked, called, locked.ticket, at)
    clocks.change_clocks(locked, start=begin, at=at)
    events.record(move.event, locked, by=by, at=at, units=sorted({party.unit_id for party in parties}))
    return locked


def next_number(at: datetime) -> str:
    """The next number of the day, without gaps: 前缀-哨-日期-序号, with S for 哨."""
    tenant, day = current(), territory.local_day(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_whistlecounter AS c (tenant_id, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (tenant_id, day) DO UPDATE SET last = c.last + 1 RETURNING last",
            [tenant.pk, day],
        )
        last = cursor.fetchone()[0]
    return f"{tenant.prefix}-S{day:%Y%m%d}-{last:03d}"
