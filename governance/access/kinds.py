"""Event kinds of a district's administration; their facts are codes and numbers only."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("settings.changed", _("修改设置"))
events.declare("calendar.changed", _("修改工作日历"))
events.declare("token.issued", _("签发接口令牌"))
events.declare("token.revoked", _("吊销接口令牌"))
events.declare("person.added", _("添加人员"))
events.declare("person.changed", _("更正人员信息"))
events.declare("person.posted", _("任命岗位"))
events.declare("person.relieved", _("解除岗位"))
events.declare("person.password_reset", _("重置密码"))
events.declare("person.left", _("停用人员"))
events.declare("person.back", _("恢复人员"))
events.declare("robot.added", _("接通群机器人"))
events.declare("robot.dropped", _("停用群机器人"))
