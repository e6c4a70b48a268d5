"""Workflow of tickets as data: every legal move, without queries, current time or request (design 5.2).

The same table feeds the buttons, the API's available_moves, docs/states.md and a test over verb x state x
role.
"""

from django.utils.translation import gettext_lazy as _

from governance.access.permissions import Permission as P
from governance.access.permissions import Role
from governance.clocks.models import Purpose
from tickets.moves import Move
from tickets.moves import move as _move
from tickets.states import OPEN, Asking, State

S = State
#: The verbs by which residents say something in their own words.
BY_RESIDENT = frozenset({"reply", "add", "withdraw", "reopen"})
STATES_IN_WORK = frozenset({S.DISPATCHED, S.HANDLING, S.AWAITING_RESIDENT, S.DEFERRED, S.IN_REVIEW})
STATES_BEFORE_RESOLVED = OPEN - {S.RESOLVED, S.RATING}
STATES_WITH_LEAD = STATES_IN_WORK | {S.RESOLVED, S.RATING}

#: The roles that verify; a centre verifies only if no community serves the area.
NEAR_THE_PLACE = (Role.GRID_WORKER, Role.GRID_LEAD, Role.COMMUNITY_WORKER)

#: The clocks that start when a ticket enters a state (design 5.1).
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
#: In these states the resolve clock is paused: the ticket waits for the resident or for a date.
PAUSED = frozenset({S.AWAITING_RESIDENT, S.DEFERRED})


_CENTERS = {S.ESCALATED: P.TICKET_STREET, S.REFERRED: P.TICKET_COUNTY}
_SORTERS = {S.REPORTED: P.TICKET_TRIAGE, **_CENTERS}
_HOLDER = {
    **_SORTERS,
    **dict.fromkeys(STATES_IN_WORK, P.TICKET_HANDLE),
    S.RESOLVED: P.TICKET_VERIFY,
    S.RATING: P.TICKET_VERIFY,
    S.DIVIDED: (P.TICKET_TRIAGE, P.TICKET_STREET, P.TICKET_COUNTY),
}
_SORTING = (S.REPORTED, S.ESCALATED, S.REFERRED)
#: Up one level; two if the street's centre is in the line of the unit complained about (tickets/ticket/accused.py).
_UP = (S.ESCALATED, S.REFERRED)

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
    _move("triage_minor", _("分单·小事"), S.REPORTED, S.HANDLING, P.TICKET_TRIAGE),
    _move("triage_major", _("分单·大事"), S.REPORTED, _UP, P.TICKET_TRIAGE, needs=("reason",)),
    _move("out_of_area", _("不属本社区"), S.REPORTED, _UP, P.TICKET_TRIAGE, needs=("reason",)),
    _move("correct_place", _("更正地点"), S.REPORTED, (), P.TICKET_TRIAGE, needs=("address",)),
    _move(
        "send_back",
        _("退回重分"),
        (S.ESCALATED, S.REFERRED),
        (S.REPORTED, S.ESCALATED),
        _CENTERS,
        needs=("reason",),
    ),
    _move("upgrade", _("转大事"), S.HANDLING, _UP, P.TICKET_HANDLE, needs=("reason",)),
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
        (S.REPORTED, S.ESCALATED, S.REFERRED),
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
    ),
    _move(
        "request_transfer",
        _("申请改派"),
        S.HANDLING,
        (),
        P.TICKET_RETURN,
        asks=Asking.TRANSFER,
        needs=("reason",),
    ),
    _move(
        "refuse_transfer",
        _("不同意改派"),
        S.HANDLING,
        (),
        P.TICKET_REDISPATCH,
        decides=Asking.TRANSFER,
        needs=("reason",),
    ),
    _move(
        "reassign",
        _("改派"),
        (S.DISPATCHED, S.HANDLING),
        S.DISPATCHED,
        P.TICKET_REDISPATCH,
        needs=("unit", "reason"),
    ),
    _move("assign", _("指派"), (S.DISPATCHED, S.HANDLING), (), P.TICKET_ASSIGN),
    _move("assist_accept", _("协办接单"), (S.DISPATCHED, S.HANDLING), (), assistant=P.TICKET_ACCEPT),
    _move(
        "assist_finish",
        _("协办办结"),
        (S.DISPATCHED, S.HANDLING),
        (),
        assistant=P.TICKET_HANDLE,
        needs=("text",),
    ),
    _move(
        "assist_waive",
        _("取消协办"),
        (S.DISPATCHED, S.HANDLING),
        (),
        P.TICKET_HANDLE,
        needs=("assistant", "reason"),
    ),
    _move(
        "summarize",
        _("公开摘要"),
        (*_SORTING, *STATES_WITH_LEAD, S.CLOSED),
        (),
        {
            **_SORTERS,
            **dict.fromkeys(STATES_WITH_LEAD | {S.CLOSED}, (P.TICKET_HANDLE, P.TICKET_TRIAGE)),
        },
        needs=("summary",),
    ),
    _move("note", _("进展"), OPEN, (), _HOLDER, assistant=P.TICKET_HANDLE, needs=("text",)),
    _move(
        "contact",
        _("联系居民"),
        STATES_WITH_LEAD | {S.REPORTED},
        (),
        {
            **dict.fromkeys(STATES_WITH_LEAD, (P.TICKET_HANDLE, P.TICKET_TRIAGE, P.TICKET_SELF_RESOLVE)),
            S.REPORTED: (P.TICKET_TRIAGE, P.TICKET_SELF_RESOLVE),
        },
        needs=("text",),
    ),
    _move(
        "ask_resident",
        _("请居民补充"),
        (S.REPORTED, S.HANDLING),
        S.AWAITING_RESIDENT,
        {S.REPORTED: P.TICKET_TRIAGE, S.HANDLING: P.TICKET_HANDLE},
        needs=("question",),
    ),
    _move(
        "reply",
        _("补充"),
        S.AWAITING_RESIDENT,
        (S.REPORTED, S.HANDLING),
        P.TICKET_ANSWER_FOR,
        reporter=True,
        system=True,
        needs=("text",),
    ),
    _move(
        "add",
        _("居民补充"),
        OPEN - {S.DIVIDED, S.RATING},
        (),
        reporter=True,
        needs=("text",),
    ),
    _move(
        "request_extension",
        _("申请延期"),
        S.HANDLING,
        (),
        P.TICKET_HANDLE,
        asks=Asking.EXTENSION,
        needs=("days", "reason"),
    ),
    _move("approve_extension", _("同意延期"), S.HANDLING, (), P.TICKET_REDISPATCH, decides=Asking.EXTENSION),
    _move(
        "refuse_extension",
        _("不同意延期"),
        S.HANDLING,
        (),
        P.TICKET_REDISPATCH,
        decides=Asking.EXTENSION,
        needs=("reason",),
    ),
    _move(
        "request_deferral",
        _("申请挂账"),
        S.HANDLING,
        (),
        P.TICKET_HANDLE,
        asks=Asking.DEFERRAL,
        needs=("until", "reason"),
    ),
    _move(
        "refuse_deferral",
        _("不同意挂账"),
        S.HANDLING,
        (),
        P.TICKET_REDISPATCH,
        decides=Asking.DEFERRAL,
        needs=("reason",),
    ),
    _move("defer", _("挂账"), S.HANDLING, S.DEFERRED, P.TICKET_REDISPATCH, needs=("until", "answer")),
    _move("release", _("销账"), S.DEFERRED, S.HANDLING, P.TICKET_HANDLE, system=True, needs=("reason",)),
    _move("split", _("拆分"), _SORTING, S.DIVIDED, _SORTERS, needs=("parts", "reason")),
    _move("unite", _("撤销拆分"), S.DIVIDED, _SORTING, _SORTERS, who_at="before", needs=("reason",)),
    _move("gather", _("拆分件汇总"), S.DIVIDED, S.RESOLVED, system=True),
    _move(
        "lead_by_leader",
        _("领导牵头"),
        (S.REFERRED, S.HANDLING),
        (),
        P.TICKET_COUNTY,
        needs=("leader", "reason"),
    ),
    _move(
        "resolve",
        _("办结"),
        S.HANDLING,
        (S.RESOLVED, S.IN_REVIEW, S.RATING, S.CLOSED),
        P.TICKET_HANDLE,
        needs=("outcome", "answer", "evidence"),
    ),
    _move(
        "approve_closing",
        _("同意结案"),
        S.IN_REVIEW,
        (S.RESOLVED, S.RATING, S.CLOSED),
        P.TICKET_REDISPATCH,
    ),
    _move("refuse_closing", _("退回续办"), S.IN_REVIEW, S.HANDLING, P.TICKET_REDISPATCH, needs=("reason",)),
    _move(
        "verify",
        _("核实反馈"),
        S.RESOLVED,
        (S.RATING, S.CLOSED, S.HANDLING),
        P.TICKET_VERIFY,
        near=True,
        needs=("done", "text"),
    ),
    _move(
        "rate",
        _("评单"),
        S.RATING,
        (S.CLOSED, S.HANDLING),
        P.TICKET_RATE_ALOUD,
        reporter=True,
        offered=_("上门代评"),
        needs=("solved", "result"),
    ),
    _move(
        "callback",
        _("回访"),
        (S.RATING, S.CLOSED),
        S.HANDLING,
        P.TICKET_CALLBACK,
        needs=("contacted", "solved", "satisfied", "text"),
    ),
    _move("close", _("销号"), S.RATING, S.CLOSED, system=True),
    _move("reopen", _("重办"), S.CLOSED, S.HANDLING, P.TICKET_REOPEN, reporter=True, needs=("reason",)),
    _move("merge", _("并单"), OPEN - {S.DIVIDED}, S.CLOSED, P.TICKET_MERGE, needs=("into", "reason")),
    _move("unmerge", _("撤销并单"), S.CLOSED, OPEN - {S.DIVIDED}, P.TICKET_MERGE, needs=("reason",)),
    _move("decline", _("不予受理"), _SORTING, S.CLOSED, _SORTERS, needs=("refusal", "answer")),
    _move("void", _("作废"), OPEN, S.CLOSED, P.TICKET_VOID, needs=("reason",)),
    _move("keep", _("不予作废"), OPEN, (), P.TICKET_VOID, needs=("reason",)),
    _move("withdraw", _("撤回"), STATES_BEFORE_RESOLVED, S.CLOSED, reporter=True, needs=("reason",)),
    _move("urge", _("催办"), OPEN, (), (P.TICKET_SUPERVISE, P.TICKET_REDISPATCH), needs=("text",)),
    _move("supervise", _("督办"), OPEN, (), P.TICKET_SUPERVISE, system=True, needs=("text",)),
    _move("instruct", _("批示"), OPEN, (), P.TICKET_INSTRUCT, needs=("text",)),
    _move(
        "answer_supervision",
        _("督办回复"),
        OPEN,
        (),
        {**_HOLDER, **dict.fromkeys((S.RESOLVED, S.RATING), (P.TICKET_HANDLE, P.TICKET_VERIFY))},
        offered=_("回复督办、批示"),
        needs=("text",),
    ),
    _move(
        "recuse",
        _("回避改派"),
        OPEN - {S.DIVIDED},
        (S.ESCALATED, S.REFERRED, S.RESOLVED),
        system=True,
    ),
    _move("rise", _("自动提级"), (S.REPORTED, S.ESCALATED), (S.ESCALATED, S.REFERRED), system=True),
    _move(
        "mediate",
        _("调解"),
        S.HANDLING,
        (),
        P.TICKET_HANDLE,
        needs=("held_at", "place", "mediators", "parties", "text", "session_result"),
    ),
    _move(
        "sign",
        _("签订协议"),
        S.HANDLING,
        (),
        P.TICKET_HANDLE,
        needs=("terms", "signed_on", "signers"),
    ),
    _move(
        "follow_up",
        _("协议回访"),
        STATES_WITH_LEAD | {S.CLOSED},
        (),
        P.TICKET_HANDLE,
        needs=("agreement", "kept", "text"),
    ),
    _move("whistle", _("吹哨"), OPEN, (), P.TICKET_STREET, needs=("kind", "units", "text")),
)

MOVES: dict[str, Move] = {move.verb: move for move in _TABLE}


def moves_from(state: State) -> list[Move]:
    """The implemented moves that start in a state, in the order of the table."""
    return [move for move in _TABLE if move.built and state in move.sources]
