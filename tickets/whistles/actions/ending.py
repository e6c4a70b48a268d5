"""End a whistle (结束吹哨), rate it on both sides (双向评哨), and end the shares that came from it."""

from datetime import datetime

from django.utils.translation import gettext as _

from governance import events
from governance.access.actors import Actor
from governance.clocks import actions as clocks
from governance.clocks.models import Outcome, Purpose
from governance.errors import Invalid
from governance.web import fields as web_fields
from tickets.whistles import rights
from tickets.whistles.actions import answering, blowing
from tickets.whistles.models import Whistle, WhistleRating
from tickets.whistles.sharing import send_home
from tickets.whistles.workflow import DUE, Stage, WhistleState

#: The final stage of a party that is on site or still expected when the street ends the whistle.
#: A refusal that the county has not decided counts as excused.
AFTER = {
    Stage.ON_SITE: Stage.RELEASED,
    Stage.REFUSED: Stage.EXCUSED,
    Stage.ASKED: Stage.MISSED,
    Stage.ANSWERED: Stage.MISSED,
}


def end(whistle: Whistle, *, by: Actor, at: datetime, text: str, expected: str = "") -> Whistle:
    """结束吹哨 with its result.

    All parties are released, absent ones are marked as missed; then both sides rate.
    """
    taken = answering.take(whistle, "end", by=by, expected=expected)
    found, parties = taken.whistle, taken.parties
    found.result = web_fields.required(text, "text", _("处置结果"))
    send_home(found, [party.unit_id for party in parties], at)
    for party in (party for party in parties if party.stage in DUE):
        party.stage, party.left_at = AFTER[Stage(party.stage)], at
    owed = any(rights.to_be_rated(party) for party in parties)
    begin = [blowing.promise(found, Purpose.RATE, None, at)] if owed else []
    stop = [Purpose.ANSWER, Purpose.ARRIVE, Purpose.ARBITRATE]
    clocks.change_clocks(found, stop=stop, start=begin, at=at, outcome=Outcome.CANCELLED)
    found.state, found.state_since, found.ended_at = WhistleState.ENDED, at, at
    if not owed:
        found.state = WhistleState.RATED
    found.save(update_fields=["state", "state_since", "ended_at", "result"])
    events.record(taken.move.event, found, by=by, at=at, now=str(found.state))
    if found.ticket_id:
        events.record("ticket.whistle_ended", found.ticket, by=by, at=at, whistle=found.pk)
    return found


def rate_unit(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    in_time: int,
    together: int,
    solved: int,
    text: str = "",
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """The street rates one unit: in time, worked together, solved; 1-5 each."""
    stars = {"in_time": in_time, "together": together, "solved": solved}
    return _rate(whistle, "rate_unit", stars, text, by=by, at=at, party=party, expected=expected)


def rate_whistle(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    needed: int,
    clear: int,
    text: str = "",
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """A unit rates the whistle: was it needed, was the task clear; 1-5 each."""
    stars = {"needed": needed, "clear": clear}
    return _rate(whistle, "rate_whistle", stars, text, by=by, at=at, party=party, expected=expected)


def _rate(
    whistle: Whistle,
    verb: str,
    stars: dict[str, int],
    text: str,
    *,
    by: Actor,
    at: datetime,
    party: int | None,
    expected: str,
) -> Whistle:
    taken = answering.take(whistle, verb, by=by, party=party, expected=expected)
    for name, count in stars.items():
        if count not in range(1, 6):
            raise Invalid(_("请给出 1 到 5 星"), code="stars", field=name)
    by_street, found = verb == "rate_unit", taken.whistle
    made = WhistleRating.objects.create(
        whistle=found,
        party=taken.party,
        by_street=by_street,
        text=web_fields.trimmed(text)[:2000],
        member_id=by.member_id,
        at=at,
        **stars,
    )
    found.ratings_given.add((taken.party.pk, by_street))
    if _all_rated(found):
        _rated(found, at)
    facts = {"party": taken.party.pk, "unit": taken.party.unit_id, "rating": made.pk}
    events.record(taken.move.event, found, by=by, at=at, now=str(found.state), **facts)
    return found


def _all_rated(whistle: Whistle) -> bool:
    """Has the street rated every party that came or was missed, and every party that came the whistle?"""
    wanted = set()
    for party in whistle.summoned:
        wanted |= {(party.pk, True)} if rights.to_be_rated(party) else set()
        wanted |= {(party.pk, False)} if party.on_site_at else set()
    return wanted <= whistle.ratings_given


def _rated(whistle: Whistle, at: datetime) -> None:
    whistle.state, whistle.state_since = WhistleState.RATED, at
    whistle.save(update_fields=["state", "state_since"])
    clocks.stop(whistle, [Purpose.RATE], at=at)


def close(whistle: Whistle, *, by: Actor, at: datetime) -> Whistle:
    """归档: the time to rate is over; missing ratings stay missing."""
    taken = answering.take(whistle, "close", by=by)
    _rated(taken.whistle, at)
    events.record(taken.move.event, taken.whistle, by=by, at=at, now=str(taken.whistle.state))
    return taken.whistle
