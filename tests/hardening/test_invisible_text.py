"""Text of zero-width characters only is empty, wherever something must be written."""

import inspect
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.errors import Invalid
from governance.tenancy.scope import scope
from governance.web import fields as web_fields
from grids.areas import actions as areas
from grids.people import actions as people
from grids.units import actions as units
from tests.tickets.calls import TICKETS, refused
from tests.tickets.conftest import call, number  # noqa: F401 - fixtures
from tests.tickets.walks import test_histories as histories
from tests.tickets.walks.test_moves_table import PEOPLE, TABLE, standing
from tests.worlds import MONDAY
from tickets.intake import actions as intake
from tickets.models import Reporter, Ticket
from tickets.orders import actions
from tickets.orders.forms import OPTIONAL
from tickets.replies import actions as replies
from tickets.workflow import MOVES

pytestmark = pytest.mark.django_db
NOTHING = ("\u200b", "\u200d\u2060\ufeff", " \u200b\u3000\t", "\u2800", "\u3164", "\u202e", "\x00\x1b")


@pytest.mark.parametrize("text", NOTHING)
def test_it_is_trimmed_to_nothing(text):
    assert web_fields.trimmed(text) == ""
    assert web_fields.trimmed(f"{text}灯 不亮{text}") == "灯 不亮"
    with pytest.raises(Invalid):
        web_fields.required(text, "text", "说明")


@pytest.mark.parametrize("text", ["\u034f", "\ufe0f\U000e0041", "\u17b4\u17b5"])
def test_marks_without_a_character_are_nothing(text):
    assert web_fields.trimmed(text) == ""


@pytest.mark.parametrize("text", ["👨‍👩‍👧", "a\u200db", "灯\ufe0f"])
def test_characters_inside_a_text_stay(text):
    assert web_fields.trimmed(text) == text


WORDS = {"text", "reason", "answer", "question"}


def _words_of(verb):
    return {name for name in WORDS & set(MOVES[verb].needs) if (verb, name) not in OPTIONAL}


def _cases(verb):
    """(state, way, person) for each way in which a person may make the verb."""
    for (other, state, way), roles in TABLE.items():
        who = next((PEOPLE[role] for role in roles if role in PEOPLE), None)
        if other == verb and who is not None and not way.startswith(("merged", "dispute")):
            yield state, way, who


#: The others are made by the platform, by the reporter, or by assistants.
TOLD = sorted(verb for verb in MOVES if _words_of(verb) and verb in actions.VERBS and any(_cases(verb)))


@pytest.mark.parametrize("verb", TOLD)
def test_no_verb_takes_it_for_words(walk, verb):
    """For each verb, by a role that may make it and with all else filled in, the words alone are missing."""
    state, way, who = next(_cases(verb))
    ticket = standing(walk, state, way)
    Ticket.objects.filter(pk=ticket.pk).update(promised_at=MONDAY + timedelta(days=9))
    known = inspect.signature(actions.VERBS[verb]).parameters
    given = histories.fields(verb, ticket, walk, lambda found: found[0]) if verb != "merge" else {}
    given |= {"into": standing(walk, state)} if verb == "merge" else {}
    given |= dict.fromkeys(WORDS & set(MOVES[verb].needs), "\u200b\ufeff")
    given = {name: value for name, value in given.items() if name in known}
    if verb == "request_transfer":
        del given["unit"]  # the wish is checked before the reason
    with pytest.raises(Invalid) as refusal:
        actions.VERBS[verb](ticket, by=walk.actor(who), at=MONDAY, **given)
    assert refusal.value.field in WORDS | {"evidence", "kind"}, (state, way)


def test_the_api_names_the_field(call, number):  # noqa: F811 - the fixtures above
    refused(call.post(TICKETS, call.body(text="\u200b\u200d"), "clerk"), 400, "required", "text")
    body = {"verb": "triage_major", "reason": "\u200b\ufeff"}
    refused(call.post(f"{TICKETS}{number}/moves/", body, "community"), 400, "required", "reason")


def test_a_name_of_nothing_is_no_name(world):
    with scope(world.tenant):
        admin, at = world.actor("admin", timezone.now()), timezone.now()
        with pytest.raises(Invalid):
            units.change_unit(world.units["water"], name="\u200b", by=admin, at=at)
        with pytest.raises(Invalid):
            areas.change_area(world.areas["lane"], name="\u200b", by=admin, at=at)
        with pytest.raises(Invalid):
            people.change_person(world.members["worker"], name="\u200b", by=admin, at=at)
        with pytest.raises(Invalid):
            replies.keep(verb="resolve", title="\u200b", text="\u200b", category=None, by=admin, at=at)
        made = intake.Draft(text="灯不亮", area=world.areas["lane"].code, name="\u200b", title="\u200b")
        kept = intake.report(made, by=world.system, at=at)
        assert (Reporter.objects.get(pk=kept.reporter.pk).name, kept.ticket.title) == ("", "灯不亮")
