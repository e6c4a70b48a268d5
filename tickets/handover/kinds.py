"""Event kinds of a handover."""

from django.utils.translation import gettext_lazy as _

from governance import events

events.declare("ticket.handed_over", _("工作交接"))
events.declare("person.handed_over", _("工作交接"))
