"""Menu entries of the tickets app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.access.permissions import Permission
from governance.web import menus

menus.add(
    menus.Entry(label=_("今日"), path="desk/", order=10, at_thumb=True),
    menus.Entry(label=_("工单"), path="desk/tickets/", order=20, at_thumb=True),
    menus.Entry(
        label=pgettext_lazy("菜单", "吹哨"),
        path="desk/whistles/",
        order=25,
        anyone_with=(
            Permission.TICKET_STREET,
            Permission.TICKET_COUNTY,
            Permission.TICKET_SUPERVISE,
            Permission.TICKET_ACCEPT,
        ),
    ),
    menus.Entry(label=_("地图"), path="desk/map/", order=27, at_thumb=True),
    menus.Entry(
        label=_("登记工单"),
        path="desk/tickets/new/",
        order=30,
        anyone_with=(Permission.TICKET_REPORT,),
        at_thumb=True,
    ),
    menus.Entry(label=_("履职清单"), path="desk/duties/", order=32),
    menus.Entry(
        label=_("工作准入"),
        path="desk/admissions/",
        order=33,
        anyone_with=(Permission.ADMISSION_ASK, Permission.ADMISSION_DECIDE, Permission.TICKET_STREET),
    ),
    menus.Entry(
        label=_("派驻机构负责人"),
        path="desk/consents/",
        order=34,
        anyone_with=(Permission.CONSENT_ASK, Permission.CONSENT_DECIDE, Permission.TICKET_COUNTY),
    ),
    menus.Entry(label=_("一楼一码"), path="desk/areas/", order=36, anyone_with=(Permission.TICKET_REPORT,)),
    menus.Entry(label=_("通知"), path="desk/inbox/", order=40, at_thumb=True),
    menus.Entry(
        label=_("设置"),
        path="desk/settings/",
        order=90,
        anyone_with=(Permission.SETTINGS_EDIT, Permission.PEOPLE_EDIT, Permission.TOKEN_ISSUE),
    ),
    menus.Entry(
        label=_("个人信息请求"),
        path="desk/privacy/",
        order=70,
        anyone_with=(Permission.PRIVACY_DECIDE,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("答复模板"),
        path="desk/settings/replies/",
        order=45,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RESIDENTS,
        label=_("个人信息告知"),
        path="desk/settings/notice/",
        order=62,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.PEOPLE,
        label=_("工作交接"),
        path="desk/settings/handover/",
        order=55,
        anyone_with=(Permission.PEOPLE_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.BEYOND,
        label=_("查看记录"),
        path="desk/settings/reads/",
        order=80,
        anyone_with=(Permission.LOG_READ,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("办理时限"),
        path="desk/settings/levels/",
        order=20,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=pgettext_lazy("菜单", "事项分类"),
        path="desk/settings/categories/",
        order=40,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("履职清单"),
        path="desk/settings/duties/",
        order=42,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
)
