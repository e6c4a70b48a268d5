"""Check whether an actor may make a move on a whistle now, and for which summoned parties."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.access import policy
from governance.access.actors import Actor
from governance.access.permissions import Permission
from governance.errors import DomainError, Forbidden, IllegalMove, Invalid
from tickets.whistles.models import Whistle, WhistleParty
from tickets.whistles.workflow import MOVES, RIGHTS, Move, Side, Stage, WhistleState, moves_from


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that may be made, and the parties that it may be about (empty for the whistle as a whole)."""

    move: Move
    parties: list[WhistleParty]


def check(
    whistle: Whistle, verb: str, *, by: Actor, party: int | None = None, expected: str = ""
) -> tuple[Move, WhistleParty | None]:
    """The move and its party, if this actor may make it now; raises Invalid, IllegalMove, Forbidden.

    If several parties fit and none is named, the party of the actor's own person comes first.
    """
    move = MOVES.get(verb)
    if move is None:
        raise Invalid(_("没有“%(verb)s”这个动作") % {"verb": verb[:40]}, code="unknown_verb", field="verb")
    state = {"state": whistle.get_state_display(), "label": move.label}
    if expected and expected != whistle.state:
        raise IllegalMove(_("吹哨已变为“%(state)s”，请刷新后再办") % state, code="stale")
    if whistle.state not in move.sources:
        raise IllegalMove(_("“%(state)s”的吹哨不能“%(label)s”") % state)
    allowed = _in_hand(whistle, move, by)
    if not move.stages:
        return move, next((one for one in allowed if one.pk == party), None)
    fitting = [one for one in allowed if party in {None, one.pk} and _fits(whistle, move, one)]
    if not fitting:
        raise IllegalMove(_("当前没有可“%(label)s”的单位") % state)
    own = [one for one in fitting if one.member_id and one.member_id == by.member_id]
    return move, (own or fitting)[0]


def available(whistle: Whistle, by: Actor) -> list[Offer]:
    """The moves that the actor may make now: the buttons of the page and the API's available_moves."""
    found = []
    for move in moves_from(WhistleState(whistle.state)):
        try:
            allowed = _in_hand(whistle, move, by)
        except DomainError:
            continue
        fitting = [one for one in allowed if _fits(whistle, move, one)] if move.stages else []
        if fitting or not move.stages:
            found.append(Offer(move, fitting))
    return found


def _in_hand(whistle: Whistle, move: Move, by: Actor) -> list[WhistleParty]:
    """The parties for which the actor may make this move; raises Forbidden if there can be none."""
    if by.is_system:
        if Side.SYSTEM not in move.sides:
            raise Forbidden(_("平台不会自动“%(label)s”") % {"label": move.label})
        return whistle.summoned
    reason = _("您的岗位无此权限")
    for side in (side for side in move.sides if side in {Side.STREET, Side.COUNTY}):
        verdict = policy.can(by, RIGHTS[side], whistle)
        if verdict:
            return whistle.summoned
        reason = verdict.reason
    if Side.PARTY in move.sides:
        own = own_parties(whistle, by)
        if own:
            return own
        reason = _("您的单位没有被召集")
    if move.sides == (Side.SYSTEM,):
        reason = _("“%(label)s”由平台自动进行") % {"label": move.label}
    raise Forbidden(reason)


def own_parties(whistle: Whistle, by: Actor) -> list[WhistleParty]:
    """The parties of units for which the actor may answer."""
    units = by.unit_ids_with(Permission.TICKET_ACCEPT)
    return [one for one in whistle.summoned if one.unit_id in units]


def _fits(whistle: Whistle, move: Move, party: WhistleParty) -> bool:
    if party.stage not in move.stages:
        return False
    if move.verb == "rate_unit":
        return to_be_rated(party) and (party.pk, True) not in whistle.ratings_given
    if move.verb == "rate_whistle":
        return to_be_rated(party) and (party.pk, False) not in whistle.ratings_given
    return True


def to_be_rated(party: WhistleParty) -> bool:
    """Is a rating due? Yes for a party that came, or was expected and missed; no for an excused one."""
    return party.on_site_at is not None or party.stage == Stage.MISSED
