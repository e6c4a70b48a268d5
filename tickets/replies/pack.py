"""Reply templates as a pack: texts for answers to residents and for the reasons of moves."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from governance.access.actors import Actor
from governance.district import packs
from tickets.replies import actions
from tickets.replies.models import ReplyTemplate

#: (verb, title): text.
TEXTS = {
    ("resolve", "已办结"): "您反映的“{标题}”（编号 {编号}），{单位}已到现场处理完毕，请您查看并评价。",
    ("resolve", "已整改"): "经{单位}现场核查，您反映的情况属实，已督促责任方整改到位。感谢您的监督。",
    ("resolve", "已解释说明"): "就您反映的“{标题}”，{单位}已与您联系，说明了有关政策和办理依据。",
    ("resolve", "已列入计划"): "您反映的问题需工程施工解决，{单位}已列入近期计划，施工前将在现场公示。",
    ("ask_resident", "补充位置"): "为尽快到场办理，请补充具体位置：小区、楼栋单元或附近明显标志物。",
    ("ask_resident", "补充照片"): "请补充现场照片，并说明问题出现的时间，以便{单位}判断。",
    ("decline", "不在受理范围"): "该事项依法由其他途径处理，本平台不予受理，请向有权机关提出。",
    ("defer", "暂不具备条件"): "该事项目前受季节或资金条件限制，暂时无法办理，{单位}将按期复查并告知进展。",
    ("triage_minor", "社区可办"): "社区和网格有能力就近办理，按小事分单。",
    ("triage_major", "超出社区职权"): "涉及执法权限或专业力量，社区无法办理，上报街道派单。",
    ("send_back", "宜由社区办理"): "经研判属社区职责范围，退回社区就近办理。",
    ("return_ticket", "非本单位职责"): "经核对职责清单，该事项不属{单位}职责，请改派责任单位。",
}


def _lacking() -> list[tuple[str, str]]:
    have = set(ReplyTemplate.objects.values_list("verb", "title"))
    return [key for key in TEXTS if key not in have]


def missing() -> list[str]:
    """The titles of the templates that are missing; one statement."""
    return [title for _verb, title in _lacking()]


def load(*, by: Actor, at: datetime) -> None:
    """Add the templates that are missing."""
    for verb, title in _lacking():
        actions.keep(verb=verb, title=title, text=TEXTS[verb, title], category=None, by=by, at=at)


packs.add(
    30,
    packs.Pack(
        slug="replies",
        label=_("答复模板"),
        about=_("办结、请居民补充、不予受理、挂账的答复，分单和退单的理由。载入后可修改。"),
        path="settings/replies/",
        missing=missing,
        load=load,
    ),
)
