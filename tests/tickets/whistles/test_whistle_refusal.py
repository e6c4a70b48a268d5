"""Refusal of a whistle: the unit's arrival clock is paused, and the county's clock to decide runs."""

import pytest

from governance.clocks import timer
from governance.clocks.models import Clock, Deadline
from governance.events import feed
from governance.events.models import Event, Notice
from tests.tickets.walks.test_statements import counted
from tests.tickets.whistles.test_whistle import MONDAY, blown, go, party
from tests.worlds import at
from tickets.models import Whistle
from tickets.whistles import actions as whistles
from tickets.whistles import subscribers as whistle_subscribers
from tickets.whistles.actions.blowing import Called


def fire(when):
    while timer.fire_next_due(at=when):
        pass


def clock(whistle, purpose, unit):
    return Clock.objects.get(
        subject_type="tickets.whistle", subject_id=whistle.pk, purpose=purpose, unit_id=unit.pk
    )


def breached(whistle):
    kinds = Event.objects.filter(subject_id=whistle.pk, kind="clock.breached").order_by("seq")
    return [(event.facts["purpose"], event.facts["unit"]) for event in kinds]


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(feed, "announce", lambda tenant_id: None)


def refused(walk, **more):
    """Blow a whistle at 9:00 with two work hours to arrive, and refuse at 9:30; returns the whistle."""
    whistle = blown(walk, "water", "east_team", **more)
    go(walk, whistle, "team", "answer", at(23, 9, 10))
    go(walk, whistle, "head", "refuse", at(23, 9, 30), reason="不属我局职责")
    return whistle


def test_the_time_to_arrive_stands_still_until_the_county_decides(walk, quiet):
    whistle, water, team = refused(walk), walk.units["water"], walk.units["east_team"]
    assert clock(whistle, "arrive", water).state == "paused"
    assert clock(whistle, "arrive", team).state == "running"
    fire(at(23, 11, 30))
    assert ("arrive", water.pk) not in breached(whistle)
    assert ("arrive", team.pk) in breached(whistle)
    go(
        walk,
        whistle,
        "county",
        "overrule",
        at(23, 14, 30),
        reason="应当到场",
        party=party(walk, whistle, "water").pk,
    )
    arrive = clock(whistle, "arrive", water)
    assert (arrive.state, arrive.due_at) == ("running", at(23, 16))  # half an hour of the two hours was used
    fire(at(23, 16, 1))
    assert breached(whistle)[-1] == ("arrive", water.pk)


def test_the_county_decides_within_the_time_that_units_have_to_answer(walk, quiet):
    whistle, county = refused(walk), walk.units["county_center"]
    decision = clock(whistle, "arbitrate", county)
    assert decision.due_at == at(23, 10, 30)
    assert clock(refused(walk, kind="emergency"), "arbitrate", county).due_at == at(23, 9, 40)
    fire(at(23, 10, 31))
    assert breached(whistle) == [("arbitrate", county.pk)]
    late = Event.objects.get(kind="clock.breached", subject_id=whistle.pk)
    whistle_subscribers.tell_of_time([late])
    told = set(Notice.objects.filter(event=late).values_list("member_id", flat=True))
    assert told == {walk.members["county"].pk, walk.members["center"].pk}
    go(walk, whistle, "county", "uphold", at(23, 10, 40), reason="确不属其职责")
    assert clock(whistle, "arbitrate", county).outcome == "late"


def test_upheld_or_ended_no_clock_is_left(walk):
    for verb, who, given in (("uphold", "county", {"reason": "同意"}), ("end", "center", {"text": "已处置"})):
        whistle = refused(walk)
        whistle = go(walk, whistle, who, verb, at(23, 9, 50), **given)
        held = clock(whistle, "arrive", walk.units["water"])
        assert (held.state, held.outcome) == ("ended", "cancelled")
        decision = clock(whistle, "arbitrate", walk.units["county_center"])
        assert decision.outcome == ("met" if verb == "uphold" else "cancelled")
        open_ones = Deadline.objects.filter(clock__in=[held, decision], fired_at=None)
        assert not open_ones.exists()


def test_one_decision_clock_for_two_refusals(walk):
    whistle = refused(walk)
    with_both = Whistle.objects.get(pk=whistle.pk)
    summoned = whistles.VERBS["summon"]
    summoned(with_both, by=walk.actor("center"), at=at(23, 9, 35), units=[walk.units["parks"]])
    go(walk, whistle, "parks_head", "refuse", at(23, 9, 40), reason="无人")
    county = walk.units["county_center"]
    assert clock(whistle, "arbitrate", county).due_at == at(23, 10, 30)
    go(
        walk,
        whistle,
        "county",
        "uphold",
        at(23, 9, 50),
        reason="同意",
        party=party(walk, whistle, "water").pk,
    )
    assert clock(whistle, "arbitrate", county).state == "running"
    assert clock(whistle, "arrive", walk.units["parks"]).state == "paused"
    go(walk, whistle, "county", "overrule", at(23, 9, 55), reason="要来")
    assert clock(whistle, "arbitrate", county).outcome == "met"
    assert clock(whistle, "arrive", walk.units["parks"]).state == "running"


def test_a_unit_of_which_somebody_still_comes_goes_on_being_awaited(walk):
    member, head = walk.members["member"], walk.members["head"]
    called = tuple(
        Called(walk.units["water"], person, role) for person, role in ((head, "urban"), (member, "traffic"))
    )
    whistle = blown(walk, kind="joint", parties=called)
    one, two = whistle.parties.order_by("id")
    go(walk, whistle, "head", "refuse", at(23, 9, 10), reason="出差", party=one.pk)
    assert clock(whistle, "arrive", walk.units["water"]).state == "running"
    go(walk, whistle, "head", "refuse", at(23, 9, 20), reason="也出差", party=two.pk)
    assert clock(whistle, "arrive", walk.units["water"]).state == "paused"


def test_it_costs_no_more_statements_than_any_move(walk):
    blown(walk, "parks")  # fills the caches
    whistle = blown(walk, "water", "east_team")
    sent = {}
    for who, verb, given in (
        ("head", "refuse", {"reason": "不来"}),
        ("county", "overrule", {"reason": "要来"}),
    ):
        by = walk.actor(who)
        _done, sent[verb] = counted(
            lambda v=verb, b=by, g=given: whistles.VERBS[v](whistle, by=b, at=MONDAY, **g)
        )
    go(walk, whistle, "team", "refuse", reason="不来")
    by = walk.actor("county")
    _done, sent["uphold"] = counted(
        lambda: whistles.VERBS["uphold"](whistle, by=by, at=MONDAY, reason="同意")
    )
    assert {verb: n for verb, n in sent.items() if n > 10} == {}
