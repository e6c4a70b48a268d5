"""For every verb that names a unit and every level: the units accepted are those offered, and no level is skipped."""

import pytest
from django.db import transaction

from governance.access.permissions import Role
from governance.errors import Invalid
from grids.models import Unit, UnitKind
from grids.people import records as people
from grids.units import records
from tests.worlds import MONDAY, SINCE
from tickets.duties.gate import PushRefused
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import splitting
from tickets.orders.forms import units_for
from tickets.states import State
from tickets.ticket.reach import KINDS, territory_of

COMMUNITY, STREET, COUNTY = State.REPORTED, State.ESCALATED, State.REFERRED
WHY = {"reason": "理由"}
#: (verb, state, level that sorted it, lead unit, who sends it) -> the level whose units are accepted.
CASES = [
    ("triage_minor", "reported", "", "", "community", COMMUNITY),
    ("reassign", "handling", "reported", "lane_grids", "community", COMMUNITY),
    ("reassign", "dispatched", "reported", "lane_grids", "community", COMMUNITY),
    ("request_transfer", "handling", "referred", "water", "head", COUNTY),
    ("request_transfer", "handling", "escalated", "lane", "captain", STREET),
    ("take_up", "escalated", "", "", "center", STREET),
    ("dispatch", "escalated", "", "", "center", STREET),
    ("reassign", "handling", "escalated", "east_team", "center", STREET),
    ("dispatch", "referred", "", "", "county", COUNTY),
    ("reassign", "handling", "referred", "water", "county", COUNTY),
    ("arbitrate", "escalated", "", "", "county", COUNTY),
    ("arbitrate", "referred", "", "", "county", COUNTY),
    ("arbitrate", "dispatched", "escalated", "east_team", "county", COUNTY),
]
SENDERS = {"reported": "lane", "escalated": "east_center", "referred": "county_center"}


def standing(walk, state, came_from, lead):
    draft = intake.Draft(text="灯不亮", area=walk.areas["lane_building"].code)
    ticket = intake.report(draft, by=walk.actor("clerk"), at=MONDAY).ticket
    holder = lead or SENDERS[state]
    row = {"state": state, "came_from": came_from, "holder_unit": walk.units[holder]}
    if lead:
        row |= {"lead_unit": walk.units[lead], "dispatched_by": walk.units[SENDERS[came_from]]}
    Ticket.objects.filter(pk=ticket.pk).update(**row)
    ticket.refresh_from_db()
    return ticket


def accepts(verb, ticket, unit, by):
    """Whether the action takes the unit; what the duty list refuses is no matter of levels."""
    more = {} if verb in {"take_up", "dispatch"} else WHY
    try:
        with transaction.atomic():
            actions.VERBS[verb](ticket, by=by, at=MONDAY, unit=unit, **more)
            transaction.set_rollback(True)
    except PushRefused:
        return True
    except Invalid as error:
        return error.field != "unit"
    return True


def add_units(walk):
    """One unit of every kind in each street, community and the county, and an inactive one."""
    for key in ("district", "west", "lane"):
        for kind in UnitKind:
            code = f"{key}-{kind}"
            records.add_unit(kind=kind, name=code, code=code, area=walk.areas[key])
    Unit.objects.filter(code="lane-mediation_team").update(active=False)


@pytest.mark.parametrize(("verb", "state", "came_from", "lead", "who", "level"), CASES)
def test_the_units_accepted_are_those_offered_and_no_level_is_skipped(
    walk, verb, state, came_from, lead, who, level
):
    add_units(walk)
    ticket = standing(walk, state, came_from, lead)
    by = walk.actor("head") if who == "captain" else walk.actor(who)
    if who == "captain":
        Ticket.objects.filter(pk=ticket.pk).update(lead_unit=walk.units["water"])
        ticket.refresh_from_db()
    offered = set(units_for(ticket, verb))
    accepted = {unit for unit in Unit.objects.select_related("area") if accepts(verb, ticket, unit, by)}
    assert {unit.code for unit in accepted} == {unit.code for unit in offered}
    home = territory_of(level, ticket.area_path)
    assert offered
    kinds = KINDS[level] | (
        {UnitKind.COMMUNITY} if verb == "arbitrate" else set()
    )  # a ruling may say: theirs
    assert all(unit.kind in kinds and unit.area.path.startswith(home) for unit in offered)


def test_a_community_reaches_no_department_and_no_other_street(walk):
    ticket = standing(walk, "handling", "reported", "lane_grids")
    for key in ("water", "east_center", "west_center", "west_team", "pond", "pond_grids"):
        with pytest.raises(Invalid) as refused:
            actions.reassign(
                ticket, by=walk.actor("community"), at=MONDAY, unit=walk.units[key], reason="不归我们"
            )
        assert refused.value.code == "out_of_reach", key


@pytest.mark.parametrize(
    ("state", "who", "reached", "unreached"),
    [
        ("reported", "community", "lane_grid", "pond"),
        ("escalated", "center", "pond", "hill"),
        ("referred", "county", "hill", None),
    ],
)
def test_a_split_leaves_its_parts_in_the_area_of_the_level(walk, state, who, reached, unreached):
    ticket = standing(walk, state, "", "")
    by = walk.actor(who)

    def split(area):
        parts = [splitting.Part(text="一"), splitting.Part(text="二", area=walk.areas[area].code)]
        actions.split(ticket, by=by, at=MONDAY, parts=parts, reason="两件事")

    if unreached:
        with pytest.raises(Invalid) as refused, transaction.atomic():
            split(unreached)
        assert refused.value.code == "out_of_reach"
    split(reached)
    assert ticket.parts.count() == 2


def test_a_whistle_summons_no_unit_of_another_street(walk):
    ticket = standing(walk, "escalated", "", "")
    given = {"kind": "pressing", "text": "水管爆裂"}
    for key in ("west_team", "hill", "east_center"):
        with pytest.raises(Invalid) as refused:
            actions.VERBS["whistle"](
                ticket, by=walk.actor("center"), at=MONDAY, units=[walk.units[key]], **given
            )
        assert refused.value.code == "out_of_reach", key


def test_a_unit_returns_a_minor_matter_to_the_community_that_gave_it(walk):
    shop = records.add_unit(
        kind=UnitKind.RESIDENT_UNIT, code="shop", name="驻区商场", area=walk.areas["lane"]
    )
    people.appoint(walk.members["nobody"], shop, Role.UNIT_HEAD, since=SINCE, areas=[])
    ticket = standing(walk, "handling", "reported", "lane_grids")
    ticket = actions.reassign(ticket, by=walk.actor("community"), at=MONDAY, unit=shop, reason="商场门前")
    ticket = actions.return_ticket(ticket, by=walk.actor("nobody"), at=MONDAY, reason="不是我们的")
    assert (ticket.state, ticket.holder_unit) == (State.REPORTED, walk.units["lane"])
