"""Subscribers of whistle events: notify the members concerned in their inbox."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from governance import events
from governance.clocks.models import Purpose, Step
from governance.events import notices
from governance.events.models import Event
from governance.events.receivers import To
from grids.models import UnitKind
from grids.people import queries as people_queries
from grids.units import queries as unit_queries
from tickets.ticket.audience import CONCERNED, TOLD_FACTS, Heard, heard_of
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.workflow import BLOW, WhistleKind

COLUMNS = (
    "number",
    "kind",
    "state",
    "area_path",
    "blown_by",
    "ticket__number",
    "ticket__against_unit",
    "ticket__area_path",
)


def _whistle(event: Event) -> Whistle | None:
    return _whistles().filter(pk=event.subject_id).first()


def _whistles() -> QuerySet[Whistle]:
    """The whistles with what a notice needs of their ticket."""
    return Whistle.objects.select_related("ticket").only(*COLUMNS)


def _letter(event: Event, whistle: Whistle, units: Iterable[Any], facts: dict[str, Any]) -> notices.Letter:
    wanted = sorted({unit for unit in units if unit})
    staff = people_queries.staff(wanted, event.at, CONCERNED)
    to = [To(member, unit) for unit, member in staff if member != event.actor_id]
    return _sent(event, whistle, to, facts, wanted)


def _sent(
    event: Event, whistle: Whistle, to: list[To], facts: dict[str, Any], units: Iterable[int] = ()
) -> notices.Letter:
    heard = heard_of(whistle.ticket, to, event.at, units) if whistle.ticket else Heard(tuple(to))
    return notices.Letter(
        event,
        heard.to,
        {"number": whistle.number, **facts},
        f"desk/whistles/{whistle.number}/",
        whistle.kind == WhistleKind.EMERGENCY,
        barred=heard.barred,
    )


def _tell(event: Event, units: Iterable[Any], say: str = "kind") -> None:
    whistle = _whistle(event)
    if whistle is not None:
        _post(_letter(event, whistle, units, {"say": say}))


def _post(one: notices.Letter) -> None:
    notices.tell(one.to, one.event, facts=one.facts, link=one.link, urgent=one.urgent, barred=one.barred)


def _street(event: Event) -> int | None:
    whistle = _whistle(event)
    return whistle.blown_by_id if whistle else None


@events.subscribes(BLOW, "whistle.summon", name="tickets.tell_the_summoned")
def tell_the_summoned(event: Event) -> None:
    """Notify the summoned units, and the persons named in a joint response."""
    _tell(event, event.facts.get("units", ()), "summoned")
    whistle = _whistle(event)
    named = WhistleParty.objects.filter(whistle=event.subject_id, asked_at=event.at).exclude(member=None)
    to = [To(member, unit) for member, unit in named.values_list("member_id", "unit_id")]
    if whistle is not None and to:
        _post(_sent(event, whistle, to, {"say": "summoned"}))


@events.subscribes(
    "whistle.answer",
    "whistle.arrive",
    "whistle.tick",
    "whistle.rate_whistle",
    name="tickets.tell_the_whistling_street",
)
def tell_the_street(event: Event) -> None:
    """Notify the commanding street of what the summoned parties say and do."""
    _tell(event, [_street(event)])


@events.subscribes("whistle.refuse", name="tickets.tell_who_decides_a_refusal")
def tell_who_decides(event: Event) -> None:
    """Notify the county, which decides on 不能到场, and the street."""
    whistle = _whistle(event)
    if whistle is not None:
        county = unit_queries.holders_of(whistle.area_path).get(UnitKind.COUNTY_CENTER)
        _tell(event, [county, whistle.blown_by_id], "decide")


@events.subscribes("whistle.uphold", "whistle.overrule", name="tickets.tell_of_a_decided_refusal")
def tell_of_the_decision(event: Event) -> None:
    """Notify the unit and the street of the county's decision."""
    _tell(event, [event.facts.get("unit"), _street(event)])


@events.subscribes(
    "whistle.assign_task", "whistle.release", "whistle.rate_unit", name="tickets.tell_the_whistle_party"
)
def tell_the_party(event: Event) -> None:
    """Notify one unit of a task, of its release or of its rating."""
    _tell(event, [event.facts.get("unit")])


@events.subscribes("whistle.end", name="tickets.tell_of_the_whistle_end")
def tell_everybody(event: Event) -> None:
    """Notify the units that were on site of the end, so that they rate the whistle."""
    units = WhistleParty.objects.filter(whistle=event.subject_id).exclude(on_site_at=None)
    _tell(event, units.values_list("unit_id", flat=True), "rate")


@events.subscribes_in_batches(*notices.TIMED, name="tickets.tell_of_whistle_time")
def tell_of_time(happened: list[Event]) -> None:
    """Notify the unit of a warning (临期); if a due time is missed, also the county centre and the street."""
    told = [event for event in happened if _is_told(event)]
    found = _whistles().in_bulk({event.subject_id for event in told})
    letters = []
    for event in (event for event in told if event.subject_id in found):
        whistle = found[event.subject_id]
        units = [event.facts.get("unit")]
        if event.kind != "clock.warned":
            units += [
                unit_queries.holders_of(whistle.area_path).get(UnitKind.COUNTY_CENTER),
                whistle.blown_by_id,
            ]
        facts = {name: event.facts[name] for name in TOLD_FACTS if name in event.facts}
        letters.append(_letter(event, whistle, units, facts))
    notices.tell_of_time(letters)


def _is_told(event: Event) -> bool:
    facts = event.facts
    ours = event.subject_type == "tickets.whistle" and facts.get("purpose") != Purpose.RATE
    decided = event.kind == "clock.resumed" and facts.get("reason") != Step.LIMIT  # has a notice of its own
    return ours and not decided and not facts.get("combined")
