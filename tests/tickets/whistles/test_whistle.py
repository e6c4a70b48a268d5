"""Whistles (吹哨): from the summons to the ratings, their visibility and their clocks."""

from decimal import Decimal

import pytest

from governance.clocks.models import Clock
from governance.errors import Conflict, Forbidden, IllegalMove, Invalid
from governance.events.models import Event
from tests.grids.areas.test_shapes import feature, take
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket, Whistle, WhistleRating
from tickets.orders import actions
from tickets.orders.actions import dispatching, triage
from tickets.whistles import actions as whistles
from tickets.whistles import api, queries
from tickets.whistles import rights as whistle_rights
from tickets.whistles.actions import blowing
from tickets.whistles.actions.blowing import Called, Summons

MONDAY = at(23, 9)


def summons(walk, *units, **more):
    given = {"kind": "pressing", "text": "沿街商铺占道,居民出行难", "area": walk.areas["lane"]}
    parties = tuple(Called(walk.units[unit]) for unit in units or ("water", "east_team"))
    return Summons(**given | {"parties": parties, "address": "幸福路口"} | more)


def blown(walk, *units, when=MONDAY, **more):
    return blowing.blow(summons(walk, *units, **more), by=walk.actor("center"), at=when)


def go(walk, whistle, who, verb, when=MONDAY, **given):
    return whistles.VERBS[verb](whistle, by=walk.actor(who), at=when, **given)


def party(walk, whistle, unit):
    return whistle.parties.get(unit=walk.units[unit])


def test_a_meeting_place_outside_the_district_is_refused(walk):
    take(walk, feature(walk.areas["district"].code))
    with pytest.raises(Invalid, match="不在本区县范围内"):
        blown(walk, lat=Decimal("37.4"), lng=Decimal("118.01"))
    assert blown(walk, lat=Decimal("36.05"), lng=Decimal("117.05")).lat


def test_from_the_summons_to_the_stars_of_both_sides(walk):
    whistle = blown(walk, "water")
    assert whistle.number.endswith("-S20261123-001")
    assert go(walk, whistle, "head", "answer", at(23, 9, 10)).state == "answered"
    assert go(walk, whistle, "member", "arrive", at(23, 10), code=whistle.code).state == "working"
    whistle = go(walk, whistle, "center", "end", at(23, 12), text="商铺已退回门内")
    assert whistle.state == "ended"
    stars = {"in_time": 5, "together": 4, "solved": 5, "text": "来得快"}
    assert go(walk, whistle, "center", "rate_unit", at(23, 13), **stars).state == "ended"
    whistle = go(walk, whistle, "head", "rate_whistle", at(23, 14), needed=4, clear=3)
    assert whistle.state == "rated"
    assert party(walk, whistle, "water").stage == "released"
    found = WhistleRating.objects.order_by("id").values_list("by_street", "in_time", "needed")
    assert list(found) == [(True, 5, None), (False, None, 4)]
    outcomes = dict(Clock.objects.filter(subject_type="tickets.whistle").values_list("purpose", "outcome"))
    assert outcomes == {"answer": "met", "arrive": "met", "rate": "met"}
    kinds = (
        Event.objects.filter(subject_type="tickets.whistle").order_by("seq").values_list("kind", flat=True)
    )
    verbs = ["blow", "answer", "arrive", "end", "rate_unit", "rate_whistle"]
    assert [kind for kind in kinds if kind.startswith("whistle")] == [f"whistle.{verb}" for verb in verbs]


@pytest.mark.parametrize(
    ("who", "error"), [("west_center", Forbidden), ("county", Forbidden), ("head", Forbidden)]
)
def test_only_the_street_of_the_place_blows(walk, who, error):
    with pytest.raises(error):
        blowing.blow(summons(walk), by=walk.actor(who), at=MONDAY)
    assert not Whistle.objects.exists()


def due(whistle, purpose):
    return set(Clock.objects.filter(subject_id=whistle.pk, purpose=purpose).values_list("due_at", flat=True))


def test_an_emergency_has_thirty_minutes_the_rest_two_work_hours(walk):
    emergency = blown(walk, kind="emergency", when=at(23, 12, 15))
    assert due(emergency, "arrive") == {at(23, 12, 45)}
    ordinary = blown(walk, when=at(23, 11))
    assert due(ordinary, "arrive") == {at(23, 15)}  # two work hours, without the noon break
    planned = blown(walk, arrive_by=at(24, 8, 30), when=at(23, 11))
    assert due(planned, "arrive") == {at(24, 8, 30)}
    with pytest.raises(Invalid):
        blown(walk, arrive_by=at(23, 8), when=at(23, 11))


def test_a_refusal_is_decided_by_the_county(walk):
    whistle = blown(walk)
    go(walk, whistle, "head", "refuse", reason="不属我局职责")
    go(walk, whistle, "team", "refuse", reason="队员都在外执勤")
    assert party(walk, whistle, "water").stage == "refused"
    with pytest.raises(Forbidden):
        go(walk, whistle, "center", "uphold", reason="同意")
    water, team = party(walk, whistle, "water"), party(walk, whistle, "east_team")
    go(walk, whistle, "county", "uphold", reason="确不属其职责", party=water.pk)
    go(walk, whistle, "county", "overrule", reason="抽调一组到场", party=team.pk)
    assert party(walk, whistle, "water").stage == "excused"
    assert (party(walk, whistle, "east_team").stage, party(walk, whistle, "east_team").overruled) == (
        "answered",
        True,
    )
    running = Clock.objects.filter(subject_id=whistle.pk, state="running")
    assert list(running.values_list("purpose", "unit_id")) == [("arrive", walk.units["east_team"].pk)]
    with pytest.raises(IllegalMove):
        go(walk, whistle, "team", "refuse", reason="还是不能")


def test_who_is_there_leaves_only_when_the_street_lets_them(walk):
    whistle = blown(walk, "water")
    go(walk, whistle, "center", "confirm")
    fresh = Whistle.objects.get()
    assert {offer.move.verb for offer in whistle_rights.available(fresh, walk.actor("head"))} == {"tick"}
    with pytest.raises(Forbidden):
        go(walk, whistle, "head", "release", reason="要走")
    go(walk, whistle, "center", "release", reason="水务部分已处置完")
    gone = party(walk, whistle, "water")
    assert (gone.stage, gone.seen_by, gone.left_for) == ("released", "desk", "水务部分已处置完")


HERE = {"lat": 37.46, "lng": 118.01}


@pytest.mark.parametrize(
    ("given", "seen", "away"),
    [({"lat": 37.4635, "lng": 118.01}, "place", 389), ({"lat": 37.4646, "lng": 118.01}, "too_far", None)],
)
def test_a_check_in_by_place_counts_within_the_radius(walk, given, seen, away):
    whistle = blown(walk, "water", **HERE)
    if seen == "too_far":
        with pytest.raises(Invalid) as refusal:
            go(walk, whistle, "head", "arrive", **given)
        assert refusal.value.code == "too_far"
        return
    go(walk, whistle, "head", "arrive", **given)
    there = party(walk, whistle, "water")
    assert (there.stage, there.seen_by, there.distance) == ("on_site", seen, away)


def test_the_code_is_computed_never_stored_and_not_to_be_guessed(walk):
    whistle = blown(walk, "water")
    assert len(whistle.code) == 6
    assert whistle.code not in str(Whistle.objects.values().get())
    wrong = f"{(int(whistle.code) + 1) % 1_000_000:06d}"
    codes = []
    for _ in range(6):
        with pytest.raises(Exception) as refusal:
            go(walk, whistle, "head", "arrive", code=wrong)
        codes.append(refusal.value.code)
    assert codes == ["wrong_code"] * 5 + ["too_often"]


def test_a_joint_response_is_of_persons_in_roles(walk):
    grids, lane = walk.units["lane_grids"], walk.units["lane"]
    people = (
        Called(grids, walk.members["worker"], "grid"),
        Called(grids, walk.members["lead"], "lane"),
        Called(lane, walk.members["community"], "unit"),
    )
    whistle = blowing.blow(summons(walk, kind="joint", parties=people), by=walk.actor("center"), at=MONDAY)
    assert Clock.objects.filter(subject_id=whistle.pk).count() == 4  # two clocks for each of two units
    go(walk, whistle, "lead", "answer")
    assert whistle.parties.get(stage="answered").member_id == walk.members["lead"].pk
    open_ones = Clock.objects.filter(subject_id=whistle.pk, unit_id=grids.pk, state="running")
    assert set(open_ones.values_list("purpose", flat=True)) == {"answer", "arrive"}
    go(walk, whistle, "worker", "arrive", code=whistle.code)
    go(walk, whistle, "lead", "arrive", code=whistle.code)
    assert not open_ones.exists()
    with pytest.raises(Invalid) as refusal:
        stranger = (Called(grids, walk.members["head"], "grid"),)
        blowing.blow(summons(walk, parties=stranger), by=walk.actor("center"), at=MONDAY)
    assert refusal.value.code == "not_in_unit"


def test_tasks_are_ticked_by_who_has_them(walk):
    whistle = blown(walk)
    water = party(walk, whistle, "water")
    go(walk, whistle, "center", "assign_task", text="关阀", party=water.pk)
    task = whistle.tasks.get()
    with pytest.raises(Forbidden):
        go(walk, whistle, "team", "tick", task=task.pk, done=True)
    go(walk, whistle, "member", "tick", task=task.pk, done=True)
    task.refresh_from_db()
    assert (task.party_id, task.done_by_id) == (water.pk, walk.members["member"].pk)
    go(walk, whistle, "center", "tick", task=task.pk, done=False)
    task.refresh_from_db()
    assert task.done_at is None


def on_ticket(walk, *units, **more):
    draft = intake.Draft(text="商铺占道", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    given = {"kind": "enforcement", "text": "请到场", "units": [walk.units[unit] for unit in units]}
    return actions.VERBS["whistle"](ticket, by=walk.actor("center"), at=MONDAY, **given | more)


def sees(walk, name, ticket):
    return Ticket.objects.visible_to(walk.actor(name)).filter(pk=ticket.pk).exists()


def kinds_of(ticket):
    found = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk).order_by("seq")
    return list(found.values_list("kind", flat=True))


def test_whoever_is_summoned_sees_the_ticket_until_the_end(walk):
    ticket = on_ticket(walk, "water", "parks")
    whistle = Whistle.objects.get()
    assert (whistle.ticket_id, whistle.area_path) == (ticket.pk, ticket.area_path)
    assert sees(walk, "head", ticket)
    assert sees(walk, "parks_head", ticket)
    parks = party(walk, whistle, "parks")
    go(walk, whistle, "parks_head", "refuse", reason="不属本单位")
    go(walk, whistle, "county", "uphold", reason="同意", party=parks.pk)
    assert not sees(walk, "parks_head", ticket)
    go(walk, whistle, "center", "end", text="已劝离")
    assert not sees(walk, "head", ticket)
    assert kinds_of(ticket)[-2:] == ["ticket.whistle", "ticket.whistle_ended"]


def test_who_leads_the_matter_sees_it_after_the_whistle_and_a_return_does_not_end_it(walk):
    ticket = on_ticket(walk, "water", "parks")
    whistle = Whistle.objects.get()
    ticket = triage.triage_major(ticket, by=walk.actor("community"), at=MONDAY, reason="大事")
    ticket = dispatching.refer(ticket, by=walk.actor("center"), at=MONDAY, reason="部门")
    water = walk.units["water"]
    ticket = dispatching.dispatch(ticket, by=walk.actor("county"), at=MONDAY, unit=water)
    ticket = dispatching.return_ticket(ticket, by=walk.actor("head"), at=MONDAY, reason="不属本单位")
    assert sees(walk, "head", ticket)
    ticket = dispatching.dispatch(ticket, by=walk.actor("county"), at=MONDAY, unit=water)
    go(walk, whistle, "center", "end", text="完成")
    assert sees(walk, "head", ticket)
    assert not sees(walk, "parks_head", ticket)


def test_a_second_whistle_keeps_the_sight_of_the_first(walk):
    ticket = on_ticket(walk, "water")
    again = {"kind": "pressing", "text": "再来一次", "units": [walk.units["water"]]}
    actions.VERBS["whistle"](ticket, by=walk.actor("center"), at=MONDAY, **again)
    first, second = Whistle.objects.order_by("id")
    go(walk, first, "center", "end", text="完成")
    assert sees(walk, "head", ticket)
    go(walk, second, "center", "end", text="完成")
    assert not sees(walk, "head", ticket)


def test_nobody_is_summoned_about_themselves_twice_or_in_vain(walk):
    with pytest.raises(Invalid):
        blown(walk, parties=())
    whistle = blown(walk, "water")
    with pytest.raises(Invalid) as refusal:
        go(walk, whistle, "center", "summon", units=[walk.units["water"]])
    assert refusal.value.code == "already_called"
    go(walk, whistle, "center", "summon", units=[walk.units["parks"]])
    assert whistle.parties.count() == 2
    draft = intake.Draft(text="x", area=walk.areas["lane_building"].code, against="water")
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    with pytest.raises(Invalid) as refusal:
        actions.VERBS["whistle"](
            ticket, by=walk.actor("center"), at=MONDAY, kind="pressing", text="x", units=[walk.units["water"]]
        )
    assert refusal.value.code == "against_it"


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("center", True),
        ("county", True),
        ("leader", True),
        ("head", True),
        ("member", True),
        ("parks_head", False),
        ("west_center", False),
        ("community", False),
        ("clerk", False),
        ("admin", False),
    ],
)
def test_a_whistle_is_seen_by_its_street_the_county_leaders_and_the_summoned(walk, who, seen):
    blown(walk, "water")
    assert Whistle.objects.visible_to(walk.actor(who)).exists() is seen


def test_what_never_came_is_kept_as_missed(walk):
    whistle = blown(walk)
    go(walk, whistle, "head", "answer")
    whistle = go(walk, whistle, "center", "end", text="街道自行处置")
    assert set(whistle.parties.values_list("stage", flat=True)) == {"missed"}
    assert set(Clock.objects.filter(purpose="arrive").values_list("outcome", flat=True)) == {"cancelled"}
    with pytest.raises(Conflict):
        go(walk, whistle, "head", "arrive", code=whistle.code)


def test_a_whistle_does_not_tell_the_number_of_a_ticket_out_of_sight(walk):
    ticket = on_ticket(walk, "water")
    whistle = Whistle.objects.get()
    head, center = walk.actor("head"), walk.actor("center")
    assert [row["ticket_number"] for row in queries.page(head).rows] == [ticket.number]
    go(walk, whistle, "center", "end", text="已劝离")
    assert not sees(walk, "head", ticket)
    assert [row["ticket_number"] for row in queries.page(head).rows] == [None]
    assert [row["ticket_number"] for row in queries.page(center).rows] == [ticket.number]
    found = queries.find(head, whistle.number)
    assert not found.sees_ticket
    assert api.as_detail(found, head, MONDAY)["ticket"] is None
