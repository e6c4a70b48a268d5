"""Every legal move, as data: no queries, no clock, no request (design 5.2).

The same table feeds the buttons, the API's available_moves, docs/states.md and a test over verb x state x role.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.access.permissions import Permission as P
from governance.clocks.models import Purpose
from tickets.states import OPEN, State

S = State
HELD = frozenset({S.DISPATCHED, S.HANDLING, S.AWAITING_RESIDENT, S.DEFERRED, S.IN_REVIEW})
BEFORE_RESOLVED = OPEN - {S.RESOLVED, S.RATING}

#: Which promise runs while a ticket stands in a state, and who must keep it (design 5.1).
CLOCKS: dict[State, tuple[Purpose, ...]] = {
    S.REPORTED: (Purpose.TRIAGE,),
    S.ESCALATED: (Purpose.DISPATCH,),
    S.REFERRED: (Purpose.DISPATCH,),
    S.DISPATCHED: (Purpose.ACCEPT,),
    S.HANDLING: (Purpose.RESOLVE, Purpose.CONTACT),
    S.AWAITING_RESIDENT: (),
    S.DEFERRED: (),
    S.DIVIDED: (),
    S.IN_REVIEW: (Purpose.REVIEW,),
    S.RESOLVED: (Purpose.VERIFY,),
    S.RATING: (Purpose.RATE,),
    S.CLOSED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One verb: from where, to where, who may, and what must be given.

    `who` names the permission per source state, `reporter` lets the person who reported, `system` lets the platform.
    A move that is not `built` is known, shown nowhere, and refuses.
    """

    verb: str
    label: Any
    sources: frozenset[State]
    targets: frozenset[State]
    who: Mapping[State, P] = field(default_factory=dict)
    reporter: bool = False
    system: bool = False
    built: bool = True
    needs: tuple[str, ...] = ()

    @property
    def event(self) -> str:
        return f"ticket.{self.verb}"

    @property
    def stays(self) -> bool:
        """The state does not change."""
        return not self.targets


def _states(states: State | frozenset[State] | set[State] | tuple) -> frozenset[State]:
    return frozenset([states]) if isinstance(states, State) else frozenset(states)


def _move(verb: str, label: Any, sources: Any, targets: Any, who: Any = None, **more: Any) -> Move:
    origin = _states(sources)
    rights = who if isinstance(who, dict) else dict.fromkeys(origin, who) if who else {}
    return Move(verb=verb, label=label, sources=origin, targets=_states(targets), who=rights, **more)


_CENTERS = {S.ESCALATED: P.TICKET_STREET, S.REFERRED: P.TICKET_COUNTY}
_DISPATCHER = dict.fromkeys(HELD, P.TICKET_REDISPATCH)
_HOLDER = {
    S.REPORTED: P.TICKET_TRIAGE,
    **_CENTERS,
    **dict.fromkeys(HELD, P.TICKET_HANDLE),
    S.RESOLVED: P.TICKET_VERIFY,
    S.RATING: P.TICKET_VERIFY,
    S.DIVIDED: P.TICKET_TRIAGE,
}
_NOT_YET = {"built": False}

_TABLE = (
    _move("report", _("点单"), (), (S.REPORTED, S.ESCALATED, S.REFERRED, S.DISPATCHED), needs=("text",)),
    _move(
        "self_resolve",
        _("就地解决"),
        S.REPORTED,
        (S.RESOLVED, S.CLOSED),
        P.TICKET_SELF_RESOLVE,
        needs=("text", "evidence"),
    ),
    _move("triage_minor", _("分单·小事"), S.REPORTED, S.HANDLING, P.TICKET_TRIAGE, needs=("reason",)),
    _move("triage_major", _("分单·大事"), S.REPORTED, S.ESCALATED, P.TICKET_TRIAGE, needs=("reason",)),
    _move(
        "send_back",
        _("退回重分"),
        (S.ESCALATED, S.REFERRED),
        (S.REPORTED, S.ESCALATED),
        _CENTERS,
        needs=("reason",),
    ),
    _move("upgrade", _("转大事"), S.HANDLING, S.ESCALATED, P.TICKET_HANDLE, needs=("reason",)),
    _move("take_up", _("街道自办"), S.ESCALATED, S.HANDLING, P.TICKET_STREET, needs=("unit",)),
    _move(
        "refer",
        _("上报区县"),
        (S.ESCALATED, S.HANDLING),
        S.REFERRED,
        {S.ESCALATED: P.TICKET_STREET, S.HANDLING: P.TICKET_STREET},
        needs=("reason",),
    ),
    _move("dispatch", _("派单"), (S.ESCALATED, S.REFERRED), S.DISPATCHED, _CENTERS, needs=("unit",)),
    _move("accept", _("接单"), S.DISPATCHED, S.HANDLING, P.TICKET_ACCEPT),
    _move(
        "return_ticket",
        _("退单"),
        S.DISPATCHED,
        (S.ESCALATED, S.REFERRED),
        P.TICKET_RETURN,
        needs=("reason",),
    ),
    _move(
        "arbitrate",
        _("裁定"),
        (S.ESCALATED, S.REFERRED, S.DISPATCHED),
        S.DISPATCHED,
        P.TICKET_COUNTY,
        needs=("unit", "reason"),
        **_NOT_YET,
    ),
    _move("request_transfer", _("申请改派"), S.HANDLING, (), P.TICKET_RETURN, needs=("reason",), **_NOT_YET),
    _move(
        "reassign",
        _("改派"),
        (S.DISPATCHED, S.HANDLING),
        S.DISPATCHED,
        P.TICKET_REDISPATCH,
        needs=("unit", "reason"),
    ),
    _move("assign", _("指派"), (S.DISPATCHED, S.HANDLING), (), P.TICKET_ASSIGN, needs=("person",)),
    _move("assist_accept", _("协办接单"), (S.DISPATCHED, S.HANDLING), (), P.TICKET_ACCEPT, **_NOT_YET),
    _move("assist_finish", _("协办办结"), (S.DISPATCHED, S.HANDLING), (), P.TICKET_HANDLE, **_NOT_YET),
    _move("assist_waive", _("免除协办"), (S.DISPATCHED, S.HANDLING), (), P.TICKET_HANDLE, **_NOT_YET),
    _move("note", _("进展"), OPEN, (), _HOLDER, needs=("text",)),
    _move("contact", _("联系居民"), HELD - {S.DISPATCHED}, (), P.TICKET_HANDLE, needs=("text",)),
    _move("ask_resident", _("请居民补充"), S.HANDLING, S.AWAITING_RESIDENT, P.TICKET_HANDLE, **_NOT_YET),
    _move("reply", _("补充"), S.AWAITING_RESIDENT, S.HANDLING, reporter=True, system=True, **_NOT_YET),
    _move("request_extension", _("申请延期"), S.HANDLING, (), P.TICKET_HANDLE, **_NOT_YET),
    _move("approve_extension", _("同意延期"), S.HANDLING, (), P.TICKET_REDISPATCH, **_NOT_YET),
    _move("refuse_extension", _("不同意延期"), S.HANDLING, (), P.TICKET_REDISPATCH, **_NOT_YET),
    _move("defer", _("挂账"), S.HANDLING, S.DEFERRED, P.TICKET_HANDLE, **_NOT_YET),
    _move("release", _("销账"), S.DEFERRED, S.HANDLING, P.TICKET_HANDLE, system=True, **_NOT_YET),
    _move(
        "split",
        _("拆分"),
        (S.REPORTED, S.ESCALATED, S.REFERRED),
        S.DIVIDED,
        {S.REPORTED: P.TICKET_TRIAGE, **_CENTERS},
        **_NOT_YET,
    ),
    _move(
        "unite",
        _("撤销拆分"),
        S.DIVIDED,
        (S.REPORTED, S.ESCALATED, S.REFERRED),
        P.TICKET_TRIAGE,
        **_NOT_YET,
    ),
    _move("lead_by_leader", _("领导牵头"), (S.REFERRED, S.HANDLING), (), P.TICKET_COUNTY, **_NOT_YET),
    _move(
        "resolve",
        _("办结"),
        S.HANDLING,
        (S.RESOLVED, S.IN_REVIEW),
        P.TICKET_HANDLE,
        needs=("outcome", "answer", "evidence"),
    ),
    _move("approve_closing", _("同意结案"), S.IN_REVIEW, S.RESOLVED, P.TICKET_REDISPATCH),
    _move("refuse_closing", _("退回续办"), S.IN_REVIEW, S.HANDLING, P.TICKET_REDISPATCH, needs=("reason",)),
    _move(
        "verify",
        _("核实反馈"),
        S.RESOLVED,
        (S.RATING, S.CLOSED, S.HANDLING),
        P.TICKET_VERIFY,
        needs=("done", "text"),
    ),
    _move(
        "rate",
        _("评单"),
        S.RATING,
        (S.CLOSED, S.HANDLING),
        P.TICKET_RATE_ALOUD,
        reporter=True,
        needs=("speed", "attitude", "result", "solved"),
    ),
    _move("callback", _("回访"), (S.RATING, S.CLOSED), S.HANDLING, P.TICKET_VERIFY, **_NOT_YET),
    _move("close", _("销号"), S.RATING, S.CLOSED, system=True),
    _move("reopen", _("重办"), S.CLOSED, S.HANDLING, P.TICKET_SUPERVISE, reporter=True, **_NOT_YET),
    _move("merge", _("并单"), OPEN, S.CLOSED, P.TICKET_TRIAGE, **_NOT_YET),
    _move("unmerge", _("撤销并单"), S.CLOSED, OPEN, P.TICKET_TRIAGE, **_NOT_YET),
    _move(
        "decline",
        _("不予受理"),
        (S.REPORTED, S.ESCALATED, S.REFERRED),
        S.CLOSED,
        {S.REPORTED: P.TICKET_TRIAGE, **_CENTERS},
        **_NOT_YET,
    ),
    _move("void", _("作废"), OPEN, S.CLOSED, P.TICKET_SUPERVISE, **_NOT_YET),
    _move("withdraw", _("撤回"), BEFORE_RESOLVED, S.CLOSED, reporter=True, **_NOT_YET),
    _move("urge", _("催办"), OPEN, (), P.TICKET_SUPERVISE, **_NOT_YET),
    _move("supervise", _("督办"), OPEN, (), P.TICKET_SUPERVISE, **_NOT_YET),
    _move("answer_supervision", _("督办回复"), OPEN, (), _HOLDER, **_NOT_YET),
    _move("rise", _("自动提级"), (S.REPORTED, S.ESCALATED), (S.ESCALATED, S.REFERRED), system=True),
    _move("whistle", _("吹哨"), OPEN, (), P.TICKET_STREET, **_NOT_YET),
)

MOVES: dict[str, Move] = {move.verb: move for move in _TABLE}


def moves_from(state: State) -> list[Move]:
    """The built moves that start in a state, in the order of the table."""
    return [move for move in _TABLE if move.built and state in move.sources]
