"""Accounts of the demo district: name, role in Chinese for the log-in page, role in English for the console."""

from django.utils.translation import gettext_lazy as _

DEMO_ACCOUNTS = (
    ("grid", _("网格员"), "grid worker"),
    ("community", _("社区工作者"), "community worker"),
    ("street", _("街道指挥中心"), "street command centre"),
    ("office", _("街道工作人员"), "street office"),
    ("centre", _("区县运行中心"), "county operation centre"),
    ("hotline", _("话务员"), "hotline clerk"),
    ("department", _("部门负责人"), "head of department"),
    ("handler", _("部门经办人"), "handler of the department"),
    ("leader", _("区县领导"), "county leader"),
    ("admin", _("区县管理员"), "district administrator"),
    ("operator", _("平台运维"), "platform operator"),
)
