"""The sentence that the member reads after each move: what happened, and what comes next.

By verb, or by verb and state where the move leads to several. `%(unit)s` is the unit that must act next,
`%(approver)s` the one that decides the request, `%(due)s` the promised time.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tickets.states import State as S

_AGAIN = _("已退回%(unit)s重新办理。")
_DEFAULT = ""

#: verb -> the sentence, or {state after the move: sentence}; the empty state stands for all others.
AFTER: dict[str, Any] = {
    "report": _("已登记，待%(unit)s处理。"),
    "self_resolve": {S.RESOLVED: _("已就地解决，待他人核实。"), S.CLOSED: _("已就地解决，工单已销号。")},
    "triage_minor": _("已分为小事，由%(unit)s办理，请于%(due)s前办结。"),
    "triage_major": _("已分为大事，待%(unit)s派单。"),
    "out_of_area": _("已退回，待%(unit)s分派到所属社区。"),
    "correct_place": _("地点已更正。"),
    "send_back": _("已退回，待%(unit)s重新分派。"),
    "upgrade": _("已转为大事，待%(unit)s派单。"),
    "take_up": _("已确定由街道自办，由%(unit)s办理，请于%(due)s前办结。"),
    "refer": _("已上报，待%(unit)s派单。"),
    "dispatch": _("已派单，待%(unit)s接单。"),
    "accept": _("已接单，请于%(due)s前办结。"),
    "return_ticket": _("已退单，待%(unit)s重新分派。"),
    "arbitrate": _("已裁定，待%(unit)s接单。"),
    "request_transfer": _("改派申请已提交，待%(approver)s批复，批复前仍由本单位办理。"),
    "refuse_transfer": _("未同意改派，由%(unit)s继续办理。"),
    "reassign": _("已改派，待%(unit)s接单。"),
    "assign": _("已指派，由%(unit)s负责办理。"),
    "assist_accept": _("已接协办任务，办完后请提交“协办办结”。"),
    "assist_finish": _("协办已办结，已通知主办单位。"),
    "assist_waive": _("已取消协办，已通知该单位。"),
    "note": _("进展已记录。"),
    "summarize": _("公开摘要已更新。"),
    "contact": _("联系情况已记录。"),
    "ask_resident": _("已请居民补充，收到补充前暂停计时。"),
    "reply": _("补充情况已记录，由%(unit)s继续办理。"),
    "add": _("补充情况已提交。"),
    "request_extension": _("延期申请已提交，待%(approver)s批复，批复前仍按原时限办理。"),
    "approve_extension": _("已同意延期，办结时限延至%(due)s。"),
    "refuse_extension": _("未同意延期，仍按原时限办理。"),
    "request_deferral": _("挂账申请已提交，待%(approver)s批复。"),
    "refuse_deferral": _("未同意挂账，由%(unit)s继续办理。"),
    "defer": _("已挂账，到复查日期自动恢复办理。"),
    "release": _("已销账，由%(unit)s继续办理。"),
    "split": _("已拆分，各件分别办理，全部办结后一并核实。"),
    "unite": _("已撤销拆分，待%(unit)s处理。"),
    "gather": _("拆分件已全部办结，待%(unit)s核实。"),
    "lead_by_leader": _("已由领导牵头，承办单位不变。"),
    "resolve": {
        S.IN_REVIEW: _("已办结，待%(unit)s审核。"),
        S.RESOLVED: _("已办结，待%(unit)s核实。"),
        S.RATING: _("已办结，待居民评价。"),
        S.CLOSED: _("已办结，工单已销号。"),
    },
    "approve_closing": {
        S.RESOLVED: _("已同意结案，待%(unit)s核实。"),
        S.RATING: _("已同意结案，待居民评价。"),
        S.CLOSED: _("已同意结案，工单已销号。"),
    },
    "refuse_closing": _("未同意结案，由%(unit)s继续办理。"),
    "verify": {
        S.RATING: _("核实情况已反馈，待居民评价。"),
        S.CLOSED: _("核实情况已反馈，工单已销号。"),
        S.HANDLING: _AGAIN,
    },
    "rate": {
        S.CLOSED: _("评价已提交，工单已销号。"),
        S.HANDLING: _AGAIN,
        "": _("评价已提交，待其他居民评价。"),
    },
    "callback": {S.HANDLING: _AGAIN, "": _("回访情况已记录。")},
    "close": _("工单已销号。"),
    "reopen": _AGAIN,
    "merge": _("已并单，本件销号，由并入的工单一并办理。"),
    "unmerge": _("已撤销并单，由%(unit)s继续处理。"),
    "decline": _("已不予受理，工单已销号。"),
    "void": {S.CLOSED: _("已作废，工单已销号。"), "": _("作废申请已提交，待另一人确认。")},
    "keep": _("已取消作废申请，工单继续办理。"),
    "withdraw": {S.CLOSED: _("已撤回，工单已销号。"), "": _("已退出，工单继续办理。")},
    "urge": _("已催办，已通知%(unit)s。"),
    "supervise": _("已发出督办，待%(unit)s回复。"),
    "instruct": _("批示已发出，待%(unit)s回复办理情况。"),
    "answer_supervision": _("督办回复已提交。"),
    "recuse": _("已回避改派，由%(unit)s处理。"),
    "rise": _("已自动提级，待%(unit)s派单。"),
    "mediate": _("调解情况已记录。"),
    "sign": _("协议已登记，履行期满前提醒回访。"),
    "follow_up": _("协议回访已记录。"),
    "whistle": _("已吹哨，已通知召集单位。"),
}


def sentences_of(verb: str) -> dict[str, Any]:
    """{state after the move: sentence} of a verb; raises KeyError for a verb without sentences."""
    found = AFTER[verb]
    return found if isinstance(found, dict) else {_DEFAULT: found}
