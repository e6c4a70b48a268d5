"""Reply templates of the demo district: texts that officers use again and again."""

from tickets.replies.models import ReplyTemplate

#: Texts for the moves that are made many times a day.
WORDS = (
    ("triage_minor", "社区能办", "社区、网格和物业能够办理，按小事分单。"),
    ("triage_minor", "先上门看", "先由网格员上门核实情况，再定办法。"),
    ("triage_minor", "邻里调解", "属邻里之间的矛盾，由调解组织先行调解。"),
    ("triage_major", "需要执法", "需要执法权，社区无权处理，报请街道派单。"),
    ("triage_major", "需要部门", "涉及部门职责，社区无力解决，报请街道派单。"),
    ("triage_major", "需要资金", "需要专项资金，社区无法承担，报请街道派单。"),
    ("send_back", "属于小事", "社区和网格能够办理，退回社区按小事办理。"),
    ("return_ticket", "不属职责", "不属于{单位}职责，请改派有关单位。"),
    ("resolve", "已修复", "您反映的“{标题}”已于今日修复，请您查看。如还有问题，可以重新反映。"),
    ("resolve", "已整改", "您反映的情况属实，已责令整改完毕。感谢您的监督。"),
    ("ask_resident", "具体位置", "请补充具体位置（几号楼几单元、旁边有什么），方便我们尽快找到。"),
    ("decline", "不属本平台", "您反映的事项不在本平台受理范围，请向有关部门反映。"),
)


def put() -> None:
    """Add the district's templates, for reasons and answers."""
    rows = [ReplyTemplate(verb=verb, title=title, text=text) for verb, title, text in WORDS]
    ReplyTemplate.objects.bulk_create(rows)
