"""A sweep over every address by all in the accused's line: number, words and reporter of the complaint never appear.

The complaint is recorded after the accused had come to the ticket in every way: by place, by a share, as lead and as
assistant, by a whistle, by a notice.
"""

import io
import zipfile

import pytest
from django.utils import timezone

from governance.events.models import Event, Notice
from governance.tenancy.scope import scope
from tests.governance.tenancy import test_routes as sweep
from tests.governance.tenancy.test_routes import samples  # noqa: F401 - a fixture
from tickets.models import Assistant, Reporter, Ticket, TicketGroupObjectPermission, Whistle
from tickets.ticket import sharing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORDS, TITLE, NAME, PHONE = "推诿扯皮之事", "密封标题", "欧阳隐名", "13911112222"


@pytest.fixture
def complaint(request, world, samples):  # noqa: F811 - the fixture above
    """The samples, the members in the line of the accused, and what must not appear."""
    return samples, *make_complaint(world, samples, request.param)


def make_complaint(world, samples, accused):  # noqa: F811
    """Make the sample ticket a complaint that the accused already knew; returns (line, what must not appear)."""
    accused = world.units[accused]
    with scope(world.tenant):
        ticket = Ticket.objects.get(number=samples["desk:ticket"]["number"])
        told = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk).latest("pk")
        Ticket.objects.filter(pk=ticket.pk).update(
            text=WORDS,
            title=TITLE,
            against_unit=accused,
            lead_unit=accused,
            holder_unit=accused,
            state="handling",
        )
        Assistant.objects.get_or_create(ticket=ticket, unit=accused)
        TicketGroupObjectPermission.objects.get_or_create(
            content_object=ticket, group_id=accused.group_id, permission_id=sharing.share_permission()
        )
        Reporter.objects.filter(ticket=ticket).update(name=NAME, phone=PHONE)
        now = timezone.now()
        posted = [name for name in world.members if not name.startswith("neighbour")]
        line = [name for name in posted if accused.pk in world.actor(name, now).line]
        for name in line:
            given = {
                "subject_type": "tickets.ticket",
                "subject_id": ticket.pk,
                "kind": told.kind,
                "facts": {"number": ticket.number},
                "created_at": now,
                "rings_at": now,
            }
            Notice.objects.get_or_create(member=world.members[name], event=told, defaults=given)
        Ticket.objects.filter(pk=ticket.pk).update(lead_member=world.members[line[0]])
        whistle = Whistle.objects.get()
        hidden = [ticket.number, whistle.number, WORDS, TITLE, NAME, NAME[0] + "某", "139****2222", PHONE]
    return line, hidden


@pytest.mark.parametrize(
    "complaint",
    ["lane_grids", "lane", "water", "pipes", "east_center", "east_office", "county_center"],
    indirect=True,
)
def test_no_address_tells_the_line_of_a_complaint(world, client, complaint):
    found, line, hidden = complaint
    for name in line:
        sweep.log_in(client, world, name)
        headers = {"Authorization": f"Bearer {sweep.token_for(world, name, world.tenant)}"}
        for route in sweep.HIDDEN:
            answer = client.get(sweep.address(route, found), headers=headers if route.is_api else {})
            said = words_of(answer).replace(sweep.address(route, found), "")
            told = [word for word in hidden if word in said]
            assert told == [], (route.name, name, answer.status_code)


@pytest.mark.parametrize("complaint", ["county_center"], indirect=True)
def test_the_leader_reads_it_where_the_centre_does_not(world, client, complaint):
    _found, _line, hidden = complaint
    sweep.log_in(client, world, "leader")
    page = client.get(f"/alpha/desk/tickets/{hidden[0]}/")
    assert page.status_code == 200
    assert WORDS in page.content.decode()


def words_of(answer):
    """The body of an answer; of a workbook, the text of all its parts."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode(errors="replace")
