"""Event kinds of group chats."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("robot.added", _("接通群机器人"))
events.declare("robot.dropped", _("停用群机器人"))
