"""State of a ticket in plain words for residents; staff read the words of the five orders (states.py)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.states import Outcome, State

#: For every reader.
STATE_WORDS = {
    State.REPORTED: gettext_lazy("已收到"),
    State.ESCALATED: gettext_lazy("正在派给责任单位"),
    State.REFERRED: gettext_lazy("正在派给责任单位"),
    State.DISPATCHED: gettext_lazy("已派给责任单位"),
    State.HANDLING: gettext_lazy("正在办理"),
    State.AWAITING_RESIDENT: gettext_lazy("等反映人补充"),
    State.DEFERRED: gettext_lazy("暂缓办理"),
    State.DIVIDED: gettext_lazy("正在办理"),
    State.IN_REVIEW: gettext_lazy("正在核实"),
    State.RESOLVED: gettext_lazy("正在核实"),
    State.RATING: gettext_lazy("等反映人评价"),
    State.CLOSED: gettext_lazy("已办结"),
}
#: For the resident who must act now.
ASKED = {
    State.AWAITING_RESIDENT: gettext_lazy("请您补充"),
    State.RATING: gettext_lazy("请您评价"),
}
#: How a ticket was settled, shown after 已办结.
SETTLED = {
    Outcome.FIXED: gettext_lazy("已解决"),
    Outcome.EXPLAINED: gettext_lazy("已解释说明"),
    Outcome.CANNOT: gettext_lazy("确实无法解决"),
    Outcome.NOT_OURS: gettext_lazy("不属本地职责"),
}
#: How a ticket ended that was not worked on to the end.
ENDED = {
    Outcome.DUPLICATE: gettext_lazy("已与另一件合并"),
    Outcome.DECLINED: gettext_lazy("不予受理"),
    Outcome.WITHDRAWN: gettext_lazy("已撤回"),
    Outcome.VOID: gettext_lazy("已作废"),
}


def state_in_plain_words(state: str, outcome: str = "", *, asked: bool = False) -> str:
    """The state in words, for the resident who must act (`asked`) or for every reader."""
    if state == State.CLOSED and outcome in ENDED:
        return str(ENDED[Outcome(outcome)])
    if state == State.CLOSED and outcome in SETTLED:
        settled = SETTLED[Outcome(outcome)]
        return _("%(state)s·%(outcome)s") % {"state": STATE_WORDS[State.CLOSED], "outcome": settled}
    return str((ASKED if asked else {}).get(State(state)) or STATE_WORDS[State(state)])
