"""One ticket that a journey moves, with the number of statements of each verb."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.clocks.models import Clock
from governance.events.models import Event
from tests.worlds import at
from tickets.catalog import marks
from tickets.intake import actions as intake
from tickets.orders import actions
from tickets.orders.actions import judging, rating_links
from tickets.ticket import ended_level, sharing


class Walk:
    """One ticket and the moves on it, with members and units by their short names."""

    def __init__(self, world):
        self.world, self.ticket, self.reporter, self.costs = world, None, None, {}
        sharing.share_permission()
        judging.needs_eyes(None)
        ended_level.level_of(None)
        marks.is_dispute(None)

    def report(self, by="clerk", when=None, place="lane_building", **more):
        code = self.world.areas[place].code if place else ""
        draft = intake.Draft(**{"text": "路灯不亮", "area": code, **more})
        receipt = intake.report(draft, by=self.world.actor(by), at=when or at(23, 9))
        self.ticket, self.reporter = receipt.ticket, receipt.reporter
        return self.ticket

    def go(self, who, verb, when, **given):
        for name in ("unit", "assistant"):
            if isinstance(given.get(name), str):
                given[name] = self.world.units[given[name]]
        if "assistants" in given:
            given["assistants"] = [self.world.units[key] for key in given["assistants"]]
        actor = self.world.system if who == "system" else self.world.actor(who, when)
        with CaptureQueriesContext(connection) as caught:
            self.ticket = actions.VERBS[verb](self.ticket, by=actor, at=when, **given)
        self.costs[verb] = max(self.costs.get(verb, 0), len(caught))
        return self.ticket

    def rate(self, when, result=5, solved=True):
        link = rating_links.of_token(rating_links.token_of(self.reporter, self.ticket.reworks))
        stars = judging.Stars(speed=4, attitude=5, result=result, solved=solved)
        self.ticket = judging.rate_by_link(link, stars, at=when)
        return self.ticket

    def clocks(self, **wanted):
        found = Clock.objects.filter(subject_id=self.ticket.pk, subject_type="tickets.ticket", **wanted)
        return set(found.values_list("purpose", flat=True))

    def kinds(self):
        found = Event.objects.filter(subject_id=self.ticket.pk, subject_type="tickets.ticket")
        return list(found.order_by("seq").values_list("kind", flat=True))
