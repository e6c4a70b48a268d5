"""Event kinds of the morning brief."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("desk.brief", _("早报"))
events.declare("desk.briefed", _("早报已发"))
