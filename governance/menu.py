"""Menu entries of governance's own settings pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.access.permissions import Permission
from governance.web import menus

menus.add(
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=pgettext_lazy("菜单", "一般"),
        path="desk/settings/",
        order=10,
        anyone_with=(Permission.SETTINGS_EDIT, Permission.PEOPLE_EDIT, Permission.TOKEN_ISSUE),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("开通检查"),
        path="desk/settings/gaps/",
        order=12,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("工作日历"),
        path="desk/settings/calendar/",
        order=30,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.RESIDENTS,
        label=_("居民入口"),
        path="desk/settings/portal/",
        order=60,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.BEYOND,
        label=_("接口令牌"),
        path="desk/settings/tokens/",
        order=75,
        anyone_with=(Permission.TOKEN_ISSUE,),
    ),
)
