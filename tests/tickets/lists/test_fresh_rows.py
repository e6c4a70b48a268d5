"""An open list fetches the rows that colleagues changed: only those, at their positions, in one statement."""

from django.utils import timezone

from governance.tenancy.scope import scope
from tests.tickets.matters import DESK, TO_HANDLING, reported, statements
from tickets.lists import changes
from tickets.models import Ticket
from tickets.orders import actions
from tickets.ticket import queries
from tickets.ticket.queries import Filters

FRESH = DESK + "tickets/fresh/"


def shown(world, name="community"):
    with scope(world.tenant):
        at = timezone.now()
        return changes.stamps_of(queries.page(world.actor(name, at), Filters(), at=at).rows)


def moved(world, ticket, who, verb, more):
    with scope(world.tenant):
        actions.VERBS[verb](ticket, by=world.actor(who, timezone.now()), at=timezone.now(), **more)


def test_only_the_row_that_changed_comes_back_marked(world, as_):
    first, second = reported(world).ticket, reported(world).ticket
    client, before = as_("community"), shown(world)
    quiet = client.get(FRESH, {"seen": before, "columns": "state"}).content.decode()
    assert ("hx-swap-oob" in quiet, before in quiet) == (False, True)
    moved(world, first, *TO_HANDLING[0])
    answer = client.get(FRESH, {"seen": before, "columns": "state"}).content.decode()
    assert (f'id="row-{first.pk}"' in answer, f'id="row-{second.pk}"' in answer) == (True, False)
    assert "有更新" in answer
    assert f'value="{first.number}.handling"' in answer
    assert "<html" not in answer
    again = client.get(FRESH, {"seen": shown(world), "columns": "state"}).content.decode()
    assert "hx-swap-oob" not in again


def test_a_row_out_of_sight_is_told_once_and_shows_nothing(world, as_):
    ticket = reported(world).ticket
    before = shown(world)
    with scope(world.tenant):
        pond = {"area": world.areas["pond"], "area_path": world.areas["pond"].path}
        Ticket.objects.filter(pk=ticket.pk).update(**pond, holder_unit=world.units["pond"])
    client = as_("community")
    answer = client.get(FRESH, {"seen": before, "columns": "state"}).content.decode()
    assert f'id="mark-{ticket.pk}" hx-swap-oob="true"' in answer
    assert ticket.title not in answer
    assert f"{ticket.pk}.gone" in answer
    again = client.get(FRESH, {"seen": f"{ticket.pk}.gone", "columns": "state"}).content.decode()
    assert "hx-swap-oob" not in again


def test_what_was_never_seen_cannot_be_asked_for(world, as_):
    ticket = reported(world).ticket
    answer = as_("pond_community").get(FRESH, {"seen": f"{ticket.pk}.00000000,x.y,,²,9.1"}).content.decode()
    assert ticket.number not in answer


def test_a_refresh_is_one_statement(world, as_):
    for _n in range(3):
        reported(world)
    client, seen = as_("community"), shown(world)
    url = f"{FRESH}?seen={seen}&columns=state,due"
    client.get(url)
    assert statements(client, url) == 1
