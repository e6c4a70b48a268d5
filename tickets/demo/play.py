"""Simulated time: an agenda of steps, and between them the deadlines that fall due."""

import heapq
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from governance.access import actors
from governance.clocks import shelf
from governance.clocks.calendar import Unit as TimeUnit
from governance.clocks.timer import fire_next_due
from governance.errors import DomainError
from governance.events import feed
from governance.tenancy.models import Tenant
from governance.tenancy.scope import scope
from grids.models import Unit
from tickets import actions
from tickets.actions import links
from tickets.demo.places import District
from tickets.demo.steps import Step
from tickets.demo.stories import next_step
from tickets.models import Ticket
from tickets.states import Channel, State

BATCH = timedelta(hours=2)  # simulated time in one transaction
LATELY = 0.3  # so much of the work is of the last days: every state has somebody waiting
RELATED = ("lead_unit", "dispatched_by", "pending_unit", "parent")
FRESH = timedelta(days=3)  # notices are made for this last stretch only


@dataclass
class Play:
    """One run: the district, the agenda, and how far time has come."""

    district: District
    begin: datetime
    end: datetime
    agenda: list[tuple[datetime, int, int | None, Step | None]] = field(default_factory=list)
    ticks: int = 0
    told_from: datetime | None = None
    cast: dict[tuple[int, str], actors.Actor] = field(default_factory=dict)

    @property
    def tenant(self) -> Tenant:
        return self.district.tenant

    @property
    def rng(self) -> Random:
        return self.district.rng

    def run(self, tickets: int) -> None:
        """Report `tickets` matters over the period and let people and clocks go on until its end."""
        self.expect(tickets)
        self.go_on(BATCH)

    def expect(self, tickets: int) -> None:
        """Put so many reports on the agenda."""
        for _ in range(tickets):
            self._put(self._moment(), None, None)

    def go_on(self, pace: timedelta, after_each: Callable[[datetime], None] = lambda now: None) -> None:
        """Let time pass up to the end, so much in one transaction, and call back after each."""
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
            after_each(now)

    def _put(self, moment: datetime, ticket: int | None, step: Step | None) -> None:
        self.ticks += 1
        heapq.heappush(self.agenda, (moment, self.ticks, ticket, step))

    def _moment(self) -> datetime:
        """A time of day at which people report: by day mostly, a few at night, some at weekends."""
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
            moment, _tick, pk, step = heapq.heappop(self.agenda)
            ticket = self._report(moment) if pk is None else self._take(pk, step, moment)
            if ticket is not None:
                self._go_on(ticket, moment)

    def _go_on(self, ticket: Ticket, moment: datetime) -> None:
        """Plan what comes next: for a divided ticket in each of its parts, after the last part in the whole."""
        if ticket.state == State.DIVIDED:
            for part in Ticket.objects.filter(parent=ticket).select_related(*RELATED):
                self.plan(part, moment)
        elif ticket.state != State.CLOSED:
            self.plan(ticket, moment)
        elif ticket.parent_id:
            whole = actions.gather(ticket.parent, by=actors.system(self.tenant.pk), at=moment)
            if whole.state != State.DIVIDED:
                self.plan(whole, moment)

    def plan(self, ticket: Ticket, moment: datetime) -> None:
        """Put the ticket's next step on the agenda, from a moment on."""
        step = next_step(ticket, self.district)
        if step is not None:
            calendar = shelf.calendar_for(self.tenant, None, moment)
            due = calendar.add(moment, step.after, TimeUnit.WORK_MINUTES).at
            if ticket.tier == "emergency":
                due = moment + timedelta(minutes=min(step.after, 90))
            self._put(due, ticket.pk, step)

    def _take(self, pk: int, step: Step | None, moment: datetime) -> Ticket | None:
        """Make the step if the ticket still stands where it was planned; else let it be planned anew."""
        ticket = Ticket.objects.select_related(*RELATED).get(pk=pk)
        if step is None or ticket.state == State.CLOSED:
            return None
        try:
            if step.verb == "rate_by_link":
                self._rate(ticket, step, moment)
            else:
                verb, given = actions.VERBS[step.verb], self._named(step.given, moment)
                verb(ticket, by=self._actor(step, moment), at=moment, **given)
        except DomainError:  # time has overtaken the plan: risen, closed, returned
            pass
        return Ticket.objects.select_related(*RELATED).get(pk=pk)

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
        link = links.of_token(links.token_of(reporter, ticket.reworks))
        actions.rate_by_link(link, step.given["stars"], at=moment)

    def _actor(self, step: Step, moment: datetime) -> actors.Actor:
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
        community = rng.choice(district.communities)
        place = rng.choice(district.buildings[community.code])
        category, (_department, sayings) = rng.choice(district.leaves)
        roll = rng.random()
        channel = Channel.GRID if roll < 0.5 else Channel.PORTAL if roll < 0.78 else Channel.HOTLINE
        solved = channel == Channel.GRID and rng.random() < 0.45 and category.tier != "emergency"
        draft = actions.Draft(
            text=rng.choice(sayings).format(place=f"{community.name.removesuffix('居委会')}{place.name}"),
            category=category.code,
            area=place.code,
            channel=channel,
            private=rng.random() < 0.03,
            name="" if solved else rng.choice("王李张刘陈杨赵黄") + rng.choice(("女士", "先生")),
            phone="" if solved or rng.random() < 0.15 else f"138{rng.randrange(10**8):08d}",
            client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
        )
        worker = Step("report", f"{community.code}W", ("grid_worker",), 0)
        if solved:
            by = self._actor(worker, moment)
            return actions.report_solved(draft, by=by, at=moment, text="当场处理完毕").ticket
        if channel == Channel.GRID:
            by = self._actor(worker, moment)
        elif channel == Channel.PORTAL:
            by = actors.public(self.tenant.pk)
        else:
            by = self._actor(Step("report", f"{place.code[:6]}000000C", ("clerk",), 0), moment)
        return actions.report(draft, by=by, at=moment).ticket
