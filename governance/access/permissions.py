"""The table of all permissions and of the roles that have them."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """A permission. The first group is checked against an area, the second against the unit in charge."""

    TICKET_READ = "ticket.read"
    TICKET_READ_PRIVATE = "ticket.read_private"
    TICKET_REPORT = "ticket.report"
    TICKET_SELF_RESOLVE = "ticket.self_resolve"
    TICKET_TRIAGE = "ticket.triage"
    TICKET_STREET = "ticket.street"  # a street centre's decisions on escalated tickets
    TICKET_COUNTY = "ticket.county"  # the county centre's decisions on referred tickets
    TICKET_VERIFY = "ticket.verify"
    TICKET_RATE_ALOUD = "ticket.rate_aloud"
    TICKET_SUPERVISE = "ticket.supervise"
    TICKET_INSTRUCT = "ticket.instruct"  # a leader's instruction (批示)
    TICKET_CALLBACK = "ticket.callback"
    TICKET_MERGE = "ticket.merge"
    TICKET_REOPEN = "ticket.reopen"
    TICKET_VOID = "ticket.void"
    TICKET_ANSWER_FOR = "ticket.answer_for"  # write down a resident's answer
    ADMISSION_ASK = "admission.ask"  # 工作准入, requested for the actor's own unit
    ADMISSION_DECIDE = "admission.decide"
    CONSENT_ASK = "consent.ask"  # before the head of a stationed agency is appointed, removed or assessed
    CONSENT_DECIDE = "consent.decide"
    PERSON_UNMASK = "person.unmask"
    PRIVACY_DECIDE = "privacy.decide"  # residents' requests about their personal information
    SETTINGS_EDIT = "settings.edit"
    PEOPLE_EDIT = "people.edit"
    ROSTER_EDIT = "roster.edit"  # duty and absence in the actor's own unit
    TOKEN_ISSUE = "token.issue"
    LOG_READ = "log.read"

    TICKET_REDISPATCH = "ticket.redispatch"  # checked against the unit that dispatched
    TICKET_READ_UNIT = "ticket.read_unit"  # tickets that the actor's unit leads, holds or shares
    TICKET_ACCEPT = "ticket.accept"
    TICKET_RETURN = "ticket.return"
    TICKET_ASSIGN = "ticket.assign"
    TICKET_HANDLE = "ticket.handle"


#: Permissions checked against the unit that holds the ticket; all others are checked against its area.
BY_UNIT = frozenset(
    {
        Permission.TICKET_READ_UNIT,
        Permission.TICKET_REDISPATCH,
        Permission.TICKET_ACCEPT,
        Permission.TICKET_RETURN,
        Permission.TICKET_ASSIGN,
        Permission.TICKET_HANDLE,
        Permission.ROSTER_EDIT,
    }
)


class Role(StrEnum):
    """The role that a post gives to a person."""

    GRID_WORKER = "grid_worker"
    GRID_LEAD = "grid_lead"
    COMMUNITY_WORKER = "community_worker"
    STREET_STAFF = "street_staff"
    STREET_CENTER = "street_center"
    COUNTY_CENTER = "county_center"
    UNIT_HEAD = "unit_head"
    UNIT_MEMBER = "unit_member"
    CLERK = "clerk"
    LEADER = "leader"
    TENANT_ADMIN = "tenant_admin"


ROLE_NAMES = {
    Role.GRID_WORKER: _("网格员"),
    Role.GRID_LEAD: _("网格长"),
    Role.COMMUNITY_WORKER: _("社区工作者"),
    Role.STREET_STAFF: _("街道工作人员"),
    Role.STREET_CENTER: _("街道指挥中心"),
    Role.COUNTY_CENTER: _("区县运行中心"),
    Role.UNIT_HEAD: _("部门负责人"),
    Role.UNIT_MEMBER: _("部门经办人"),
    Role.CLERK: _("话务员"),
    Role.LEADER: _("领导"),
    Role.TENANT_ADMIN: _("区县管理员"),
}

P = Permission
PERMISSION_NAMES = {
    P.TICKET_READ: _("查看工单"),
    P.TICKET_READ_PRIVATE: _("查看保密工单"),
    P.TICKET_REPORT: _("点单"),
    P.TICKET_SELF_RESOLVE: _("就地解决"),
    P.TICKET_TRIAGE: _("分单"),
    P.TICKET_STREET: _("街道派单"),
    P.TICKET_COUNTY: _("区县派单"),
    P.TICKET_VERIFY: _("核实反馈"),
    P.TICKET_RATE_ALOUD: _("代读评单"),
    P.TICKET_SUPERVISE: _("督办"),
    P.TICKET_INSTRUCT: _("批示"),
    P.TICKET_CALLBACK: _("回访"),
    P.TICKET_MERGE: _("并单"),
    P.TICKET_REOPEN: _("重办"),
    P.TICKET_VOID: _("作废"),
    P.TICKET_ANSWER_FOR: _("代居民补充"),
    P.ADMISSION_ASK: _("申请工作准入"),
    P.ADMISSION_DECIDE: _("批复工作准入"),
    P.CONSENT_ASK: _("征求派驻机构负责人意见"),
    P.CONSENT_DECIDE: _("答复派驻机构负责人意见"),
    P.PERSON_UNMASK: _("查看完整个人信息"),
    P.PRIVACY_DECIDE: _("处理个人信息请求"),
    P.SETTINGS_EDIT: _("修改设置"),
    P.PEOPLE_EDIT: _("管理人员"),
    P.ROSTER_EDIT: _("排值班"),
    P.TOKEN_ISSUE: _("发放令牌"),
    P.LOG_READ: _("查看日志"),
    P.TICKET_REDISPATCH: _("改派与结案审核"),
    P.TICKET_READ_UNIT: _("查看本单位工单"),
    P.TICKET_ACCEPT: _("接单"),
    P.TICKET_RETURN: _("退单"),
    P.TICKET_ASSIGN: _("指派"),
    P.TICKET_HANDLE: _("办理"),
}
_CENTER = frozenset(
    {P.ROSTER_EDIT, P.TICKET_CALLBACK, P.TICKET_MERGE, P.TICKET_REOPEN, P.TICKET_VOID, P.TICKET_ANSWER_FOR}
)
_HANDLING = frozenset({P.TICKET_READ_UNIT, P.TICKET_ACCEPT, P.TICKET_ASSIGN, P.TICKET_HANDLE})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.GRID_WORKER: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_REPORT,
            P.TICKET_SELF_RESOLVE,
            P.TICKET_VERIFY,
            P.TICKET_RATE_ALOUD,
            P.TICKET_ANSWER_FOR,
            P.TICKET_READ_UNIT,
            P.TICKET_ACCEPT,
            P.TICKET_HANDLE,
        }
    ),
    Role.GRID_LEAD: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_REPORT,
            P.TICKET_SELF_RESOLVE,
            P.TICKET_VERIFY,
            P.TICKET_RATE_ALOUD,
            P.TICKET_ANSWER_FOR,
            P.ROSTER_EDIT,
        }
        | _HANDLING
    ),
    Role.COMMUNITY_WORKER: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_READ_PRIVATE,
            P.TICKET_REPORT,
            P.TICKET_TRIAGE,
            P.TICKET_VERIFY,
            P.TICKET_REDISPATCH,
            P.TICKET_CALLBACK,
            P.TICKET_MERGE,
            P.TICKET_ANSWER_FOR,
            P.ROSTER_EDIT,
            P.PERSON_UNMASK,
        }
        | _HANDLING
    ),
    Role.STREET_STAFF: frozenset({P.TICKET_READ, P.TICKET_REPORT} | _HANDLING),
    Role.STREET_CENTER: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_READ_PRIVATE,
            P.TICKET_REPORT,
            P.TICKET_STREET,
            P.TICKET_VERIFY,  # only tickets that the centre itself holds: see tickets.ticket.rights.require_right
            P.TICKET_RETURN,
            P.TICKET_REDISPATCH,
            P.TICKET_SUPERVISE,
            P.CONSENT_DECIDE,
            P.PERSON_UNMASK,
        }
        | _CENTER
        | _HANDLING
    ),
    Role.COUNTY_CENTER: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_READ_PRIVATE,
            P.TICKET_REPORT,
            P.TICKET_COUNTY,
            P.TICKET_VERIFY,
            P.TICKET_REDISPATCH,
            P.TICKET_SUPERVISE,
            P.ADMISSION_DECIDE,
            P.PERSON_UNMASK,
            P.PRIVACY_DECIDE,
            P.LOG_READ,
        }
        | _CENTER
        | _HANDLING
    ),
    Role.UNIT_HEAD: frozenset({P.TICKET_RETURN, P.ROSTER_EDIT, P.ADMISSION_ASK, P.CONSENT_ASK} | _HANDLING),
    Role.UNIT_MEMBER: frozenset({P.TICKET_READ_UNIT, P.TICKET_ACCEPT, P.TICKET_HANDLE}),
    Role.CLERK: frozenset({P.TICKET_READ, P.TICKET_REPORT, P.TICKET_CALLBACK, P.TICKET_ANSWER_FOR}),
    Role.LEADER: frozenset(
        {
            P.TICKET_READ,
            P.TICKET_READ_PRIVATE,
            P.TICKET_SUPERVISE,
            P.TICKET_INSTRUCT,
            P.ADMISSION_DECIDE,
            P.PRIVACY_DECIDE,  # only those of complaints about the county centre: see tickets.privacy.queries
        }
    ),
    Role.TENANT_ADMIN: frozenset({P.SETTINGS_EDIT, P.PEOPLE_EDIT, P.TOKEN_ISSUE, P.LOG_READ}),
}

#: The scopes of tokens. A token never gives more permissions than its user's posts. Each scope lists what it gives, so
#: that a new permission does not enter tokens that were issued before; a test demands a decision on each one.
TOKEN_SCOPES: dict[str, frozenset[Permission]] = {
    "tickets:read": frozenset({P.TICKET_READ, P.TICKET_READ_UNIT}),
    "tickets:read_private": frozenset({P.TICKET_READ_PRIVATE}),
    "tickets:report": frozenset({P.TICKET_REPORT}),
    "tickets:move": frozenset(
        {
            P.TICKET_SELF_RESOLVE,
            P.TICKET_TRIAGE,
            P.TICKET_STREET,
            P.TICKET_COUNTY,
            P.TICKET_VERIFY,
            P.TICKET_RATE_ALOUD,
            P.TICKET_SUPERVISE,
            P.TICKET_CALLBACK,
            P.TICKET_MERGE,
            P.TICKET_REOPEN,
            P.TICKET_VOID,
            P.TICKET_ANSWER_FOR,
            P.TICKET_REDISPATCH,
            P.TICKET_ACCEPT,
            P.TICKET_RETURN,
            P.TICKET_ASSIGN,
            P.TICKET_HANDLE,
        }
    ),
    "duties:ask": frozenset({P.ADMISSION_ASK, P.CONSENT_ASK}),
    "duties:decide": frozenset({P.ADMISSION_DECIDE, P.CONSENT_DECIDE}),
}
#: Permissions that no token gives: their pages are for people.
FOR_PEOPLE_ONLY = frozenset(
    {
        P.TICKET_INSTRUCT,
        P.PERSON_UNMASK,
        P.PRIVACY_DECIDE,
        P.SETTINGS_EDIT,
        P.PEOPLE_EDIT,
        P.ROSTER_EDIT,
        P.TOKEN_ISSUE,
        P.LOG_READ,
    }
)
