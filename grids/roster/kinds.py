"""Event kinds of the roster."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("roster.planned", _("排了值班"))
events.declare("roster.dropped", _("取消了值班"))
events.declare("roster.leave", _("登记了请假"))
events.declare("roster.back", _("提前销假"))
