"""Side stories of a demo run: whistles, and what departments request on paper."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import cycle
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from governance.access.actors import Actor
from governance.access.models import Member
from governance.access.permissions import Role
from governance.access.policy import below
from governance.errors import DomainError
from governance.tenancy.models import Tenant
from grids.models import Area, Unit
from grids.roster import actions as roster
from tickets.demo import duties, whistling
from tickets.demo.steps import Step
from tickets.demo.territory import District
from tickets.duties.actions import admissions
from tickets.states import OPEN
from tickets.ticket.models.ticket import Ticket
from tickets.whistles import actions
from tickets.whistles.actions import blowing
from tickets.whistles.models import Whistle
from tickets.whistles.workflow import WhistleKind

NIGHTS = 7
KINDS = (WhistleKind.PRESSING, WhistleKind.ENFORCEMENT, WhistleKind.JOINT, WhistleKind.EMERGENCY)


class Play(Protocol):
    """The parts of a run that these steps use: its district, its time, and its agenda."""

    district: District
    begin: datetime
    end: datetime

    @property
    def tenant(self) -> Tenant: ...

    def put(self, moment: datetime, act: Callable[[datetime], None]) -> None: ...

    def after(self, moment: datetime, minutes: int) -> datetime: ...

    def actor(self, step: Step, moment: datetime) -> Actor: ...


class Whistles:
    """The whistles of one run."""

    def __init__(self, play: Play) -> None:
        self.play = play

    def perhaps_on(self, ticket: Ticket, moment: datetime) -> None:
        """Maybe blow a whistle on the ticket, before the street that holds it does anything else."""
        if whistling.is_asked_for(ticket, self.play.district):
            self._go_on(self._blow(moment, self._next_kind(), ticket), moment)

    def some(self, moment: datetime) -> None:
        """Blow a whistle on one of the street's open tickets, and plan its course."""
        self._go_on(self._blow(moment, self._next_kind(), self._some_ticket()), moment)

    def all_open(self, moment: datetime) -> None:
        """Continue the whistles that are open or not rated."""
        for found in Whistle.objects.exclude(state="rated").order_by("id"):
            self._go_on(found, moment)

    def the_last(self) -> None:
        """Plan the whistles that are still going on at the end of the run."""
        for moment, kind, moves in whistling.last_ones(self.play.end):
            self.play.put(moment, partial(self._blow_last, kind, moves))

    def _blow_last(self, kind: str, moves: tuple[str, ...], moment: datetime) -> None:
        home = self.play.district.communities[0].parent.path  # the street of the demo accounts
        found, later = self._blow(moment, kind, self._some_ticket(home)), moment
        parties = found.parties.select_related("unit").order_by("id")
        for party, verb in zip(parties, moves, strict=False):
            later += timedelta(minutes=8)
            given: dict[str, Any] = {"party": party.pk}
            if verb == "arrive":
                given |= {"lat": found.lat, "lng": found.lng}
            unit = whistling.centre_of(found) if verb == "confirm" else party.unit.code
            self.play.put(later, partial(self._make, found.pk, Step(verb, unit, (), 0, given)))

    def _next_kind(self) -> WhistleKind:
        return KINDS[Whistle.objects.count() % len(KINDS)]

    def _some_ticket(self, home: str = "") -> Ticket | None:
        held = Ticket.objects.filter(state__in=OPEN, against_unit=None, private=False, whistles=None)
        if home:
            held = held.filter(below("area_path", [home]))
        return held.filter(area__level="building").order_by("-id").first()

    def _blow(self, moment: datetime, kind: str, ticket: Ticket | None) -> Whistle:
        district = self.play.district
        community = district.communities[0]
        if ticket:
            community = Area.objects.get(code=ticket.area_path.split("/")[2])
        usual = next((d for c, (d, _) in district.leaves if ticket and c.pk == ticket.category_id), 0)
        called = whistling.summons(kind, community, district, usual)
        by = self.play.actor(whistling.commanding(community.path), moment)
        if ticket:
            return blowing.blow_on(ticket, called, by=by, at=moment)
        return blowing.blow(called, by=by, at=moment)

    def _go_on(self, found: Whistle, moment: datetime) -> None:
        step = whistling.next_step(found, self.play.district)
        if step is not None:
            due = self.play.after(moment, step.after)
            if found.kind == WhistleKind.EMERGENCY:
                due = moment + timedelta(minutes=min(step.after, 20))
            self.play.put(due, partial(self._take, found.pk, step))

    def _take(self, pk: int, step: Step, moment: datetime) -> None:
        self._make(pk, step, moment)
        self._go_on(Whistle.objects.get(pk=pk), moment)

    def _make(self, pk: int, step: Step, moment: datetime) -> None:
        verb, found = actions.VERBS[step.verb], Whistle.objects.get(pk=pk)
        with suppress(DomainError):  # the whistle has ended meanwhile
            verb(found, by=self.play.actor(step, moment), at=moment, **step.given)


class Papers:
    """The duty list in force, an admission with its budget, and a street's consent to the head of an
    agency."""

    def __init__(self, play: Play) -> None:
        self.play = play

    def plan(self) -> None:
        """Plan them: the duty list first of all, the admission early, the consent in the last days."""
        self.play.put(self.play.begin, self._publish)
        self.play.put(self.play.end - timedelta(hours=1), self._nights)

    def _by(self, unit: str, role: str, moment: datetime) -> Actor:
        return self.play.actor(Step("", unit, (role,), 0), moment)

    def _publish(self, moment: datetime) -> None:
        by = self._by(duties.CENTRE, "tenant_admin", moment)
        duties.publish(self.play.district, by=by, at=moment, since=date(moment.year, 1, 1))
        duties.add_station(self.play.district)
        play = self.play
        play.put(play.after(moment, 600), self._ask)
        play.put(play.after(play.end - timedelta(days=3), 60), self._ask_the_street)

    def _nights(self, moment: datetime) -> None:
        """Plan the county centre's night shifts of the coming week, its members in turns."""
        centre, by = Unit.objects.get(code=duties.CENTRE), self._by(duties.CENTRE, "county_center", moment)
        turns = Member.objects.filter(
            posts__unit=centre, posts__role__in=[Role.COUNTY_CENTER, Role.CLERK]
        ).order_by("pk")
        zone = ZoneInfo(self.play.tenant.zone)
        evening = datetime.combine(moment.astimezone(zone).date(), time(17, 30), zone)
        for night, member in zip(range(NIGHTS), cycle(turns), strict=False):
            starts = evening + timedelta(days=night)
            roster.plan_shift(
                centre, member, starts_at=starts, ends_at=starts + timedelta(hours=15), by=by, at=moment
            )

    def _ask(self, moment: datetime) -> None:
        asked = duties.ask_to_admit(by=self._by(duties.WATER, "unit_head", moment), at=moment)
        self.play.put(self.play.after(moment, 300), partial(self._admit, asked.pk))

    def _admit(self, pk: int, moment: datetime) -> None:
        by = self._by(duties.CENTRE, "leader", moment)
        found = admissions.WorkAdmission.objects.get(pk=pk)
        admissions.approve(found, by=by, at=moment, answer="同意，经费随事项一并拨付街道。")

    def _ask_the_street(self, moment: datetime) -> None:
        duties.ask_the_street(by=self._by(duties.MARKET, "unit_head", moment), at=moment)
