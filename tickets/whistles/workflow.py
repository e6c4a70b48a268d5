"""Whistle (吹哨) workflow as data: kinds, states, stages and moves (design 5.2, last row; domain.md F05).

The same table feeds the buttons, the API's available_moves, docs/whistles.md and a test over verb x state x
role.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.access.permissions import Permission as P
from governance.database.words import Words
from tickets.states import Tier


class WhistleKind(Words):
    """The reasons for which a street may blow a whistle."""

    PRESSING = "pressing", _("居民急难愁盼")
    ENFORCEMENT = "enforcement", _("综合执法")
    EMERGENCY = "emergency", _("应急处置")
    JOINT = "joint", _("六员联动")


#: The tier under which the district's service levels give the time to answer and the time to arrive.
TIERS = {
    WhistleKind.PRESSING: Tier.ORDINARY,
    WhistleKind.ENFORCEMENT: Tier.ORDINARY,
    WhistleKind.EMERGENCY: Tier.EMERGENCY,
    WhistleKind.JOINT: Tier.URGENT,
}


class WhistleState(Words):
    """The state of a whistle."""

    BLOWN = "blown", _("待应哨")
    ANSWERED = "answered", _("待到场")
    WORKING = "working", _("现场处置")
    ENDED = "ended", _("待评哨")
    RATED = "rated", _("已评哨")


class Stage(Words):
    """The stage of one summoned party."""

    ASKED = "asked", _("待应哨")
    REFUSED = "refused", _("待区县裁定")
    EXCUSED = "excused", _("不必到场")
    ANSWERED = "answered", _("待到场")
    ON_SITE = "on_site", _("在场")
    RELEASED = "released", _("已撤离")
    MISSED = "missed", _("未到场")


class CheckIn(Words):
    """The way in which a party's arrival was recorded."""

    PLACE = "place", _("定位签到")
    CODE = "code", _("签到码")
    DESK = "desk", _("街道确认")


class Part(Words):
    """The six roles of a joint response; UNIT is a party without such a role."""

    UNIT = "unit", _("单位")
    POLICE = "police", _("民警")
    TRAFFIC = "traffic", _("交警")
    URBAN = "urban", _("城管队员")
    SANITATION = "sanitation", _("环卫工人")
    GRID = "grid", _("网格员")
    LANE = "lane", _("街巷长")


S, G = WhistleState, Stage
OPEN = frozenset({S.BLOWN, S.ANSWERED, S.WORKING})
#: The stages in which a party still has to do something.
DUE = frozenset({G.ASKED, G.REFUSED, G.ANSWERED, G.ON_SITE})


class Side(StrEnum):
    """The side that makes a move: the street (by area), a party (by unit), the county (by area), or the
    platform."""

    STREET = "street"
    PARTY = "party"
    COUNTY = "county"
    SYSTEM = "system"


RIGHTS = {
    Side.STREET: P.TICKET_STREET,
    Side.PARTY: P.TICKET_ACCEPT,
    Side.COUNTY: P.TICKET_COUNTY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One verb: its source states, its sides, and the stages in which its party may be.

    A move without stages is about the whole whistle. `done` is the sentence after the move.
    """

    verb: str
    label: Any
    done: Any
    sources: frozenset[WhistleState]
    sides: tuple[Side, ...]
    stages: frozenset[Stage] = frozenset()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def event(self) -> str:
        """The kind of event that the move records."""
        return f"whistle.{self.verb}"


#: What happened and what comes next, by verb.
_DONE: dict[str, Any] = {
    "answer": _("已应哨，请按时到场签到。"),
    "arrive": _("已到场签到，请听从街道分工。"),
    "refuse": _("不到场申请已提交，待区县裁定。"),
    "uphold": _("已同意不到场，已通知街道。"),
    "overrule": _("已要求到场，已通知该单位。"),
    "confirm": _("已确认到场。"),
    "assign_task": _("已分工，已通知该单位。"),
    "tick": _("分工完成情况已记录。"),
    "summon": _("已增派，已通知召集单位。"),
    "release": _("已同意撤离，已通知该单位。"),
    "end": _("吹哨已结束，请双方互评。"),
    "rate_unit": _("对单位的评价已提交。"),
    "rate_whistle": _("对吹哨的评价已提交。"),
    "close": _("吹哨已归档。"),
}


def _move(
    verb: str, label: Any, sources: Any, side: Side | tuple[Side, ...], stages: Any = (), **more: Any
) -> Move:
    sides = (side,) if isinstance(side, Side) else side
    return Move(
        verb=verb,
        label=label,
        done=_DONE[verb],
        sources=frozenset(sources),
        sides=sides,
        stages=frozenset(stages),
        **more,
    )


_TABLE = (
    _move("answer", _("应哨"), OPEN, Side.PARTY, (G.ASKED,)),
    _move("arrive", _("到场签到"), OPEN, Side.PARTY, (G.ASKED, G.ANSWERED), may=("code", "lat", "lng")),
    _move("refuse", _("不能到场"), OPEN, Side.PARTY, (G.ASKED,), needs=("reason",)),
    _move("uphold", _("同意不到场"), OPEN, Side.COUNTY, (G.REFUSED,), needs=("reason",)),
    _move("overrule", _("要求到场"), OPEN, Side.COUNTY, (G.REFUSED,), needs=("reason",)),
    _move("confirm", _("确认到场"), OPEN, Side.STREET, (G.ASKED, G.ANSWERED)),
    _move("assign_task", _("分工"), OPEN, Side.STREET, needs=("text",), may=("party",)),
    _move("tick", _("分工完成情况"), OPEN, (Side.STREET, Side.PARTY), needs=("task", "done")),
    _move("summon", _("增派"), OPEN, Side.STREET, needs=("units",)),
    _move("release", _("撤离"), OPEN, Side.STREET, (G.ASKED, G.ANSWERED, G.ON_SITE), needs=("reason",)),
    _move("end", _("结束吹哨"), OPEN, Side.STREET, needs=("text",)),
    _move(
        "rate_unit",
        _("评单位"),
        (S.ENDED,),
        Side.STREET,
        (G.RELEASED, G.MISSED),
        needs=("in_time", "together", "solved"),
        may=("text",),
    ),
    _move(
        "rate_whistle",
        _("评哨"),
        (S.ENDED,),
        Side.PARTY,
        (G.RELEASED, G.MISSED),
        needs=("needed", "clear"),
        may=("text",),
    ),
    _move("close", _("归档"), (S.ENDED,), Side.SYSTEM),
)
MOVES: dict[str, Move] = {move.verb: move for move in _TABLE}
BLOW = "whistle.blow"


def moves_from(state: WhistleState) -> list[Move]:
    """The moves that people can make in a state, in the order of the table."""
    return [move for move in _TABLE if state in move.sources and Side.SYSTEM not in move.sides]
