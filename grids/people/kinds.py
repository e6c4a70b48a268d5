"""Event kinds of people and their posts; their facts are codes and numbers only."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("person.added", _("添加人员"))
events.declare("person.changed", _("更正人员信息"))
events.declare("person.posted", _("任命岗位"))
events.declare("person.relieved", _("解除岗位"))
events.declare("person.password_reset", _("重置密码"))
events.declare("person.left", _("停用人员"))
events.declare("person.back", _("恢复人员"))
