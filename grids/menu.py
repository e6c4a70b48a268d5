"""Menu entries of the grids app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.access.permissions import Permission
from governance.web import menus

menus.add(
    menus.Entry(label=_("值班与请假"), path="desk/roster/", order=60),
    menus.Entry(
        face="settings",
        group=menus.RULES,
        label=_("单位作息"),
        path="desk/settings/hours/",
        order=35,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.PEOPLE,
        label=pgettext_lazy("菜单", "区域"),
        path="desk/settings/areas/",
        order=46,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.PEOPLE,
        label=pgettext_lazy("菜单", "单位"),
        path="desk/settings/units/",
        order=48,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.BEYOND,
        label=_("通知渠道"),
        path="desk/settings/notices/",
        order=70,
        anyone_with=(Permission.SETTINGS_EDIT,),
    ),
    menus.Entry(
        face="settings",
        group=menus.BEYOND,
        label=_("对接账号"),
        path="desk/settings/services/",
        order=74,
        anyone_with=(Permission.TOKEN_ISSUE,),
    ),
    menus.Entry(
        face="settings",
        group=menus.PEOPLE,
        label=_("人员"),
        path="desk/settings/people/",
        order=50,
        anyone_with=(Permission.PEOPLE_EDIT,),
    ),
)
