"""States, outcomes, channels, tiers and other choices of tickets. Terms: GB/T 33358 and the glossary."""

from django.utils.translation import gettext_lazy as _

from governance.database.words import Words


class State(Words):
    """The state of a ticket (docs/states.md shows the diagram)."""

    REPORTED = "reported", _("待分单")
    ESCALATED = "escalated", _("待派单（街道）")
    REFERRED = "referred", _("待派单（区县）")
    DISPATCHED = "dispatched", _("待接单")
    HANDLING = "handling", _("办理中")
    AWAITING_RESIDENT = "awaiting_resident", _("待补充")
    DEFERRED = "deferred", _("挂账")
    DIVIDED = "divided", _("已拆分")
    IN_REVIEW = "in_review", _("待审核")
    RESOLVED = "resolved", _("待核实")
    RATING = "rating", _("待评单")
    CLOSED = "closed", _("已销号")


OPEN = frozenset(State) - {State.CLOSED}


class Outcome(Words):
    """The end of a closed ticket."""

    FIXED = "fixed", _("已解决")
    EXPLAINED = "explained", _("已解释说明")
    CANNOT = "cannot", _("确实无法解决")
    NOT_OURS = "not_ours", _("非本地职责")
    DUPLICATE = "duplicate", _("重复")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    VOID = "void", _("作废")


class Channel(Words):
    """The channel through which a report came in."""

    GRID = "grid", _("网格上报")
    PORTAL = "portal", _("居民自报")
    DESK = "desk", _("窗口代录")
    HOTLINE = "hotline", _("12345 热线")
    API = "api", _("系统对接")
    IMPORT = "import", _("历史导入")


class Tier(Words):
    """Urgency (domain.md B5: two hours, a day, seven and fifteen workdays)."""

    EMERGENCY = "emergency", _("特急")
    URGENT = "urgent", _("紧急")
    ORDINARY = "ordinary", _("一般")
    COMPLEX = "complex", _("疑难复杂")


class Demand(Words):
    """The kind of request (hotline matter types, domain.md B3)."""

    INQUIRY = "inquiry", _("咨询")
    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    ACCUSATION = "accusation", _("举报")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class EndedLevel(Words):
    """The level at which a ticket ended: that of the last lead unit."""

    GRID = "grid", _("网格")
    COMMUNITY = "community", _("社区（村）")
    STREET = "street", _("街道（乡镇）")
    COUNTY = "county", _("区县")
    DEPARTMENT = "department", _("部门")


class Size(Words):
    """The result of triage."""

    MINOR = "minor", _("小事")
    MAJOR = "major", _("大事")


class Asking(Words):
    """A request that waits for another unit's decision; a ticket has at most one open request."""

    TRANSFER = "transfer", _("申请改派")
    EXTENSION = "extension", _("申请延期")
    DEFERRAL = "deferral", _("申请挂账")
    VOID = "void", _("申请作废")


class Ruling(Words):
    """The county's ruling on a ticket that was returned too often: due or given.

    A given ruling is binding.
    """

    DUE = "due", _("待裁定")
    GIVEN = "given", _("已裁定")


class Refusal(Words):
    """Reasons to decline a ticket (reason classes of 12345 centres, domain.md B3)."""

    JUDICIAL = "judicial", _("已进入诉讼、仲裁、行政复议")
    PETITION = "petition", _("信访程序已终结")
    COMMERCIAL = "commercial", _("民商事纠纷，另有渠道")
    SECRET = "secret", _("涉及国家秘密、商业秘密、个人隐私")
    OUTSIDE = "outside", _("不在本区县管辖范围")
    UNCLEAR = "unclear", _("内容不明且无法联系")
    ABUSE = "abuse", _("辱骂、骚扰、恶意")
    EMERGENCY = "emergency", _("应拨打 110、119、120、122")


#: Outcomes without an answer, whatever was answered before.
UNANSWERED = frozenset({Outcome.VOID, Outcome.WITHDRAWN, Outcome.DUPLICATE})
