"""Simulated time: an agenda of steps, and the deadlines that come due between them."""

import heapq
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from governance.access import actors
from governance.clocks import compiled_calendars
from governance.clocks.calendar import Unit as TimeUnit
from governance.clocks.timer import fire_next_due
from governance.errors import DomainError
from governance.events import feed
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.models import Unit
from tickets.demo.steps import Step
from tickets.demo.stories import next_step
from tickets.demo.territory import District
from tickets.demo.whistles_and_papers import Papers, Whistles
from tickets.duties import gate
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.orders.actions import judging, rating_links, splitting, triage
from tickets.privacy import notice as privacy_notice
from tickets.states import OPEN, Channel, State
from tickets.ticket.models.ticket import Ticket
from tickets.workflow import PAUSED

BATCH = timedelta(hours=2)  # simulated time in one transaction
LATELY = 0.3  # share of reports in the last days, so that tickets wait in every state
CALM = 0.8  # share of emergencies that become another matter, because they are rare
AT_HOME = 0.12  # share of reports where the demo accounts work, so that their today page is never empty
RELATED = ("lead_unit", "dispatched_by", "pending_unit", "parent", "category__parent")
FRESH = timedelta(days=3)  # notices are made only for this last period


@dataclass
class Play:
    """One run: the district, the agenda, the period and the cast of actors."""

    district: District
    begin: datetime
    end: datetime
    agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    ticks: int = 0
    told_from: datetime | None = None
    planned: set[int] = field(default_factory=set)  # tickets with a step on the agenda
    cast: dict[tuple[int, str], actors.Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.whistles = Whistles(self)

    @property
    def tenant(self) -> Tenant:
        """The simulated district."""
        return self.district.tenant

    @property
    def rng(self) -> Random:
        """The random generator of the run, started from its seed."""
        return self.district.rng

    def run(self, tickets: int) -> None:
        """Report `tickets` tickets over the period, and let people and clocks act until its end."""
        Papers(self).plan()
        self.expect(tickets)
        self.whistles.the_last()
        self.go_on(BATCH)

    def expect(self, tickets: int) -> None:
        """Put `tickets` reports on the agenda."""
        for _ in range(tickets):
            self.put(self._moment(), self._reported)

    def go_on(self, pace: timedelta, after_each: Callable[[datetime], None] = lambda now: None) -> None:
        """Advance time to the end, `pace` in one transaction, and call `after_each` with the new time after
        each."""
        now, others = self.begin, list(Tenant.objects.exclude(pk=self.tenant.pk).values_list("pk", flat=True))
        while now < self.end:
            now = min(now + pace, self.end)
            if self.told_from is None and now >= self.end - FRESH:
                feed.skip_to_now(self.tenant)
                self.told_from = now
            with scope(self.tenant):
                self._steps_until(now)
            while fire_next_due(now, skip=others):
                pass
            with scope(self.tenant):
                self._pick_up(now)
            after_each(now)

    def put(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Plan a call of `act` at a moment."""
        self.ticks += 1
        heapq.heappush(self.agenda, (moment, self.ticks, act))

    def _moment(self) -> datetime:
        """A moment at which people report: mostly by day, a few at night, some at weekends."""
        lately = max(self.begin, self.end - timedelta(days=9))
        begin = lately if self.rng.random() < LATELY else self.begin
        span = int((self.end - begin).total_seconds())
        moment = begin + timedelta(seconds=self.rng.randrange(span))
        while moment.astimezone(self._zone).hour not in range(7, 22) and self.rng.random() < 0.9:
            moment = begin + timedelta(seconds=self.rng.randrange(span))
        return moment

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant.zone)

    def _steps_until(self, now: datetime) -> None:
        while self.agenda and self.agenda[0][0] <= now:
            moment, _tick, act = heapq.heappop(self.agenda)
            act(moment)

    def _reported(self, moment: datetime) -> None:
        self._go_on(self._report(moment), moment)

    def _go_on(self, ticket: Ticket, moment: datetime) -> None:
        """Plan what comes next: for a divided ticket in each of its parts, after the last part in the whole
        ticket."""
        if ticket.state == State.DIVIDED:
            for part in Ticket.objects.filter(parent=ticket).select_related(*RELATED):
                self.plan(part, moment)
        elif ticket.state != State.CLOSED:
            self.whistles.perhaps_on(ticket, moment)
            self.plan(ticket, moment)
        elif ticket.parent_id:
            whole = splitting.close_divided(ticket.parent, by=actors.system(self.tenant.pk), at=moment)
            if whole.state != State.DIVIDED:
                self.plan(whole, moment)

    def _pick_up(self, now: datetime) -> None:
        """Plan the tickets that a clock moved on and that nobody has a step for: back from a pause, or risen."""
        left = Ticket.objects.filter(state__in=OPEN - PAUSED - {State.DIVIDED, State.RATING})
        for ticket in left.exclude(pk__in=self.planned).select_related(*RELATED).order_by("pk"):
            self.plan(ticket, now)

    def plan(self, ticket: Ticket, moment: datetime) -> None:
        """Put the ticket's next step on the agenda, counted from a moment."""
        step = next_step(ticket, self.district)
        if step is not None:
            due = self.after(moment, step.after)
            if ticket.tier == "emergency":
                due = moment + timedelta(minutes=min(step.after, 90))
            self.planned.add(ticket.pk)
            self.put(due, partial(self._take, ticket.pk, step))

    def after(self, moment: datetime, minutes: int) -> datetime:
        """The moment that is `minutes` work minutes later."""
        return (
            compiled_calendars.calendar_for(self.tenant, None, moment)
            .add(moment, minutes, TimeUnit.WORK_MINUTES)
            .at
        )

    def _take(self, pk: int, step: Step, moment: datetime) -> None:
        """Make the step if the ticket still allows it, then plan the next step."""
        self.planned.discard(pk)
        ticket = Ticket.objects.select_related(*RELATED).get(pk=pk)
        if ticket.state == State.CLOSED:
            return
        try:
            if step.verb == "rate_by_link":
                self._rate(ticket, step, moment)
            else:
                verb, given = actions.VERBS[step.verb], self._named(step.given, moment)
                verb(ticket, by=self.actor(step, moment), at=moment, **given)
        except gate.PushRefused as refused:
            gate.count_refused(refused.push)
        except DomainError:  # the ticket was moved meanwhile: risen, closed, returned
            pass
        self._go_on(Ticket.objects.select_related(*RELATED).get(pk=pk), moment)

    def _named(self, given: dict, moment: datetime) -> dict:
        found = dict(given)
        if "in_days" in found:
            found["until"] = (moment + timedelta(days=found.pop("in_days"))).date()
        if "unit" in found:
            found["unit"] = Unit.objects.select_related("area").get(code=found["unit"])
        if "assistants" in found:
            found["assistants"] = list(
                Unit.objects.select_related("area").filter(code__in=found["assistants"])
            )
        return found

    def _rate(self, ticket: Ticket, step: Step, moment: datetime) -> None:
        reporter = ticket.reporters.filter(member=None).first()
        link = rating_links.of_token(rating_links.token_of(reporter, ticket.reworks))
        judging.rate_by_link(link, step.given["stars"], at=moment)

    def actor(self, step: Step, moment: datetime) -> actors.Actor:
        """A member of the step's unit, in the first of its roles that the unit has.

        Raises LookupError if it has no members.
        """
        posts = self.district.people.get(step.unit, {})
        for role in (*step.roles, *posts):
            if role in posts:
                user = self.rng.choice(posts[role])
                key = (user, f"{moment:%Y-%m-%d}")
                if key not in self.cast:
                    self.cast[key] = actors.of_user(user, self.tenant.pk, moment)
                return self.cast[key]
        raise LookupError(step.unit)

    def _report(self, moment: datetime) -> Ticket:
        rng, district = self.rng, self.district
        own = rng.random() < AT_HOME
        community = district.communities[0] if own else rng.choice(district.communities)
        place = rng.choice(district.buildings[community.code])
        category, (_department, sayings) = rng.choice(district.leaves)
        if category.tier == "emergency" and rng.random() < CALM:
            category, (_department, sayings) = rng.choice(district.leaves)
        roll = rng.random()
        channel = Channel.GRID if roll < 0.5 else Channel.PORTAL if roll < 0.78 else Channel.HOTLINE
        solved = channel == Channel.GRID and rng.random() < 0.45 and category.tier != "emergency"
        draft = intake.Draft(
            text=rng.choice(sayings).format(place=f"{community.name.removesuffix('居委会')}{place.name}"),
            category=category.code,
            area=place.code,
            channel=channel,
            private=rng.random() < 0.03,
            name="" if solved else rng.choice("王李张刘陈杨赵黄") + rng.choice(("女士", "先生")),
            phone="" if solved or rng.random() < 0.15 else f"138{rng.randrange(10**8):08d}",
            client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            notice_version=privacy_notice.newest() if channel == Channel.PORTAL else None,
        )
        worker = Step("report", f"{community.code}W", ("grid_worker",), 0)
        if solved:
            by = self.actor(worker, moment)
            return triage.report_solved(draft, by=by, at=moment, text="当场处理完毕").ticket
        if channel == Channel.GRID:
            by = self.actor(worker, moment)
        elif channel == Channel.PORTAL:
            by = actors.public(self.tenant.pk)
        else:
            by = self.actor(Step("report", f"{place.code[:6]}000000C", ("clerk",), 0), moment)
        return intake.report(draft, by=by, at=moment).ticket
