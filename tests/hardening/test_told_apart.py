"""Namesakes show who they are in choices; the API finds the community of a point; mediations lose their free text."""

import uuid

import pytest

from governance.tenancy.scope import scope
from grids.models import AreaShape
from grids.people import records as people
from grids.roster.views import LeaveForm, ShiftForm
from tests.tickets.calls import TICKETS
from tests.tickets.conftest import call  # noqa: F401 - a fixture
from tests.worlds import MONDAY, SINCE
from tickets.models import Ticket
from tickets.orders.forms import MoveForm
from tickets.whistles.forms import BlowForm

pytestmark = pytest.mark.django_db
RING = [[117.0, 36.0], [117.1, 36.0], [117.1, 36.1], [117.0, 36.1], [117.0, 36.0]]
LANE = {"geometry": {"type": "Polygon", "coordinates": [RING]}, "datum": "WGS-84"}
LANE |= {"south": 36.0, "north": 36.1, "west": 117.0, "east": 117.1}


def namesake(walk, unit, role, covered=()):
    """A second 卫经办 or 王网格 in the unit."""
    name = {"water": "卫经办", "lane_grids": "王网格"}[unit]
    member = people.add_member(username=f"alpha-second-{unit}", name=name, password="Lotus-2026-pond")
    people.appoint(member, walk.units[unit], role, since=SINCE, areas=[walk.areas[one] for one in covered])
    return member


def labels(field):
    return [str(label) for _value, label in field.choices if label]


def test_two_of_one_name_show_their_log_in_names_where_one_is_assigned(walk):
    namesake(walk, "water", "unit_member")
    ticket = Ticket(state="handling", lead_unit=walk.units["water"], area_path=walk.areas["lane"].path)
    form = MoveForm(ticket=ticket, verb="assign", by=walk.actor("head"), at=MONDAY)
    shown = labels(form.fields["person"])
    assert "卫经办 (alpha-member)" in shown
    assert "卫经办 (alpha-second-water)" in shown
    assert "褚局长" in shown


def test_they_do_on_the_roster_too(walk):
    namesake(walk, "water", "unit_member")
    admin = walk.actor("admin")
    for field in (ShiftForm(by=admin).fields["member"], LeaveForm(by=admin).fields["deputy"]):
        shown = labels(field)
        assert {"卫经办 (alpha-member)", "卫经办 (alpha-second-water)"} <= set(shown)
        assert "秦管理" in shown


def test_they_do_where_persons_are_summoned(walk):
    namesake(walk, "lane_grids", "grid_worker", ["lane_grid"])
    form = BlowForm(by=walk.actor("center"), at=MONDAY)
    shown = " ".join(
        label for name, field in form.fields.items() if name.startswith("role_") for label in labels(field)
    )
    assert "王网格 (alpha-worker)" in shown
    assert "王网格 (alpha-second-lane_grids)" in shown
    assert "李网格 (" not in shown


@pytest.mark.parametrize(
    ("lat", "lng", "area"), [("36.05", "117.05", "lane"), ("36.2", "117.05", "district")]
)
def test_a_report_by_a_program_finds_the_community_of_its_point(world, call, lat, lng, area):  # noqa: F811
    with scope(world.tenant):
        AreaShape.objects.create(area=world.areas["lane"], **LANE)
    body = {"client_id": str(uuid.uuid4()), "text": "水管漏水", "lat": lat, "lng": lng}
    assert call.post(TICKETS, body, "clerk").status_code == 201
    with scope(world.tenant):
        assert Ticket.objects.get().area_path == world.areas[area].path
