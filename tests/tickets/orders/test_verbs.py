"""Verbs take exactly the fields of their forms, and a firing deadline locks its ticket once."""

import inspect

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.clocks import timer
from governance.errors import Invalid
from governance.tenancy.scope import scope
from tests.worlds import at
from tickets.intake import actions as intake
from tickets.models import Ticket
from tickets.orders import actions
from tickets.orders.actions import judging
from tickets.orders.api import MoveIn
from tickets.orders.forms import MAY_GIVE
from tickets.whistles import actions as whistles
from tickets.whistles.workflow import MOVES as WHISTLE_MOVES
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", sorted(actions.VERBS))
def test_a_verb_takes_the_fields_of_its_form_and_no_other(verb):
    parameters = inspect.signature(actions.VERBS[verb]).parameters
    assert {*MOVES[verb].needs, *MAY_GIVE.get(verb, ()), "expected"} <= {*parameters}
    assert all(one.kind is not inspect.Parameter.VAR_KEYWORD for one in parameters.values())


@pytest.mark.parametrize("verb", sorted(whistles.VERBS))
def test_a_verb_of_a_whistle_takes_its_fields_and_no_other(verb):
    parameters = inspect.signature(whistles.VERBS[verb]).parameters
    assert {*WHISTLE_MOVES[verb].needs} <= {*parameters}
    assert all(one.kind is not inspect.Parameter.VAR_KEYWORD for one in parameters.values())


def test_a_mistyped_keyword_is_an_error(walk):
    made = intake.report(
        intake.Draft(text="路灯不亮", area=walk.areas["lane"].code), by=walk.system, at=at(23, 9)
    )
    with pytest.raises(TypeError):
        actions.VERBS["triage_major"](
            made.ticket, by=walk.actor("community"), at=at(23, 10), reson="无力解决"
        )


def test_a_deadline_that_moves_its_ticket_locks_it_once(world):
    with scope(world.tenant):
        draft = intake.Draft(text="路灯不亮", area=world.areas["lane_building"].code)
        ticket = intake.report(draft, by=world.system, at=at(23, 9)).ticket
    with CaptureQueriesContext(connection) as sent:
        timer.drain(at(27, 9))
    with scope(world.tenant):
        assert Ticket.objects.get(pk=ticket.pk).state != "reported"
    sql = [one["sql"] for one in sent.captured_queries]
    locks = [one for one in sql if "FOR NO KEY UPDATE" in one and "tickets_ticket" in one]
    assert len(locks) == sum(one.startswith('UPDATE "governance_deadline" SET "fired_at"') for one in sql) > 0


def test_the_schema_of_the_api_has_every_field_of_every_verb():
    """A photo comes by another address."""
    wanted = {"verb", "expected"}
    for verb in actions.VERBS:
        wanted |= {*MOVES[verb].needs, *MAY_GIVE.get(verb, ())}
    assert wanted - {"scan"} <= set(MoveIn().fields)


@pytest.mark.parametrize("field", ["speed", "attitude", "result"])
@pytest.mark.parametrize("stars", [0, 6])
def test_a_rating_has_one_to_five_stars(field, stars):
    given = {"speed": 5, "attitude": 1, "result": 3, "solved": True}
    judging.Stars(**given).check()
    with pytest.raises(Invalid) as refusal:
        judging.Stars(**given | {field: stars}).check()
    assert (refusal.value.code, refusal.value.field) == ("stars", field)
