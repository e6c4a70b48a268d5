"""Moves on a whistle after it was blown: 应哨、到场、撤离、分工.

A party on site leaves only when it is released. A refusal counts as an answer: the unit's clock to arrive is
paused until the county has decided, on a clock of its own.
"""

import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from governance import events
from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.clocks import actions as clocks
from governance.clocks.models import Outcome, Purpose
from governance.errors import Forbidden, Invalid, Missing, TooOften
from governance.tenancy.scope import current
from governance.web import fields as web_fields
from governance.web import limits
from tickets.whistles import rights
from tickets.whistles.actions import blowing
from tickets.whistles.models import Whistle, WhistleParty, WhistleTask
from tickets.whistles.sharing import unshare
from tickets.whistles.workflow import CheckIn, Move, Stage, WhistleState

WRONG_CODES, WINDOW = 5, 600  # wrong codes of one member, seconds
EARTH = 6_371_000  # radius in metres
DECISIONS = frozenset({"uphold", "overrule"})
COMING = frozenset({Stage.ASKED, Stage.REFUSED, Stage.ANSWERED})


@dataclass(frozen=True, slots=True)
class Taken:
    """A locked whistle, the move to make on it, and the party that the move is about."""

    whistle: Whistle
    move: Move
    party: WhistleParty | None

    @property
    def parties(self) -> list[WhistleParty]:
        """All summoned parties of the whistle, in order."""
        return self.whistle.summoned


def take(whistle: Whistle, verb: str, *, by: Actor, party: int | None = None, expected: str = "") -> Taken:
    """Lock the whistle and check the move; raises Missing, Invalid, IllegalMove, Forbidden.

    Two statements.
    """
    rows = Whistle.objects.select_for_update(of=("self",), no_key=True).select_related("ticket")
    locked = rows.filter(pk=whistle.pk).first()
    if locked is None:
        raise Missing(_("该吹哨不存在"))
    return Taken(locked, *rights.check(locked, verb, by=by, party=party, expected=expected))


def _went(
    taken: Taken, stage: Stage, *, by: Actor, at: datetime, outcome: str = "", **changes: Any
) -> Whistle:
    """Put the party into a stage: its row, its unit's clocks, the whistle's state, and the event."""
    party, whistle = taken.party, taken.whistle
    was, party.stage = party.stage, stage
    for name, value in changes.items():
        setattr(party, name, value)
    party.save(update_fields=["stage", *changes])
    _turn_clocks(taken, outcome, by=by, at=at)
    _stand(whistle, taken.parties, at)
    facts = {"party": party.pk, "unit": party.unit_id, "was": was, "stage": str(stage)}
    events.record(taken.move.event, whistle, by=by, at=at, now=str(whistle.state), **facts)
    return whistle


def _turn_clocks(taken: Taken, outcome: str, *, by: Actor, at: datetime) -> None:
    """Stop the clocks that the unit has met, or pause its clock to arrive while only refusals are undecided.

    While any refusal is undecided, the county's clock to decide runs.
    """
    whistle, unit, parties = taken.whistle, taken.party.unit_id, taken.parties
    arrive, stages = (Purpose.ARRIVE, unit), {one.stage for one in parties if one.unit_id == unit}
    undecided = any(one.stage == Stage.REFUSED for one in parties)
    awaited = bool(stages & {Stage.ASKED, Stage.ANSWERED})
    stop: list[Any] = _kept(parties, unit)
    if taken.move.verb in DECISIONS and not undecided:
        stop.append(Purpose.ARBITRATE)
    clocks.change_clocks(
        whistle,
        stop=stop,
        start=[blowing.decision(whistle)] if taken.move.verb == "refuse" else [],
        pause=[] if awaited or Stage.REFUSED not in stages else [arrive],
        resume=[arrive] if awaited else [],
        by=by,
        reason=taken.move.verb,
        at=at,
        outcome={Purpose.ANSWER: outcome, Purpose.ARRIVE: outcome},  # ARBITRATE is kept or late
    )


def _kept(parties: Iterable[WhistleParty], unit_id: int) -> list[tuple[str, int | None]]:
    """The clocks of a unit that all of its parties have met or no longer owe, as (purpose, unit id)."""
    stages = {one.stage for one in parties if one.unit_id == unit_id}
    found = []
    if Stage.ASKED not in stages:
        found.append((Purpose.ANSWER, unit_id))
    if not stages & COMING:
        found.append((Purpose.ARRIVE, unit_id))
    return found


_ORDER = [WhistleState.BLOWN, WhistleState.ANSWERED, WhistleState.WORKING]


def _stand(whistle: Whistle, parties: list[WhistleParty], at: datetime) -> None:
    """Set the whistle's state to that of the furthest party; never back."""
    reached = WhistleState.BLOWN
    if any(one.stage == Stage.ANSWERED for one in parties):
        reached = WhistleState.ANSWERED
    if any(one.on_site_at for one in parties):
        reached = WhistleState.WORKING
    if _ORDER.index(reached) > _ORDER.index(WhistleState(whistle.state)):
        whistle.state, whistle.state_since = reached, at
        whistle.save(update_fields=["state", "state_since"])


# -- moves of the parties


def answer(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """应哨: the unit will come."""
    taken = take(whistle, "answer", by=by, party=party, expected=expected)
    return _went(taken, Stage.ANSWERED, by=by, at=at, answered_at=at)


def refuse(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """不能到场, with the reason; the county decides."""
    taken = take(whistle, "refuse", by=by, party=party, expected=expected)
    reason = web_fields.required(reason, "reason", _("不能到场的理由"))
    return _went(taken, Stage.REFUSED, by=by, at=at, reason=reason, answered_at=at)


def arrive(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    lat: Decimal | None = None,
    lng: Decimal | None = None,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """到场: proven by the code that the street shows, or by a position near the place; also an answer.

    Raises Invalid for a wrong code or a position too far away, TooOften after five wrong codes in ten
    minutes.
    """
    taken = take(whistle, "arrive", by=by, party=party, expected=expected)
    if code.strip():
        _right_code(taken.whistle, code.strip(), by)
        seen = {"seen_by": CheckIn.CODE}
    elif lat is not None and lng is not None:
        seen = {"seen_by": CheckIn.PLACE, "distance": _near(taken.whistle, lat, lng)}
    else:
        raise Invalid(_("请定位签到，或填写现场的签到码"), code="required", field="code")
    return _there(taken, by, at, **seen)


def confirm(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """确认到场: the street confirms that the party is on site."""
    taken = take(whistle, "confirm", by=by, party=party, expected=expected)
    return _there(taken, by, at, seen_by=CheckIn.DESK)


def _there(taken: Taken, by: Actor, at: datetime, **seen: Any) -> Whistle:
    answered = taken.party.answered_at or at
    return _went(taken, Stage.ON_SITE, by=by, at=at, on_site_at=at, answered_at=answered, **seen)


def _right_code(whistle: Whistle, code: str, by: Actor) -> None:
    keys = {f"whistle-code:{whistle.tenant_id}:{whistle.pk}:{by.member_id}": WRONG_CODES}
    if limits.reached(keys):
        raise TooOften(_("签到码错误次数太多，请稍后再试，或请街道确认到场"), field="code")
    if not hmac.compare_digest(code.encode(), whistle.code.encode()):
        limits.count(keys, WINDOW)
        raise Invalid(_("签到码不对，请看街道现场出示的六位数字"), code="wrong_code", field="code")


def _near(whistle: Whistle, lat: Decimal, lng: Decimal) -> int:
    """Metres from the place; raises Invalid beyond the district's radius."""
    if whistle.lat is None:
        raise Invalid(_("这次吹哨没有标注位置，请用签到码，或请街道确认到场"), code="no_place", field="lat")
    away = round(metres(float(lat), float(lng), float(whistle.lat), float(whistle.lng)))
    most = current().setting("whistle_radius")
    if away > most:
        message = _("您距集合地点约 %(away)d 米，须在 %(most)d 米以内签到")
        raise Invalid(message % {"away": away, "most": most}, code="too_far", field="lat")
    return away


def metres(lat: float, lng: float, to_lat: float, to_lng: float) -> float:
    """Distance along the great circle, in metres; all positions in degrees."""
    a, b = math.radians(lat), math.radians(to_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(to_lng - lng) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


# -- moves of the county


def uphold(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """同意不到场: the party is excused; its unit loses the share that came only from this whistle."""
    taken = take(whistle, "uphold", by=by, party=party, expected=expected)
    decision = web_fields.required(reason, "reason", _("裁定理由"))
    done = _went(taken, Stage.EXCUSED, by=by, at=at, outcome=Outcome.CANCELLED, decision=decision, left_at=at)
    unshare(done, [taken.party.unit_id])
    return done


def overrule(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """要求到场: the unit must come and cannot refuse again."""
    taken = take(whistle, "overrule", by=by, party=party, expected=expected)
    decision = web_fields.required(reason, "reason", _("裁定理由"))
    return _went(taken, Stage.ANSWERED, by=by, at=at, decision=decision, overruled=True)


# -- moves of the street on site


def assign_task(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    text: str,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """分工: a task for one party; without a party it is for all."""
    taken = take(whistle, "assign_task", by=by, party=party, expected=expected)
    text = web_fields.required(text, "text", _("分工"))[:200]
    made = WhistleTask.objects.create(whistle=taken.whistle, party=taken.party, text=text, created_at=at)
    unit = taken.party.unit_id if taken.party else None
    events.record(taken.move.event, taken.whistle, by=by, at=at, task=made.pk, unit=unit)
    return taken.whistle


def tick(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    task: int,
    done: bool,
    expected: str = "",
) -> Whistle:
    """Mark a task as done or not done; by the street, or by a unit whose party has the task."""
    taken = take(whistle, "tick", by=by, expected=expected)
    found = WhistleTask.objects.filter(whistle=taken.whistle, pk=task).first()
    if found is None:
        raise Missing(_("该分工不存在"))
    own = {one.pk for one in rights.own_parties(taken.whistle, by)}
    if found.party_id and found.party_id not in own and not _commands(taken.whistle, by):
        raise Forbidden(_("这项分工不是您单位的"))
    found.done_at, found.done_by_id = (at, by.member_id) if done else (None, None)
    found.save(update_fields=["done_at", "done_by"])
    events.record(taken.move.event, taken.whistle, by=by, at=at, task=found.pk, done=done)
    return taken.whistle


def _commands(whistle: Whistle, by: Actor) -> bool:
    return bool(policy.can(by, Permission.TICKET_STREET, whistle))


def release(
    whistle: Whistle,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    party: int | None = None,
    expected: str = "",
) -> Whistle:
    """撤离: only the street lets a party leave before the end, and gives the reason (人不撤)."""
    taken = take(whistle, "release", by=by, party=party, expected=expected)
    words = web_fields.required(reason, "reason", _("撤离说明"))
    return _went(taken, Stage.RELEASED, by=by, at=at, outcome=Outcome.CANCELLED, left_for=words, left_at=at)
